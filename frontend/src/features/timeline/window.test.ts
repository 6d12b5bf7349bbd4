import { FULL, HOUR, around, labels, panned, ticks, zoomed } from './window';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const at = (moments: number[]) => moments.map((moment) => new Date(moment).toISOString().slice(11, 16));

test('ticks are round in the zone of the site, even where it is off by half an hour', () => {
  const window = { from: NOW, to: NOW + 6 * HOUR };
  expect(at(ticks(window, 6, 'UTC'))).toEqual([
    '12:00',
    '13:00',
    '14:00',
    '15:00',
    '16:00',
    '17:00',
    '18:00',
  ]);
  expect(at(ticks(window, 6, 'Asia/Kolkata'))[0]).toBe('12:30');
});

test('labels stay off the edges, and every second is minor, midnight never', () => {
  const found = labels(around(NOW), 10, 'UTC');
  expect(at(found.map((label) => label.at))[0]).toBe('18:00');
  expect(found.filter(({ minor }) => !minor).map((label) => at([label.at])[0])).toEqual([
    '00:00',
    '12:00',
    '00:00',
  ]);
});

test('nobody gets beyond a day on either side', () => {
  expect(panned(around(NOW), 5, NOW)).toEqual(around(NOW));
  expect(zoomed(around(NOW), 4, NOW, NOW)).toEqual(around(NOW));
  expect(zoomed(around(NOW), 0.5, NOW + FULL, NOW).to).toBe(NOW + FULL);
});
