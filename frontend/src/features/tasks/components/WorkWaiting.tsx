import { Tooltip } from '@mantine/core';

import { useNow } from '@/lib/clock';
import { text } from '@/lib/text';
import { coarse } from '@/lib/time';

import type { Task } from '../model';

const words = text.page.tasks;

export function WorkWaiting({ task }: { task: Task }) {
  return (
    <>
      <Backlog backlog={task.backlog} />
      {task.running > 0 && <div className="small">{words.goingOn(task.running)}</div>}
      {task.waiting > 0 && <div className="small">{words.waiting(task.waiting)}</div>}
    </>
  );
}

function Backlog({ backlog }: { backlog: Task['backlog'] }) {
  const now = useNow();
  if (backlog === null) return <span className="dim">{text.nothing}</span>;
  if (backlog.error)
    return (
      <Tooltip label={backlog.error} events={{ hover: true, focus: true, touch: true }}>
        <span>{words.notCounted}</span>
      </Tooltip>
    );
  if (backlog.count === 0) return <span className="dim">{words.noWork}</span>;
  return (
    <div>
      {text.items(backlog.count)}
      {backlog.oldestAt && (
        <div className="dim small nowrap">
          {words.oldest(coarse(Math.max(0, now - backlog.oldestAt.getTime())))}
        </div>
      )}
    </div>
  );
}
