import { Link } from 'wouter';

import { ToneIcon } from '@/components/ToneIcon';
import { When } from '@/components/When';
import { routes } from '@/lib/address';
import type { Tone } from '@/lib/states';
import { text } from '@/lib/text';

import type { Finding, Status, Verdict } from '../model';
import styles from '../tasks.module.css';

const words = text.page.tasks;
const TONES: Record<Verdict, Tone> = { healthy: 'good', warning: 'partial', critical: 'bad' };

/** The answer to the one question that everybody comes with: is it healthy? */
export function VerdictPanel({ status }: { status: Status }) {
  const { counts } = status;
  return (
    <section className={`${styles.verdict} ${styles[status.verdict]}`} aria-label={words.verdict}>
      <ToneIcon tone={TONES[status.verdict]} size={22} />
      <div>
        <div className={styles.sentence} role="status">
          {status.sentence}
        </div>
        <p className="dim small">
          {standing(counts).join(' · ')} · {words.asOf} <When at={status.at} />
        </p>
        {status.findings.length > 0 && <Findings status={status} />}
      </div>
    </section>
  );
}

function standing({ workers, slots, running, waiting, paused }: Status['counts']): string[] {
  const parts = [words.workers(workers, slots), words.running(running), words.waitingRuns(waiting)];
  return paused > 0 ? [...parts, words.paused(paused)] : parts;
}

function Findings({ status }: { status: Status }) {
  const titles = new Map(status.tasks.map(({ name, title }) => [name, title]));
  return (
    <ul className={styles.findings}>
      {status.findings.map((finding) => (
        <li key={finding.sentence}>
          <details>
            <summary>
              {finding.sentence}
              <span className="visually-hidden"> ({text.verdicts[finding.severity]})</span>
            </summary>
            <FindingDetail finding={finding} titles={titles} />
          </details>
          <FindingLink finding={finding} titles={titles} />
        </li>
      ))}
    </ul>
  );
}

/** Where it is mended: at the task that it is about, or at the workers where it is about several. */
function FindingLink({ finding: { tasks }, titles }: { finding: Finding; titles: Map<string, string> }) {
  const [name] = tasks;
  if (name === undefined || tasks.length > 1) return <Link href={routes.workers}>{words.openWorkers}</Link>;
  return (
    <Link href={routes.task(name)} aria-label={words.openTask(titles.get(name) ?? name)}>
      {words.open}
    </Link>
  );
}

function FindingDetail({ finding, titles }: { finding: Finding; titles: Map<string, string> }) {
  return (
    <div className="small">
      <p>{finding.evidence}</p>
      <p>
        <strong>{words.whatToDo}</strong> {finding.mend}.
      </p>
      <p className="row">
        {finding.tasks.map((name) => (
          <Link key={name} href={routes.task(name)}>
            {titles.get(name) ?? name}
          </Link>
        ))}
      </p>
    </div>
  );
}
