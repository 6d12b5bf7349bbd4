import { formatCount, text } from '@/lib/text';

import type { Changes, Keys, Rehearsal } from '../model';
import styles from '../run.module.css';

const KINDS = [
  ['created', 'Create'],
  ['updated', 'Change'],
  ['deleted', 'Delete'],
] as const;

/** What the dry run would have changed and sent, before anything of it happens. */
export function RehearsalPanel({ rehearsal }: { rehearsal: Rehearsal }) {
  const { changes, mails, tasks, hooks_after_commit: hooks } = rehearsal;
  return (
    <section className="panel" aria-label="What it would have changed">
      <h2>What it would have changed</h2>
      {changes.length === 0 ? (
        <p className="dim">Nothing in the database.</p>
      ) : (
        <ChangesTable changes={changes} />
      )}
      {mails.count > 0 && (
        <details>
          <summary>{text.plural(mails.count, 'mail')} would have been sent</summary>
          <ul>
            {mails.listed.map(({ to, subject }, place) => (
              <li key={place}>
                {subject} <span className="dim small">to {to.join(', ')}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {tasks.count > 0 && (
        <details>
          <summary>{text.plural(tasks.count, 'task')} would have been sent</summary>
          <ul>
            {tasks.listed.map(({ task }, place) => (
              <li key={place} className="mono">
                {task}
              </li>
            ))}
          </ul>
        </details>
      )}
      {hooks > 0 && (
        <p className="dim small">{text.plural(hooks, 'thing')} would have happened after the commit.</p>
      )}
    </section>
  );
}

function ChangesTable({ changes }: { changes: Changes[] }) {
  return (
    <table className="grid">
      <caption className="visually-hidden">Rows by model</caption>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Would</th>
          <th scope="col" className="number">
            Rows
          </th>
          <th scope="col">Keys</th>
        </tr>
      </thead>
      <tbody>
        {changes.flatMap((change) =>
          KINDS.filter(([kind]) => change[kind].count > 0).map(([kind, verb]) => (
            <tr key={`${change.model} ${kind}`}>
              <td className="mono">{change.model}</td>
              <td>{verb}</td>
              <td className="number">{formatCount(change[kind].count)}</td>
              <td className={`mono dim ${styles.keys}`}>
                <KeyList keys={change[kind]} />
              </td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}

function KeyList({ keys: { keys, cut } }: { keys: Keys }) {
  const shown = keys.slice(0, 12).join(', ');
  if (keys.length <= 12 && !cut) return shown;
  return (
    <details>
      <summary>{shown} …</summary>
      {keys.slice(12).join(', ')}
      {cut && ' and more'}
    </details>
  );
}
