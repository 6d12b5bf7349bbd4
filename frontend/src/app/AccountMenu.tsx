import { ActionIcon, Button, useMantineColorScheme } from '@mantine/core';

import { csrfToken } from '@/lib/api/csrf';
import { config } from '@/lib/config';
import { text } from '@/lib/text';

import styles from './shell.module.css';

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const PATHS = {
  auto: 'M2 3h12v8H2zM6 13.5h4',
  light:
    'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  dark: 'M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1z',
};

export function AccountMenu() {
  const { user, logout } = config();
  return (
    <>
      <ThemeButton />
      {user && <span className={`dim small ${styles.user}`}>{user}</span>}
      {logout && (
        <form method="post" action={logout}>
          <input type="hidden" name="csrfmiddlewaretoken" value={csrfToken()} />
          <Button type="submit" size="compact-xs" variant="subtle" color="gray" className={styles.signOut}>
            {text.nav.signOut}
          </Button>
        </form>
      )}
    </>
  );
}

function ThemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const label = text.nav.theme[colorScheme];
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(NEXT[colorScheme])}
    >
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        aria-hidden="true"
      >
        <path d={PATHS[colorScheme]} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </ActionIcon>
  );
}
