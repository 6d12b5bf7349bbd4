/** What the page's root element says: where the console and the API are mounted, and who looks at it. */
export interface Config {
  /** Path below which the console lives, without a closing slash; '' at the root. */
  base: string;
  /** Path of the API, without a closing slash. */
  api: string;
  /** Path of the event stream; null where there is none, and the console polls. */
  stream: string | null;
  login: string;
  logout: string | null;
  user: string;
  csrfToken: string | null;
  csrfCookie: string;
  /** The site's time zone, if the page says it. */
  timeZone: string | null;
  /** What the user may do; null where the page does not say: then only the server knows. */
  permissions: ReadonlySet<string> | null;
}

export type Permission = 'trigger_run' | 'cancel_run' | 'pause_task' | 'view_auditentry';

const withoutSlash = (path: string) => path.replace(/\/+$/, '');

export function readConfig(root: HTMLElement): Config {
  const data = root.dataset;
  return {
    base: withoutSlash(data.base ?? '/'),
    api: withoutSlash(data.api ?? '/api/v1/scheduler/'),
    stream: data.stream || null,
    login: data.login ?? '/accounts/login/',
    logout: data.logout || null,
    user: data.user ?? '',
    csrfToken: data.csrfToken || null,
    csrfCookie: data.csrfCookie ?? 'csrftoken',
    timeZone: data.timeZone || null,
    permissions: data.permissions === undefined ? null : new Set(data.permissions.split(/\s+/)),
  };
}

let current: Config | undefined;

export function config(): Config {
  current ??= readConfig(document.getElementById('runbell') ?? document.createElement('div'));
  return current;
}

/** For tests, and for nothing else. */
export function setConfig(changes: Partial<Config>): void {
  current = { ...config(), ...changes };
}

/** Only explains: the server decides. */
export function may(permission: Permission): boolean {
  const { permissions } = config();
  return permissions === null || permissions.has(permission);
}
