import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react';
import { useLocation } from 'wouter';

import { routes } from '@/lib/address';
import { Trigger, type TriggerRequest } from '@/lib/trigger';

const TriggerDialog = lazy(() =>
  import('@/features/trigger/TriggerDialog').then(({ TriggerDialog }) => ({ default: TriggerDialog })),
);

/** Lets any page open the one dialog that runs tasks. */
export function TriggerProvider({ children }: { children: ReactNode }) {
  const [request, setRequest] = useState<TriggerRequest | null>(null);
  const [, navigate] = useLocation();
  const open = useCallback((asked: TriggerRequest) => setRequest(asked), []);
  const done = (runId: string) => {
    setRequest(null);
    navigate(routes.run(runId));
  };
  return (
    <Trigger value={open}>
      {children}
      {request && (
        <Suspense>
          <TriggerDialog request={request} onClose={() => setRequest(null)} onTriggered={done} />
        </Suspense>
      )}
    </Trigger>
  );
}
