import 'uplot/dist/uPlot.min.css';

import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

import { useSiteZone } from '@/lib/clock';
import { clock, day, duration } from '@/lib/time';

import type { Durations } from '../model';
import styles from '../task.module.css';

const HEIGHT = 170;

export default function DurationPlot({ durations, label }: { durations: Durations; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  // What is seen, not what was chosen: the system may change its mind.
  const colorScheme = useComputedColorScheme();
  const zone = useSiteZone();
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const { at, seconds, wrong } = durations;
    const plot = new uPlot(options(element.clientWidth, zone), [at, seconds, wrong], element);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [durations, colorScheme, zone]);
  return <div ref={box} className={styles.plot} role="img" aria-label={label} />;
}

function options(width: number, zone: string): uPlot.Options {
  const axis = {
    stroke: color('--rb-dim'),
    grid: { stroke: color('--rb-line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false } },
    scales: { y: { range: (_, __, max) => [0, max * 1.1 || 1] } },
    axes: [
      { ...axis, size: 30, values: (_, splits) => moments(splits, zone) },
      { ...axis, size: 64, values: (_, splits) => splits.map(duration) },
    ],
    series: [
      {},
      { stroke: color('--rb-accent'), width: 1.2, points: { size: 5, fill: color('--rb-accent') } },
      // Larger and square by their frame: seen without colour, too.
      {
        stroke: color('--rb-bad'),
        paths: () => null,
        points: { show: true, size: 11, width: 2, fill: color('--rb-surface') },
      },
    ],
  };
}

/** A canvas knows no CSS variables. */
function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const A_MINUTE = 60;

/** The time of day, and the day where it begins: "22 Nov", "06:00", "12:00"; with seconds where minutes would repeat. */
function moments(splits: number[], zone: string): string[] {
  const length = (splits[1] ?? 0) - (splits[0] ?? 0) < A_MINUTE ? 8 : 5;
  const days = splits.map((at) => day(new Date(at * 1000), zone));
  return splits.map((at, place) =>
    place > 0 && days[place] !== days[place - 1]
      ? (days[place] ?? '')
      : clock(new Date(at * 1000), zone).slice(0, length),
  );
}
