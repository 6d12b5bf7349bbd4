import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';

import { routes } from '@/lib/address';
import { may } from '@/lib/config';
import { newKey } from '@/lib/idempotency';
import { text } from '@/lib/text';
import { useTrigger } from '@/lib/trigger';

import { useCancelRun, useRetryRun } from '../api/use-run-actions';
import type { RunDetail } from '../model';
import { ReasonDialog } from './ReasonDialog';

const words = text.page.run;

export function ActionButtons({ run }: { run: RunDetail }) {
  const [open, setOpen] = useState<'cancel' | 'retry' | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      {run.canCancel && <CancelButton run={run} onClick={() => setOpen('cancel')} />}
      {run.canRetry && <AgainButtons run={run} onRetry={() => setOpen('retry')} />}
      {open === 'cancel' && <CancelDialog run={run} onClose={close} />}
      {open === 'retry' && <RetryDialog run={run} onClose={close} />}
    </>
  );
}

function CancelButton({ run, onClick }: { run: RunDetail; onClick: () => void }) {
  if (!may('cancel_run')) return <span className="dim small">{text.blocked.noCancel}</span>;
  return (
    <Button size="xs" variant="default" onClick={onClick} disabled={run.cancelRequestedAt !== null}>
      {run.cancelRequestedAt ? words.stopping : text.actions.cancel}
    </Button>
  );
}

function AgainButtons({ run, onRetry }: { run: RunDetail; onRetry: () => void }) {
  const trigger = useTrigger();
  if (!may('trigger_run')) return <span className="dim small">{text.blocked.noPermission}</span>;
  const again = () =>
    trigger({ taskName: run.taskName, title: run.taskTitle, params: run.params, dryRun: run.dryRun });
  return (
    <>
      <Button size="xs" variant="default" onClick={onRetry}>
        {text.actions.retry}
      </Button>
      <Button size="xs" onClick={again}>
        {text.actions.runAgain} …
      </Button>
    </>
  );
}

function CancelDialog({ run, onClose }: { run: RunDetail; onClose: () => void }) {
  const cancel = useCancelRun(run.id);
  return (
    <ReasonDialog
      title={text.actions.cancel}
      explanation={run.state === 'STARTED' ? words.cancelRunning : words.cancelWaiting}
      action={text.actions.cancel}
      pending={cancel.isPending}
      error={cancel.error}
      onConfirm={(reason) => cancel.mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function RetryDialog({ run, onClose }: { run: RunDetail; onClose: () => void }) {
  const [key] = useState(newKey);
  const [, navigate] = useLocation();
  const retry = useRetryRun(run.id, key);
  return (
    <ReasonDialog
      title={text.actions.retry}
      explanation={words.retryWords(run.taskTitle, run.dryRun)}
      action={text.actions.retry}
      pending={retry.isPending}
      error={retry.error}
      onConfirm={(reason) =>
        retry.mutate(reason, { onSuccess: ({ task_id: id }) => navigate(routes.run(id)) })
      }
      onClose={onClose}
    />
  );
}
