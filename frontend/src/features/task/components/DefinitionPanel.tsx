import { Facts } from '@/components/Facts';
import { When } from '@/components/When';
import { text } from '@/lib/text';
import { duration } from '@/lib/time';

import type { Definition } from '../model';

export function SchedulePanel({ task }: { task: Definition }) {
  return (
    <section className="panel" aria-label="Schedule">
      <h2>Schedule</h2>
      {task.schedules.length === 0 && <span className="dim">{text.manualOnly}</span>}
      {task.schedules.map((schedule) => (
        <Facts
          key={schedule.name}
          items={[
            ['When', `${schedule.words}, ${schedule.zone}`],
            [
              'Expression',
              <span key="expression" className="mono">
                {schedule.expression}
              </span>,
            ],
            ['Next due', <When key="due" at={schedule.nextDueAt} as="countdown" />],
            ['Fired by', !schedule.fires && 'celery beat'],
          ]}
        />
      ))}
    </section>
  );
}

export function DefinitionPanel({ task }: { task: Definition }) {
  return (
    <section className="panel" aria-label="Definition">
      <h2>Definition</h2>
      <Facts
        items={[
          [
            'Name',
            <span key="name" className="mono">
              {task.name}
            </span>,
          ],
          [
            'Celery path',
            <span key="path" className="mono">
              {task.celeryName}
            </span>,
          ],
          ['Category', task.category],
          ['Queue', task.queue],
          ['Overlap', task.overlap === 'skip' ? 'One run at a time' : 'Runs may overlap'],
          ['Dry run', task.rehearsal ? 'Yes: it is rolled back' : 'No'],
          [
            'Expires',
            task.expiresSeconds === null ? 'Never' : `if not started within ${duration(task.expiresSeconds)}`,
          ],
          ['Catch-up', task.schedules.length > 0 && catchUp(task.catchUpSeconds)],
          ['Permission', task.permission],
          ['Declared', !task.declared && 'No: a plain Celery task'],
        ]}
      />
    </section>
  );
}

function catchUp(seconds: number): string {
  return seconds > 0
    ? `up to ${duration(seconds)} late`
    : 'None: what was due while nobody was there is missed';
}
