import { config } from '@/lib/config';

/** Django's token: from the page where the cookie is HttpOnly, else from the cookie. */
export function csrfToken(): string {
  const { csrfToken: fromPage, csrfCookie } = config();
  return fromPage ?? cookie(csrfCookie) ?? '';
}

function cookie(name: string): string | undefined {
  const pair = document.cookie.split('; ').find((item) => item.startsWith(`${name}=`));
  return pair && decodeURIComponent(pair.slice(name.length + 1));
}
