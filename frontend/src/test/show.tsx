import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';

import { SiteZone } from '@/lib/clock';
import { Trigger, type TriggerRequest } from '@/lib/trigger';

/** Shows a part of the console at an address, with an empty cache. */
export function show(
  children: ReactNode,
  address = '/',
  trigger: (request: TriggerRequest) => void = () => undefined,
) {
  window.history.replaceState(null, '', address);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return {
    user: userEvent.setup(),
    ...render(
      <MantineProvider env="test">
        <QueryClientProvider client={client}>
          <SiteZone value="Europe/Berlin">
            <Trigger value={trigger}>{children}</Trigger>
          </SiteZone>
        </QueryClientProvider>
      </MantineProvider>,
    ),
  };
}
