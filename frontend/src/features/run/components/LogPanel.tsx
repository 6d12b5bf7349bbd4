import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useDeferredValue, useEffect, useRef, useState } from 'react';

import { Empty } from '@/components/Loading';
import { Loaded } from '@/components/Loaded';
import { useSiteZone } from '@/lib/clock';
import { download } from '@/lib/download';
import { text } from '@/lib/text';
import { clock } from '@/lib/time';

import { useLog } from '../api/use-log';
import { asFile, LEVELS, selected } from '../log';
import type { LogLine, RunDetail } from '../model';
import styles from '../run.module.css';

const words = text.page.run.log;

/** So many lines are drawn; the file holds them all. */
const DRAWN = 2000;

export function LogPanel({ run, finished }: { run: RunDetail; finished: boolean }) {
  const query = useLog(run.id, finished);
  return (
    <section className="panel" aria-label={words.title}>
      <Loaded query={query} rows={3}>
        {({ lines, cut }) => <Log lines={lines} cut={cut} runId={run.id} finished={finished} />}
      </Loaded>
    </section>
  );
}

interface LogProps {
  lines: LogLine[];
  cut: number;
  runId: string;
  finished: boolean;
}

function Log({ lines, cut, runId, finished }: LogProps) {
  const [search, setSearch] = useState('');
  const [level, setLevel] = useState('');
  const [follow, setFollow] = useState(!finished);
  const shown = selected(lines, useDeferredValue(search), level);
  return (
    <>
      <div className={styles.logbar}>
        <h2>
          {words.title} <span className="dim small">{words.count(lines.length)}</span>
        </h2>
        <TextInput
          type="search"
          size="xs"
          aria-label={words.search}
          placeholder={words.searchHint}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          aria-label={words.least}
          value={level}
          onChange={({ currentTarget }) => setLevel(currentTarget.value)}
          data={[
            { value: '', label: words.allLevels },
            ...LEVELS.slice(1).map((name) => ({ value: name, label: words.orWorse(name) })),
          ]}
        />
        <Checkbox
          size="xs"
          label={words.follow}
          checked={follow}
          onChange={({ currentTarget }) => setFollow(currentTarget.checked)}
        />
        <Button
          size="compact-xs"
          variant="default"
          disabled={lines.length === 0}
          onClick={() => download(`run-${runId}.log`, asFile(lines), 'text/plain')}
        >
          {text.actions.download}
        </Button>
      </div>
      {cut > 0 && <p className="dim small">{words.cut(cut)}</p>}
      {shown.length > DRAWN && <p className="dim small">{words.tooMany(DRAWN)}</p>}
      {shown.length > 0 ? (
        <Lines lines={shown.slice(-DRAWN)} follow={follow} onLeave={() => setFollow(false)} />
      ) : (
        <Empty>{emptyWords(lines, finished)}</Empty>
      )}
    </>
  );
}

function emptyWords(lines: LogLine[], finished: boolean): string {
  if (lines.length > 0) return words.noMatch;
  return finished ? words.none : words.noneYet;
}

function Lines({ lines, follow, onLeave }: { lines: LogLine[]; follow: boolean; onLeave: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const zone = useSiteZone();
  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, lines.length]);
  return (
    // `log` is a live region already; it scrolls, so it can be reached by keyboard.
    <div
      ref={box}
      className={styles.log}
      role="log"
      aria-label={words.lines}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onWheel={({ deltaY }) => deltaY < 0 && onLeave()}
    >
      {lines.map((line) => (
        <div key={`${line.attempt}-${line.number}`} className={styles.line}>
          <time dateTime={line.at} className="dim" title={line.logger}>
            {clock(new Date(line.at), zone)}
          </time>
          <span className={styles[line.level] ?? 'dim'}>{line.level}</span>
          <span>{line.message}</span>
        </div>
      ))}
    </div>
  );
}
