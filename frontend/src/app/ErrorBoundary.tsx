import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';

import { Notice } from '@/components/Notice';
import { text } from '@/lib/text';

interface State {
  error: Error | null;
}

/** A fault in a page never leaves an empty window behind. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="stack" style={{ padding: '1rem' }}>
        <Notice tone="bad" role="alert">
          <h1>{text.failure.title}</h1>
          <p className="mono">{error.message}</p>
          <Button size="xs" onClick={() => window.location.reload()}>
            {text.actions.reload}
          </Button>
        </Notice>
      </div>
    );
  }
}
