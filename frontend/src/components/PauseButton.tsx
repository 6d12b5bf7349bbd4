import { Button } from '@mantine/core';

import { may } from '@/lib/config';
import { type PausableTask, usePauseDialogs } from '@/lib/pause';
import { text } from '@/lib/text';

const words = text.page.pause;

/** Pauses a task, or ends what holds it back. Who may not has no use for it: the reason stands beside the run button. */
export function PauseButton({ task, size = 'xs' }: { task: PausableTask; size?: 'xs' | 'compact-xs' }) {
  const open = usePauseDialogs();
  if (!may('pause_task')) return null;
  const label = task.pause ? words.resume : words.pause;
  return (
    <Button size={size} variant="default" aria-label={`${label} ${task.title}`} onClick={() => open(task)}>
      {label}
    </Button>
  );
}
