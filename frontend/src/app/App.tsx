import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Router } from 'wouter';

import { config } from '@/lib/config';
import { LiveConnection } from '@/lib/live';
import { followStream } from '@/lib/stream';

import { ErrorBoundary } from './ErrorBoundary';
import { Pages } from './Pages';
import { PauseProvider } from './PauseProvider';
import { makeQueries, type Queries } from './queries';
import { Shell } from './Shell';
import { theme } from './theme';
import { isTouched } from './touched';
import { TriggerProvider } from './TriggerProvider';

export function App() {
  const [queries] = useState(makeQueries);
  useStream(queries);
  return (
    // The style sheet holds the variables and classes: nothing is injected that the policy would refuse.
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries.client}>
        <LiveConnection value={queries.connection}>
          <Router base={config().base}>
            <ErrorBoundary>
              <TriggerProvider>
                <PauseProvider>
                  <Shell>
                    <Pages />
                  </Shell>
                </PauseProvider>
              </TriggerProvider>
            </ErrorBoundary>
          </Router>
        </LiveConnection>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function useStream({ client, connection }: Queries) {
  useEffect(() => {
    const address = config().stream;
    if (address === null) return undefined;
    return followStream(address, connection, (news) =>
      client.invalidateQueries({ predicate: (query) => isTouched(query, news) }),
    );
  }, [client, connection]);
}
