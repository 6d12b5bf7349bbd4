import '@testing-library/jest-dom/vitest';

import { cleanup } from '@testing-library/react';

import { setConfig } from '@/lib/config';

import { server } from './server';

// What Mantine and the pages ask of a browser, and jsdom does not have.
window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
  }) as unknown as MediaQueryList;
window.scrollTo = () => undefined;
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
setConfig({ csrfToken: 'the-token', timeZone: 'Europe/Berlin' });

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  window.history.replaceState(null, '', '/');
});
afterAll(() => server.close());
