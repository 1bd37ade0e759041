import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { createApp } from '../src/app.ts';
import type { Bindings } from '../src/bindings.ts';
import { Isolate } from '../src/isolate.ts';
import { Store } from '../src/store/store.ts';
import { type SeenAnswer, seen } from './seen.ts';

interface Worker {
  /** The isolate that serves the request; a new one with an empty cache by default. */
  isolate?: Isolate;
  /** Bindings that override those of the tests. */
  bindings?: Partial<Bindings>;
  /** Without one, no work continues after the response, and there is no cache in front. */
  context?: ExecutionContext;
}

/** Sends a request to the Worker. Does not follow redirects. */
export const request = async (
  path: string,
  init: RequestInit = {},
  { isolate = new Isolate(), bindings, context }: Worker = {},
): Promise<Response> => {
  const url = path.startsWith('/') ? env.ORIGIN + path : path;
  const response = await createApp(isolate).fetch(
    new Request(url, { redirect: 'manual', ...init }),
    { ...env, ...bindings },
    context,
  );
  answers.push(await seen(init, new URL(url).pathname, response));
  return response;
};

/** The responses since the last check. */
const answers: SeenAnswer[] = [];

/**
 * Throws when a response since the last check is not as documented (`contract.ts`). Checks all at once after a test,
 * because a check after each response would give the Desk's alarm time that it does not have otherwise.
 */
export async function checkAnswers(): Promise<void> {
  const { CONTRACT } = env as unknown as { CONTRACT: Fetcher };
  const body = JSON.stringify(answers.splice(0));
  const faults = await (await CONTRACT.fetch('http://contract/', { method: 'POST', body })).text();
  if (faults !== '') throw new Error(`not as documented:\n${faults}`);
}

/** The store of a new isolate, whose cache is empty. */
export const store = (bindings: Partial<Bindings> = {}): Store =>
  new Store({ ...env, ...bindings }, new Isolate());

export const asAdmin = (path: string, method: string, body?: unknown): Promise<Response> =>
  request(path, {
    method,
    headers: {
      Authorization: `Bearer ${env.ADMIN_TOKEN}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

/** Registers a publisher. @returns its secret */
export async function register(id = 'gazette', settings: object = {}): Promise<string> {
  const response = await asAdmin(`/admin/publishers/${id}`, 'PUT', { name: 'The Gazette', ...settings });
  const { secret } = (await response.json()) as { secret?: string };
  if (secret === undefined) throw new Error(`${id} was not created: ${response.status}`);
  return secret;
}

let sent = 0;

export interface Sending {
  publisher?: string;
  secret: string;
  path?: string;
  id?: string;
  at?: Date;
  headers?: Record<string, string>;
  method?: string;
}

/** Signs a body with the reference implementation of Standard Webhooks and sends it. */
export function send(
  body: string,
  { publisher = 'gazette', secret, path = '', method = 'POST', ...rest }: Sending,
) {
  const id = rest.id ?? `message-${++sent}`;
  const at = rest.at ?? new Date();
  return request(`/webhooks/${publisher}${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
      ...rest.headers,
    },
    ...(method === 'GET' ? {} : { body }),
  });
}

/** A native payload with the minimum that an article needs. */
export const payload = (
  data: object = {},
  type = 'article.published',
  timestamp = '2026-11-20T10:00:00Z',
): string =>
  JSON.stringify({
    type,
    timestamp,
    data: {
      id: '1',
      headline: 'A headline',
      body: { format: 'html', content: '<p>Some words.</p>' },
      ...data,
    },
  });

/** The signature of a body by the scheme `github`: `sha256=<hex>`. */
export async function githubSignature(body: string, secret: string): Promise<string> {
  const bytes = (text: string) => Uint8Array.from(new TextEncoder().encode(text));
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes(secret), algorithm, false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(body)));
  return `sha256=${[...signature].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
