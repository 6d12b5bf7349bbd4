import createClient, { type Client, type Middleware } from 'openapi-fetch';

import { config } from '@/lib/config';

import { csrfToken } from './csrf';
import { errorFrom, ProblemError, UnreachableError } from './problem';
import type { components, paths } from './schema';

export type Wire = components['schemas'];

const refusals: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-CSRFToken', csrfToken());
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return response;
    const error = await errorFrom(response);
    if (error instanceof ProblemError && error.status === 401) signIn();
    throw error;
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    return new UnreachableError(String(error));
  },
};

/** Leads to the site's sign-in page, and back here afterwards. */
function signIn(): void {
  const here = window.location.pathname + window.location.search;
  leave(`${config().login}?next=${encodeURIComponent(here)}`);
}

let leave = (address: string) => window.location.assign(address);

/** For tests: jsdom cannot navigate. */
export function onLeave(handler: (address: string) => void): void {
  leave = handler;
}

/** A server that hangs is as good as away. */
const PATIENCE = 20_000;

function withTimeout(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
}

let made: Client<paths> | undefined;

/** The client; made at its first use, for only then is the page there to say where the API is. */
export function api(): Client<paths> {
  if (made === undefined) {
    made = createClient<paths>({
      baseUrl: new URL(config().api, window.location.href).href,
      credentials: 'same-origin',
      headers: { Accept: 'application/json' },
      // Looked up at each call, so that whoever replaces `fetch` later is heard.
      fetch: (request) => globalThis.fetch(request, { signal: withTimeout(request.signal) }),
    });
    made.use(refusals);
  }
  return made;
}

/** The data of an answer: refusals were thrown before, so there is some. */
export async function take<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) throw new UnreachableError('empty answer');
  return data;
}

/** The cursor in the path of the next page. */
export function cursorOf(next: string | null): string | null {
  return next === null ? null : new URL(next, window.location.href).searchParams.get('cursor');
}
