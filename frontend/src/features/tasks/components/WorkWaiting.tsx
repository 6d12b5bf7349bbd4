import { Tooltip } from '@mantine/core';

import { useNow } from '@/lib/clock';
import { text } from '@/lib/text';
import { coarse } from '@/lib/time';

import type { Task } from '../model';

export function WorkWaiting({ task }: { task: Task }) {
  return (
    <>
      <Backlog backlog={task.backlog} />
      {task.running > 0 && <div className="small">{text.runs(task.running)} going on</div>}
      {task.waiting > 0 && <div className="small">{text.runs(task.waiting)} waiting</div>}
    </>
  );
}

function Backlog({ backlog }: { backlog: Task['backlog'] }) {
  const now = useNow();
  if (backlog === null) return <span className="dim">–</span>;
  if (backlog.error)
    return (
      <Tooltip label={backlog.error} events={{ hover: true, focus: true, touch: true }}>
        <span>Could not be counted</span>
      </Tooltip>
    );
  if (backlog.count === 0) return <span className="dim">Nothing</span>;
  return (
    <div>
      {text.items(backlog.count)}
      {backlog.oldestAt && (
        <div className="dim small">oldest {coarse(Math.max(0, now - backlog.oldestAt.getTime()))}</div>
      )}
    </div>
  );
}
