import { Button, Tooltip } from '@mantine/core';

import { may } from '@/lib/config';
import { text } from '@/lib/text';
import { useTrigger } from '@/lib/trigger';

import type { Task } from '../model';
import styles from '../tasks.module.css';

/** Says what pressing it would do; who may not press it reads why instead of meeting a dead button. */
export function RunButton({ task }: { task: Task }) {
  const trigger = useTrigger();
  if (!may('trigger_run')) return <div className={styles.reason}>{text.blocked.noPermission}</div>;
  const label = task.blocked ? text.actions.queue : text.actions.run;
  return (
    <Tooltip
      label={task.blocked}
      disabled={!task.blocked}
      multiline
      maw={260}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`${label}: ${task.title}`}
        onClick={() => trigger({ taskName: task.name, title: task.title })}
      >
        {label}
      </Button>
    </Tooltip>
  );
}
