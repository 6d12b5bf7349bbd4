import type { components } from './schema';

export type ProblemDocument = components['schemas']['ProblemDocument'];

const PREFIX = 'urn:runbell:problem:';

/** The server answered, and refused. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(readonly document: ProblemDocument) {
    super(document.detail);
  }

  get status(): number {
    return this.document.status;
  }

  /** The kind of problem, e.g. `overlap`. */
  get code(): string {
    return this.document.type.startsWith(PREFIX) ? this.document.type.slice(PREFIX.length) : '';
  }

  /** What is wrong with which field, by the field's name. */
  get fieldErrors(): Record<string, string> {
    return Object.fromEntries((this.document.errors ?? []).map(({ field, message }) => [field, message]));
  }
}

/** Nobody answered, or only something that stands before the server did. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Reads a refusal; a proxy's error page tells about the way to the server, not about the request. */
export async function errorFrom(response: Response): Promise<Error> {
  const type = response.headers.get('Content-Type') ?? '';
  if (type.includes('json')) {
    const body: unknown = await response.json().catch(() => null);
    if (isProblem(body)) return new ProblemError(body);
  }
  return new UnreachableError(`HTTP ${response.status}`);
}

function isProblem(body: unknown): body is ProblemDocument {
  return typeof body === 'object' && body !== null && 'status' in body && 'detail' in body;
}

/** Whether trying the same thing again may help. */
export function isOutage(error: unknown): boolean {
  return error instanceof UnreachableError || (error instanceof ProblemError && error.status >= 500);
}
