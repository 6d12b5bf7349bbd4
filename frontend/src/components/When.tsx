import { Tooltip } from '@mantine/core';

import { useNow, useSiteZone } from '@/lib/clock';
import { text } from '@/lib/text';
import { countdown, exact, inBothZones, relative } from '@/lib/time';

import styles from './components.module.css';

interface Props {
  at: Date;
  /** `countdown` shows what is left as a clock, until it is due; `exact` what the site's clock shows. */
  as?: 'relative' | 'countdown' | 'exact';
}

const SHOWN: Record<NonNullable<Props['as']>, (at: Date, now: number, zone: string) => string> = {
  relative: (at, now) => relative(at, now),
  countdown: (at, now) => (at.getTime() > now ? countdown(at.getTime() - now) : text.dueNow),
  exact: (at, _, zone) => exact(at, zone),
};

/** A moment: how far away it is, and on hover or focus what the clocks showed at the site and here. */
export function When({ at, as = 'relative' }: Props) {
  const now = useNow();
  const zone = useSiteZone();
  const lines = inBothZones(at, zone);
  const shown = SHOWN[as](at, now, zone);
  return (
    <Tooltip
      label={lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
      events={{ hover: true, focus: true, touch: true }}
    >
      {/* A screen reader gets the exact moment in words, not a number that changes each second. */}
      <time dateTime={at.toISOString()} className={`${styles.time} nowrap`}>
        <span aria-hidden={as === 'countdown'}>{shown}</span>
        <span className="visually-hidden">, {as === 'exact' ? zone : lines[0]}</span>
      </time>
    </Tooltip>
  );
}
