import { type PointerEvent, useRef, useState } from 'react';

import { FULL, HOUR, panned, type Window, zoomed } from './model';

/** What of the two days is looked at, and how it is moved. Until it is moved, it goes with the time. */
export function useWindow(now: number) {
  const [chosen, setChosen] = useState<Window | null>(null);
  const window = chosen ?? { from: now - FULL, to: now + 6 * HOUR };
  const dragged = useRef<number | null>(null);

  const zoom = (factor: number) => setChosen(zoomed(window, factor, (window.from + window.to) / 2, now));
  const pan = (share: number) => setChosen(panned(window, share, now));
  const drag = {
    onPointerDown: ({ clientX }: PointerEvent) => (dragged.current = clientX),
    onPointerMove: ({ clientX, currentTarget, buttons }: PointerEvent) => {
      if (dragged.current === null || buttons === 0) return;
      pan((dragged.current - clientX) / currentTarget.clientWidth);
      dragged.current = clientX;
    },
    onPointerUp: () => (dragged.current = null),
  };
  return { window, zoom, pan, drag, isMoved: chosen !== null, reset: () => setChosen(null) };
}
