import { coarse, countdown, duration, exact, inBothZones, relative } from './time';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const at = (offset: number) => new Date(NOW + offset);

test.each([
  [0, 'just now'],
  [-1500, 'just now'],
  [-90_000, '1 minute ago'],
  [-59 * 60_000, '59 minutes ago'],
  [7_200_000, 'in 2 hours'],
  [-3 * 86_400_000, '3 days ago'],
])('%i ms from now is "%s"', (offset, words) => {
  expect(relative(at(offset), NOW)).toBe(words);
});

test.each([
  [0.1674, '0.17 s'],
  [12.44, '12.4 s'],
  [185, '3 min 05 s'],
  [7440, '2 h 04 min'],
  [273_600, '3 d 4 h'],
])('%f seconds are "%s"', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});

test.each([
  [-5, '0:00'],
  [999, '0:01'],
  [247_000, '4:07'],
  [3_847_000, '1:04:07'],
  [183_600_000, '2 d 3 h'],
])('%i ms left are "%s"', (left, words) => {
  expect(countdown(left)).toBe(words);
});

test('a span is cut off, not rounded up', () => {
  expect(coarse(3_599_999)).toBe('59 minutes');
});

test('a moment is said in the site zone and in the browser zone', () => {
  expect(exact(at(0), 'Europe/Berlin')).toBe('23 Nov 2026, 13:00:00');
  const [site, mine] = inBothZones(at(0), 'Asia/Tokyo');
  expect(site).toBe('23 Nov 2026, 21:00:00 Asia/Tokyo (site)');
  expect(mine).toContain('(you)');
});
