import { plural } from './words';

export const timeline = {
  picture: 'The last and the next 24 hours',
  zoomAndPan: 'Zoom and pan',
  earlier: 'Earlier',
  later: 'Later',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  now: 'Now',
  legend: {
    good: 'Succeeded',
    partial: 'Partly failed',
    bad: 'Failed',
    missed: 'Missed',
    active: 'Running',
    waiting: 'Waiting',
    neutral: 'Skipped or cancelled',
    planned: 'Planned',
  },
  /** A bar: what it is, when, for how long. */
  bar: (title: string, state: string, when: string) => `${title}: ${state}, ${when}`,
  dryRun: 'dry run',
  planned: (when: string) => `Planned: ${when}`,
  usually: (span: string) => `usually ${span}`,
  cut: (since: string) => `Before ${since} only what went wrong is shown: there were too many runs to draw.`,
  andSoOn: (from: string) => `And so on from ${from}: too often to draw.`,
  noRuns: 'No run in 24 hours',
  runs: (count: number, parts: string) => `${plural(count, 'run')} in 24 hours: ${parts}`,
  due: (count: number) => `due ${plural(count, 'time')} in the next 24`,
  dueOften: (count: number) => `due more than ${plural(count, 'time')} in the next 24`,
  keys: 'Arrow keys move, plus and minus zoom.',
} as const;
