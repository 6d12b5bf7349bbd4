import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';

import { useStatus } from '@/features/tasks/api/use-status';
import { routes } from '@/lib/address';
import { SiteZone } from '@/lib/clock';
import { config } from '@/lib/config';
import { text } from '@/lib/text';

import { AccountMenu } from './AccountMenu';
import { ConnectionBanner } from './ConnectionBanner';
import { ConnectionSign } from './ConnectionSign';
import styles from './shell.module.css';

/** Where the status is not the page's subject, it may be this old. */
const IN_THE_BACKGROUND = 15_000;

const PAGES = [
  { href: routes.tasks, pattern: '/tasks/*?', label: text.nav.tasks },
  { href: routes.runs, pattern: '/runs/*?', label: text.nav.runs },
  { href: routes.timeline, pattern: '/timeline', label: text.nav.timeline },
  { href: routes.workers, pattern: '/workers', label: text.nav.workers },
  { href: routes.audit, pattern: '/audit', label: text.nav.audit },
];

export function Shell({ children }: { children: ReactNode }) {
  const { data: status } = useStatus(IN_THE_BACKGROUND);
  return (
    <SiteZone value={config().timeZone ?? status?.zone ?? 'UTC'}>
      <a href="#content" className={styles.skip}>
        {text.skipToContent}
      </a>
      <header className={styles.top}>
        <div className={styles.bar}>
          <Link href={routes.tasks} className={styles.brand}>
            <Mark />
            {text.product}
          </Link>
          <nav aria-label={text.nav.label} className={styles.nav}>
            {PAGES.map((page) => (
              <NavLink key={page.href} {...page} />
            ))}
          </nav>
          <div className={styles.corner}>
            <ConnectionSign />
            <AccountMenu />
          </div>
        </div>
      </header>
      <ConnectionBanner />
      <main id="content" tabIndex={-1} className={styles.main}>
        {children}
      </main>
    </SiteZone>
  );
}

function NavLink({ href, pattern, label }: (typeof PAGES)[number]) {
  const [below] = useRoute(pattern);
  const [home] = useRoute('/');
  const here = below || (home && href === routes.tasks);
  return (
    <Link href={href} className={styles.link} aria-current={here ? 'page' : undefined}>
      {label}
    </Link>
  );
}

function Mark() {
  return (
    <svg width="18" height="18" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d="M8 1.5a4.3 4.3 0 0 0-4.3 4.3v3L2.3 11.2h11.4L12.3 8.8v-3A4.3 4.3 0 0 0 8 1.5M6.3 12.8a1.8 1.8 0 0 0 3.4 0"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  );
}
