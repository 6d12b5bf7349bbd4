import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';

import { around, panned, type Window, zoomed } from './window';

const KEYS: Record<string, { pan?: number; zoom?: number }> = {
  ArrowLeft: { pan: -0.1 },
  ArrowRight: { pan: 0.1 },
  '+': { zoom: 0.5 },
  '-': { zoom: 2 },
};

/** What of the two days is looked at, and how it is moved. Until it is moved, it goes with the time. */
export function useWindow(now: number) {
  const [chosen, setChosen] = useState<Window | null>(null);
  const window = chosen ?? around(now);
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
  const keys = {
    onKeyDown: ({ key, target, currentTarget, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      const move = KEYS[key];
      if (!move || target !== currentTarget || ctrlKey || metaKey || altKey) return;
      if (move.pan) pan(move.pan);
      if (move.zoom) zoom(move.zoom);
    },
  };
  return { window, zoom, pan, drag, keys, isMoved: chosen !== null, reset: () => setChosen(null) };
}
