import { readConfig } from './config';

function root(attributes: string): HTMLElement {
  const box = document.createElement('div');
  box.innerHTML = `<div ${attributes}></div>`;
  return box.firstElementChild as HTMLElement;
}

test('knows where the console and the API are mounted', () => {
  const config = readConfig(root('data-base="/ops/scheduler/" data-api="/ops/api/"'));
  expect(config).toMatchObject({ base: '/ops/scheduler', api: '/ops/api', stream: null });
});

test('at the root of a site the base is empty', () => {
  expect(readConfig(root('data-base="/"')).base).toBe('');
});

test('permissions that are not said are left to the server', () => {
  expect(readConfig(root('')).permissions).toBeNull();
  expect(readConfig(root('data-permissions="view_run cancel_run"')).permissions?.has('trigger_run')).toBe(
    false,
  );
});
