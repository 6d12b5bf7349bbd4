import { Loaded } from '@/components/Loaded';
import { When } from '@/components/When';
import { useNow, useSiteZone } from '@/lib/clock';
import { text } from '@/lib/text';
import { exact } from '@/lib/time';

import { useOccurrences } from '../api/use-occurrences';
import type { Definition } from '../model';

const words = text.page.task.occurrences;
const SHOWN = 10;

/** The next moments at which it falls due; more are asked for than shown, for the first of them pass by. */
export function OccurrencesPanel({ task }: { task: Definition }) {
  const query = useOccurrences(task.name);
  return (
    <section className="panel" aria-label={words.title}>
      <h2>{words.title}</h2>
      {task.schedules.length === 0 ? (
        <span className="dim">{words.unplaced}</span>
      ) : (
        <Loaded query={query} rows={5}>
          {(items) => <Occurrences items={items} several={task.schedules.length > 1} />}
        </Loaded>
      )}
    </section>
  );
}

function Occurrences({ items, several }: { items: { at: Date; schedule: string }[]; several: boolean }) {
  const now = useNow();
  const zone = useSiteZone();
  return (
    <table className="grid">
      <caption className="visually-hidden">{words.title}</caption>
      <thead>
        <tr>
          <th scope="col">{words.exact(zone)}</th>
          <th scope="col" className="number">
            {words.left}
          </th>
          {several && <th scope="col">{words.schedule}</th>}
        </tr>
      </thead>
      <tbody>
        {items
          .filter(({ at }) => at.getTime() > now)
          .slice(0, SHOWN)
          .map(({ at, schedule }) => (
            <tr key={`${at.getTime()} ${schedule}`}>
              <td className="nowrap">{exact(at, zone)}</td>
              <td className="number">
                <When at={at} as="countdown" />
              </td>
              {several && <td className="mono">{schedule}</td>}
            </tr>
          ))}
      </tbody>
    </table>
  );
}
