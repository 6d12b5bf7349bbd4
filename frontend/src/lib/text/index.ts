import { audit } from './audit';
import { pause } from './pause';
import { run } from './run';
import { runs } from './runs';
import { shared } from './shared';
import { task } from './task';
import { tasks } from './tasks';
import { timeline } from './timeline';
import { trigger } from './trigger';
import { workers } from './workers';

export { formatCount, sentence } from './words';

/** Every text of the console. Who translates it translates these files and nothing else. */
export const text = {
  ...shared,
  page: { audit, pause, run, runs, task, tasks, timeline, trigger, workers },
} as const;
