import { http, HttpResponse } from 'msw';

import { problem, server, url } from '@/test/server';
import { aStatus, triggered } from '@/test/wire';

import { api, cursorOf, onLeave, take } from './client';
import { isOutage, ProblemError, UnreachableError } from './problem';

const status = () => take(api().GET('/monitoring/status/'));

test('gives the data of an answer', async () => {
  server.use(http.get(url('/monitoring/status/'), () => HttpResponse.json(aStatus())));
  expect((await status()).verdict).toBe('healthy');
});

test('a refusal is a problem with its fields', async () => {
  const errors = [{ field: 'days', message: 'Too few' }];
  server.use(http.get(url('/monitoring/status/'), () => problem(422, 'invalid-params', { errors })));
  const error = await status().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ProblemError);
  expect(error).toMatchObject({ code: 'invalid-params', fieldErrors: { days: 'Too few' } });
  expect(isOutage(error)).toBe(false);
});

test('a proxy that answers for the server is an outage', async () => {
  server.use(http.get(url('/monitoring/status/'), () => new HttpResponse('<h1>502</h1>', { status: 502 })));
  await expect(status()).rejects.toBeInstanceOf(UnreachableError);
});

test('nobody answering is an outage', async () => {
  server.use(http.get(url('/monitoring/status/'), () => HttpResponse.error()));
  expect(isOutage(await status().catch((caught: unknown) => caught))).toBe(true);
});

test('who is signed out is led to the sign-in page, and back here', async () => {
  const leave = vi.fn();
  onLeave(leave);
  window.history.replaceState(null, '', '/scheduler/runs?state=LOST');
  server.use(http.get(url('/monitoring/status/'), () => problem(401, 'unauthenticated')));
  await status().catch(() => undefined);
  expect(leave).toHaveBeenCalledWith('/accounts/login/?next=%2Fscheduler%2Fruns%3Fstate%3DLOST');
});

test('what changes something carries the CSRF token', async () => {
  let header: string | null = null;
  server.use(
    http.post(url('/monitoring/manual-trigger/'), ({ request }) => {
      header = request.headers.get('X-CSRFToken');
      return HttpResponse.json(triggered('run-1'), { status: 202 });
    }),
  );
  await api().POST('/monitoring/manual-trigger/', { body: { task_name: 'x', dry_run: false, reason: '' } });
  expect(header).toBe('the-token');
});

test('the cursor is read off the next page', () => {
  expect(cursorOf('/api/v1/scheduler/runs/?state=LOST&cursor=a%2Bb')).toBe('a+b');
  expect(cursorOf(null)).toBeNull();
});
