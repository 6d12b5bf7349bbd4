import { Link } from 'wouter';

import { Notice } from '@/components/Notice';
import { StateBadge } from '@/components/StateBadge';
import { When } from '@/components/When';
import { routes } from '@/lib/address';

import { text } from '@/lib/text';

import { useUnfinished } from '../api/use-unfinished';
import styles from '../trigger.module.css';

const words = text.page.trigger;

/** What is under way already; a second run of a task that allows only one is refused, so that is said first. */
export function WhatElseRuns({ taskName, overlap }: { taskName: string; overlap: string }) {
  const { data: runs } = useUnfinished();
  if (runs === undefined) return null;
  const policy = (words.overlaps as Record<string, string>)[overlap];
  const own = runs.some((run) => run.taskName === taskName);
  return (
    <section aria-label={words.elsewhere}>
      {own && policy && <Notice tone="partial">{policy}</Notice>}
      {runs.length === 0 ? (
        <p className="dim small">{words.nothingElse}</p>
      ) : (
        <ul className={styles.others}>
          {runs.slice(0, 5).map((run) => (
            <li key={run.id} className="row small">
              <StateBadge state={run.state} />
              <Link href={routes.run(run.id)}>{run.taskTitle}</Link>
              <When at={run.startedAt ?? run.requestedAt} />
            </li>
          ))}
          {runs.length > 5 && <li className="dim small">{words.more}</li>}
        </ul>
      )}
    </section>
  );
}
