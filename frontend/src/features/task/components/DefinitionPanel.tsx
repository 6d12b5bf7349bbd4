import { Facts } from '@/components/Facts';
import { When } from '@/components/When';
import { text } from '@/lib/text';
import { duration } from '@/lib/time';

import type { Definition } from '../model';

const { schedule, definition: words } = text.page.task;
const overlaps: Record<string, string> = words.overlaps;

export function SchedulePanel({ task }: { task: Definition }) {
  return (
    <section className="panel" aria-label={schedule.title}>
      <h2>{schedule.title}</h2>
      {task.schedules.length === 0 && <span className="dim">{text.manualOnly}</span>}
      {task.schedules.map((one) => (
        <Facts
          key={one.name}
          items={[
            [schedule.when, schedule.inZone(one.words, one.zone)],
            [
              schedule.expression,
              <span key="expression" className="mono">
                {one.expression}
              </span>,
            ],
            [schedule.next, <When key="due" at={one.nextDueAt} as="countdown" />],
            [schedule.firedBy, !one.fires && schedule.beat],
          ]}
        />
      ))}
    </section>
  );
}

export function DefinitionPanel({ task }: { task: Definition }) {
  return (
    <section className="panel" aria-label={words.title}>
      <h2>{words.title}</h2>
      <Facts
        items={[
          [
            words.name,
            <span key="name" className="mono">
              {task.name}
            </span>,
          ],
          [
            words.path,
            <span key="path" className="mono">
              {task.celeryName}
            </span>,
          ],
          [words.category, task.category],
          [words.queue, task.queue],
          [words.overlap, overlaps[task.overlap] ?? task.overlap],
          [words.dryRun, task.rehearsal ? words.dryRunYes : words.dryRunNo],
          [
            words.expires,
            task.expiresSeconds === null ? words.never : words.ifNotStarted(duration(task.expiresSeconds)),
          ],
          [words.catchUp, task.schedules.length > 0 && catchUp(task.catchUpSeconds)],
          [words.permission, task.permission],
          [words.declared, !task.declared && words.plain],
        ]}
      />
    </section>
  );
}

function catchUp(seconds: number): string {
  return seconds > 0 ? words.upToLate(duration(seconds)) : words.noCatchUp;
}
