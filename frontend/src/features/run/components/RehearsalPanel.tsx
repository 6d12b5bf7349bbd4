import { formatCount, text } from '@/lib/text';

import type { Changes, Keys, Rehearsal } from '../model';
import styles from '../run.module.css';

const words = text.page.run.rehearsal;

const KINDS = [
  ['created', words.created],
  ['updated', words.updated],
  ['deleted', words.deleted],
] as const;

/** What the dry run would have changed and sent, before anything of it happens. */
export function RehearsalPanel({ rehearsal }: { rehearsal: Rehearsal }) {
  const { changes, mails, tasks, hooks_after_commit: hooks } = rehearsal;
  return (
    <section className="panel" aria-label={words.title}>
      <h2>{words.title}</h2>
      {changes.length === 0 ? <p className="dim">{words.nothing}</p> : <ChangesTable changes={changes} />}
      {mails.count > 0 && (
        <details>
          <summary>{words.mails(mails.count)}</summary>
          <ul>
            {mails.listed.map(({ to, subject }, place) => (
              <li key={place}>
                {subject} <span className="dim small">{words.to(to.join(', '))}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {tasks.count > 0 && (
        <details>
          <summary>{words.tasks(tasks.count)}</summary>
          <ul>
            {tasks.listed.map(({ task }, place) => (
              <li key={place} className="mono">
                {task}
              </li>
            ))}
          </ul>
        </details>
      )}
      {hooks > 0 && <p className="dim small">{words.hooks(hooks)}</p>}
    </section>
  );
}

function ChangesTable({ changes }: { changes: Changes[] }) {
  return (
    <table className="grid cards">
      <caption className="visually-hidden">{words.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{words.model}</th>
          <th scope="col">{words.would}</th>
          <th scope="col" className="number">
            {words.rows}
          </th>
          <th scope="col">{words.keys}</th>
        </tr>
      </thead>
      <tbody>
        {changes.flatMap((change) =>
          KINDS.filter(([kind]) => change[kind].count > 0).map(([kind, verb]) => (
            <tr key={`${change.model} ${kind}`}>
              <td className="wide mono">{change.model}</td>
              <td data-label={words.would}>{verb}</td>
              <td data-label={words.rows} className="number">
                {formatCount(change[kind].count)}
              </td>
              <td data-label={words.keys} className={`wide mono dim ${styles.keys}`}>
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
      {cut && words.more}
    </details>
  );
}
