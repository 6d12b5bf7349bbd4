import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';

import type { Wire } from '@/lib/api/client';
import type { ProblemDocument } from '@/lib/api/problem';
import type { paths } from '@/lib/api/schema';

export const server = setupServer();

/** The address of an operation, with its path parameters filled in. */
export function url(path: keyof paths, params: Record<string, string> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? `:${name}`);
  return `http://localhost:3000/api/v1/scheduler${filled}`;
}

/** Answers a GET with a document of the OpenAPI description. */
export function answers<Name extends keyof Wire>(path: keyof paths, document: Wire[Name], params = {}) {
  server.use(http.get(url(path, params), () => HttpResponse.json(document as object)));
}

export function problem(status: number, code: string, extra: Partial<ProblemDocument> = {}) {
  const body: ProblemDocument = {
    type: `urn:runbell:problem:${code}`,
    title: code,
    status,
    detail: `It was refused: ${code}`,
    instance: '/',
    success: false,
    error: code,
    ...extra,
  };
  return HttpResponse.json(body, { status, headers: { 'Content-Type': 'application/problem+json' } });
}
