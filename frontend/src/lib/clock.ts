import { createContext, useContext, useSyncExternalStore } from 'react';

/** One timer for everything on the page that counts, so that all of it moves together. */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick() {
  now = Date.now();
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present in milliseconds, anew every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

export const SiteZone = createContext('UTC');

export function useSiteZone(): string {
  return useContext(SiteZone);
}
