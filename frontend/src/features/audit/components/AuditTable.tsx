import type { ReactNode } from 'react';
import { Link } from 'wouter';

import { Json } from '@/components/Json';
import { When } from '@/components/When';
import { routes } from '@/lib/address';

import { actionWords, type Entry } from '../model';
import styles from '../audit.module.css';

export function AuditTable({ children }: { children: ReactNode }) {
  return (
    <table className="grid cards">
      <caption className="visually-hidden">Audit entries, newest first</caption>
      <thead>
        <tr>
          <th scope="col" className="number">
            No.
          </th>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
          <th scope="col">From</th>
          <th scope="col">Particulars</th>
        </tr>
      </thead>
      {children}
    </table>
  );
}

export function AuditRow({ entry }: { entry: Entry }) {
  return (
    <tr>
      <td data-label="No." className="number dim">
        {entry.sequence ?? 'sealing'}
      </td>
      <td data-label="When">
        <When at={entry.at} />
      </td>
      <td data-label="Who">
        {entry.actorName}
        <div className="mono dim">{entry.actor}</div>
      </td>
      <td data-label="What" className={styles.what}>
        {entry.runId ? <Link href={routes.run(entry.runId)}>{entry.description}</Link> : entry.description}
        <div className="dim small">{actionWords(entry.action)}</div>
        {entry.reason && <div className="small">Reason: {entry.reason}</div>}
      </td>
      <td data-label="From" className={`small ${styles.from}`}>
        {entry.ipAddress || '–'}
        <div className="dim">{entry.userAgent}</div>
      </td>
      <td className="wide">
        <details>
          <summary>Show</summary>
          <Json value={entry.changes} label="Particulars" />
          {entry.hash && <div className={`mono dim ${styles.hash}`}>SHA-256 {entry.hash}</div>}
        </details>
      </td>
    </tr>
  );
}
