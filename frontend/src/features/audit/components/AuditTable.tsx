import type { ReactNode } from 'react';
import { Link } from 'wouter';

import { Json } from '@/components/Json';
import { When } from '@/components/When';
import { routes } from '@/lib/address';
import { text } from '@/lib/text';

import { actionWords, type Entry } from '../model';
import styles from '../audit.module.css';

const words = text.page.audit;
const { columns } = words;

export function AuditTable({ children }: { children: ReactNode }) {
  return (
    <table className={`grid cards ${styles.entries}`}>
      <caption className="visually-hidden">{words.caption}</caption>
      <thead>
        <tr>
          <th scope="col" className="number">
            {columns.number}
          </th>
          <th scope="col">{columns.when}</th>
          <th scope="col">{columns.who}</th>
          <th scope="col">{columns.what}</th>
          <th scope="col">{columns.from}</th>
          <th scope="col">{columns.particulars}</th>
        </tr>
      </thead>
      {children}
    </table>
  );
}

export function AuditRow({ entry }: { entry: Entry }) {
  return (
    <tr>
      <td data-label={columns.number} className="number dim">
        {entry.sequence ?? words.sealing}
      </td>
      <td data-label={columns.when}>
        <When at={entry.at} />
      </td>
      <td data-label={columns.who}>
        {entry.actorName}
        <div className="mono dim">{entry.actor}</div>
      </td>
      <td data-label={columns.what} className={styles.what}>
        {entry.runId ? <Link href={routes.run(entry.runId)}>{entry.description}</Link> : entry.description}
        <div className="dim small" title={entry.action}>
          {actionWords(entry.action)}
        </div>
        {entry.reason && <div className="small">{words.reason(entry.reason)}</div>}
      </td>
      <td data-label={columns.from} className={`small ${styles.from}`}>
        {entry.ipAddress || text.nothing}
        <div className="dim">{entry.userAgent}</div>
      </td>
      <td className="wide">
        <details>
          <summary>{words.show}</summary>
          <Json value={entry.changes} label={columns.particulars} />
          {entry.hash && <div className={`mono dim ${styles.hash}`}>{words.hash(entry.hash)}</div>}
        </details>
      </td>
    </tr>
  );
}
