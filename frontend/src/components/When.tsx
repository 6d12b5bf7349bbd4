import { Tooltip } from '@mantine/core';

import { useNow, useSiteZone } from '@/lib/clock';
import { text } from '@/lib/text';
import { countdown, inBothZones, relative } from '@/lib/time';

import styles from './components.module.css';

interface Props {
  at: Date;
  /** `countdown` shows what is left as a clock, until it is due. */
  as?: 'relative' | 'countdown';
}

/** A moment: how far away it is, and on hover or focus what the clocks showed at the site and here. */
export function When({ at, as = 'relative' }: Props) {
  const now = useNow();
  const zone = useSiteZone();
  const exact = inBothZones(at, zone);
  const left = at.getTime() - now;
  const shown = as === 'countdown' ? (left > 0 ? countdown(left) : text.dueNow) : relative(at, now);
  return (
    <Tooltip
      label={exact.map((line) => (
        <div key={line}>{line}</div>
      ))}
      events={{ hover: true, focus: true, touch: true }}
    >
      {/* A screen reader gets the exact moment in words, not a number that changes each second. */}
      <time dateTime={at.toISOString()} className={`${styles.time} nowrap`}>
        <span aria-hidden={as === 'countdown'}>{shown}</span>
        <span className="visually-hidden">, {exact[0]}</span>
      </time>
    </Tooltip>
  );
}
