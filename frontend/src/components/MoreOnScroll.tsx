import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';

import { text } from '@/lib/text';

interface Props {
  hasMore: boolean;
  loading: boolean;
  onMore: () => void;
}

/** Loads the next page as its end comes near; the button does the same where nobody scrolls. */
export function MoreOnScroll({ hasMore, loading, onMore }: Props) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!end.current || !hasMore || loading || typeof IntersectionObserver === 'undefined') return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onMore(), {
      rootMargin: '1500px',
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [hasMore, loading, onMore]);
  if (!hasMore) return null;
  return (
    <div ref={end} style={{ textAlign: 'center', padding: '0.75rem' }}>
      <Button size="xs" variant="default" loading={loading} onClick={onMore}>
        {text.actions.more}
      </Button>
    </div>
  );
}
