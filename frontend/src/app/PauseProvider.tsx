import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react';

import { type PausableTask, PauseDialogs } from '@/lib/pause';

const PausingDialog = lazy(() =>
  import('@/features/pause/PausingDialog').then(({ PausingDialog }) => ({ default: PausingDialog })),
);

/** Lets any page open the one dialog that pauses and resumes. */
export function PauseProvider({ children }: { children: ReactNode }) {
  const [task, setTask] = useState<PausableTask | null>(null);
  const open = useCallback((asked: PausableTask) => setTask(asked), []);
  return (
    <PauseDialogs value={open}>
      {children}
      {task && (
        <Suspense>
          <PausingDialog task={task} onClose={() => setTask(null)} />
        </Suspense>
      )}
    </PauseDialogs>
  );
}
