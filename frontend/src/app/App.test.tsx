import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';

import { answers, server, url } from '@/test/server';
import { aStatus } from '@/test/wire';

import { App } from './App';

const healthy = () => answers<'StatusOut'>('/monitoring/status/', aStatus());

test('what was loaded last stays while the server is away, and a banner says since when', async () => {
  healthy();
  render(<App />);
  expect(await screen.findByText('All 1 tasks healthy')).toBeVisible();
  server.use(http.get(url('/monitoring/status/'), () => HttpResponse.error()));
  expect(await screen.findByText(/The server cannot be reached since/, {}, { timeout: 5000 })).toBeVisible();
  expect(screen.getByText('All 1 tasks healthy')).toBeVisible();
  healthy();
  await userEvent.click(screen.getByRole('button', { name: 'Try now' }));
  await vi.waitFor(() => expect(screen.queryByText(/cannot be reached/)).toBeNull());
}, 10_000);

test('an address that is none says so, and the way home works', async () => {
  healthy();
  window.history.replaceState(null, '', '/no/such/page');
  render(<App />);
  expect(await screen.findByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await userEvent.click(screen.getByRole('link', { name: 'Runbell' }));
  expect(await screen.findByRole('heading', { name: 'Tasks', level: 1 })).toHaveFocus();
});

test('the page that is open is marked in the navigation', async () => {
  healthy();
  render(<App />);
  expect(await screen.findByRole('link', { name: 'Tasks' })).toHaveAttribute('aria-current', 'page');
  expect(screen.getByRole('link', { name: 'Audit' })).not.toHaveAttribute('aria-current');
});

test('nothing puts a <style> into the page, which the policy would refuse', async () => {
  healthy();
  render(<App />);
  await screen.findByText('All 1 tasks healthy');
  expect(document.querySelectorAll('style')).toHaveLength(0);
});
