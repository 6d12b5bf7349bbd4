import type { Tone } from '@/lib/states';

/** A pause is no state of a run, and has a sign all the same. */
type Sign = Tone | 'paused';

/** One shape per tone, so that colour is never the only sign. */
const SHAPES: Record<Sign, string> = {
  good: 'M3 8.5 6.5 12 13 4.5',
  bad: 'M4 4l8 8M12 4l-8 8',
  partial: 'M8 2.5 14.5 13.5H1.5zM8 6.5v3.2M8 11.4v.4',
  active: 'M5 3.5v9l7.5-4.5z',
  waiting: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 4.6V8l2.4 1.6',
  neutral: 'M3.5 8h9',
  paused: 'M5.5 3.5v9M10.5 3.5v9',
};

export function ToneIcon({ tone, size = 14 }: { tone: Sign; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={tone === 'active' ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[tone]} />
    </svg>
  );
}
