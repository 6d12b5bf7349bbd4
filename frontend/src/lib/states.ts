import { text } from './text';

export type State = keyof typeof text.states;
/** What a state means to somebody who glances at it. Each tone has its own colour and its own shape. */
export type Tone = 'good' | 'bad' | 'partial' | 'active' | 'waiting' | 'neutral';

const TONES: Record<State, Tone> = {
  ACCEPTED: 'waiting',
  QUEUED: 'waiting',
  RECEIVED: 'waiting',
  STARTED: 'active',
  RETRY: 'waiting',
  SUCCESS: 'good',
  PARTIAL: 'partial',
  FAILURE: 'bad',
  REVOKED: 'neutral',
  EXPIRED: 'bad',
  LOST: 'bad',
  MISSED: 'bad',
  SKIPPED: 'neutral',
};

export const STATES = Object.keys(TONES) as State[];
export const UNFINISHED = STATES.filter((state) => ['waiting', 'active'].includes(TONES[state]));

/** A newer server may know states that this page does not: they are shown by their name. */
export function asState(wire: string): State {
  return wire as State;
}

export function toneOf(state: State): Tone {
  return TONES[state] ?? 'neutral';
}

export function isFinished(state: State): boolean {
  return !UNFINISHED.includes(state);
}

export function labelOf(state: State): string {
  return text.states[state]?.[0] ?? state;
}

export function meaningOf(state: State): string {
  return text.states[state]?.[1] ?? '';
}

/** Events are called after the states that they lead to, and a few lead to none. */
export function eventLabel(kind: string): string {
  return kind in text.events ? text.events[kind as keyof typeof text.events] : labelOf(asState(kind));
}
