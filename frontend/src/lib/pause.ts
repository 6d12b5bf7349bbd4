import { createContext, useContext } from 'react';

import type { Wire } from './api/client';
import { parse } from './time';

/** What holds a task's schedules back: a pause of its own, of its category, or of all tasks. */
export interface Pause {
  scope: 'task' | 'category' | 'all';
  target: string;
  reason: string;
  actorName: string;
  since: Date;
  until: Date | null;
}

export interface PausableTask {
  name: string;
  title: string;
  category: string;
  pause: Pause | null;
}

export function pauseFromWire(wire: Wire['PauseOut'] | null): Pause | null {
  return (
    wire && {
      scope: wire.scope as Pause['scope'],
      target: wire.target,
      reason: wire.reason,
      actorName: wire.actor_name,
      since: parse(wire.since),
      until: parse(wire.until),
    }
  );
}

/** Opens the dialog that pauses a task, or ends what holds it back. Pages do not know the dialog; the app puts it here. */
export const PauseDialogs = createContext<(task: PausableTask) => void>(() => undefined);

export function usePauseDialogs() {
  return useContext(PauseDialogs);
}
