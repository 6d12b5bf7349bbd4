import { type ReactNode, useEffect, useRef, useState } from 'react';

/** Rows nearer than this are drawn before they are seen. */
const NEAR = '1200px';

/**
 * A page of rows that leaves the document while it is far off, and keeps its room: 100,000 rows feel like 100. Its table
 * needs a fixed layout: else every page that comes or goes would move all others.
 */
export function FarRows({ children }: { children: () => ReactNode }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [room, setRoom] = useState<number | null>(null);
  useEffect(() => {
    const element = body.current;
    if (!element || typeof IntersectionObserver === 'undefined') return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => entry && setRoom(entry.isIntersecting ? null : element.offsetHeight),
      { rootMargin: NEAR },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  if (room === null) return <tbody ref={body}>{children()}</tbody>;
  return (
    <tbody ref={body}>
      <tr aria-hidden="true" style={{ padding: 0, border: 0 }}>
        <td colSpan={99} style={{ height: room, padding: 0, border: 0 }} />
      </tr>
    </tbody>
  );
}
