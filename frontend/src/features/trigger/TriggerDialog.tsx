import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';

import { Dialog } from '@/components/Dialog';
import { Loaded } from '@/components/Loaded';
import { text } from '@/lib/text';
import type { TriggerRequest } from '@/lib/trigger';

import { useTask } from './api/use-task';
import { TriggerForm } from './components/TriggerForm';

interface Props {
  request: TriggerRequest;
  onClose: () => void;
  onTriggered: (runId: string) => void;
}

export function TriggerDialog({ request, onClose, onTriggered }: Props) {
  const task = useTask(request.taskName);
  useCloseOnLeaving(onClose);
  return (
    <Dialog title={`${text.actions.run}: ${request.title}`} onClose={onClose}>
      <Loaded query={task} rows={4}>
        {(loaded) => (
          <TriggerForm request={request} task={loaded} onClose={onClose} onTriggered={onTriggered} />
        )}
      </Loaded>
    </Dialog>
  );
}

/** A link in the dialog leads to another page, and the dialog is done with. */
function useCloseOnLeaving(onClose: () => void) {
  const [path] = useLocation();
  const [opened] = useState(path);
  useEffect(() => {
    if (path !== opened) onClose();
  }, [path, opened, onClose]);
}
