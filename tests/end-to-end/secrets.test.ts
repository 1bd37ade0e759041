import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureDevVars } from '../../scripts/dev-vars.ts';
import { signedHeaders } from '../../scripts/signing.ts';
import { ROOT } from '../../scripts/wrangler.ts';
import { eventually, TestSite } from './site.ts';

let site: TestSite;

beforeAll(async () => {
  site = await TestSite.start();
});

afterAll(() => site?.end());

/** Everything that was answered: status, headers and body. */
const answers: { call: string; text: string }[] = [];

async function ask(path: string, init: RequestInit = {}): Promise<string> {
  const response = await site.fetch(path, init);
  const body = await response.text();
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`);
  const call = `${init.method ?? 'GET'} ${path}, answer ${answers.length}`;
  answers.push({ call, text: [response.status, ...headers, body].join('\n') });
  return body;
}

/** The ways a secret might be written. */
function formsOf(secret: string): string[] {
  const bare = secret.replace(/^(whsec|dlp)_/, '');
  const bytes = Buffer.from(bare, 'base64');
  return [secret, bare, encodeURIComponent(secret), bytes.toString('hex'), bytes.toString('base64url')];
}

const holds = (text: string, secret: string): boolean => formsOf(secret).some((form) => text.includes(form));

const article = (headline: string): string =>
  JSON.stringify({
    type: 'article.published',
    timestamp: new Date().toISOString(),
    data: { id: '1', headline, language: 'en', body: { format: 'html', content: '<p>Some words.</p>' } },
  });

test('a secret is told once, when it is made, and is in no other answer, no log line, nothing stored', async () => {
  const { ADMIN_TOKEN, SECRETS_KEY } = ensureDevVars(join(ROOT, '.dev.vars'));
  const asOperator = (method: string, path: string, body?: object) =>
    ask(path, {
      method,
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
      ...(body && { body: JSON.stringify(body) }),
    });
  const made = async (
    path: string,
    method: string,
    member: 'secret' | 'token',
    body?: object,
  ): Promise<string> => JSON.parse(await asOperator(method, path, body))[member];

  // A publisher and a partner, each with a second secret, and a partner's webhook.
  const first = await made('/admin/publishers/gazette', 'PUT', 'secret', { name: 'The Gazette' });
  const second = await made('/admin/publishers/gazette/secrets', 'POST', 'secret');
  const token = await made('/admin/partners/mirror', 'PUT', 'token', { name: 'The Mirror' });
  const newToken = await made('/admin/partners/mirror/tokens', 'POST', 'token');
  const endpoint = { url: 'https://mirror.example.com/hook' };
  const hook = await made('/admin/partners/mirror/webhook', 'PUT', 'secret', endpoint);
  const subscription = 'a-subscriber-chose-this-secret';
  const told = [first, second, token, newToken, hook];
  expect(new Set(told.filter((each) => /^(whsec|dlp)_.{40,}$/.test(each))).size).toBe(5);

  // What publishers do, rightly and wrongly.
  const deliver = (secret: string, id: string, body: string, path = '') =>
    ask(`/webhooks/gazette${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...signedHeaders(secret, id, body) },
      body,
    });
  await deliver(first, 'a', article('First'));
  await deliver(second, 'b', article('Second'));
  await deliver(second, 'b', article('Second'));
  await deliver(second, 'c', '{"type":"article.published"');
  await deliver(second, 'd', '{"type":"article.published","data":{"id":1}}');
  await deliver(second, 'e', article('Seen before'), '/preview');
  await deliver(hook, 'f', article('Signed with the wrong secret'));
  await ask('/webhooks/gazette', { method: 'POST', body: article('Unsigned') });
  await ask('/webhooks/gazette/deliveries', { headers: signedHeaders(second, 'g', '') });
  await ask('/webhooks/nobody', { method: 'POST', headers: signedHeaders(first, 'h', '{}'), body: '{}' });

  // What partners, subscribers and readers do.
  const bearer = { Authorization: `Bearer ${newToken}` };
  const basic = { Authorization: `Basic ${Buffer.from(`anyone:${token}`).toString('base64')}` };
  await eventually(async () => expect(await ask('/feeds/all.json')).toContain('Second'));
  for (const headers of [bearer, basic]) {
    for (const format of ['rss', 'atom', 'json', 'ninjs'])
      await ask(`/partners/mirror/feed.${format}`, { headers });
    await ask('/partners/mirror/feed.nothing', { headers });
    await ask('/partners/mirror/feed.rss?limit=wrong', { headers });
    await ask('/partners/others/feed.rss', { headers });
    await ask('/admin/site', { headers });
  }
  await ask(`/partners/mirror/feed.rss?key=${token}`);
  await ask(`/partners/mirror/feed.json?key=${encodeURIComponent(newToken)}&limit=1`);
  const form = { 'hub.mode': 'subscribe', 'hub.topic': `${site.origin}/feeds/all.rss` };
  await ask('/hub', {
    method: 'POST',
    body: new URLSearchParams({
      ...form,
      'hub.callback': 'https://a.example.com/',
      'hub.secret': subscription,
    }),
  });
  for (const path of ['/', '/articles', '/changes', '/health/ready', '/nothing']) await ask(path);

  // What the operator does.
  for (const path of ['publishers', 'publishers/gazette', 'partners', 'partners/mirror', 'site', 'rebuild']) {
    await asOperator('GET', `/admin/${path}`);
  }
  await asOperator('GET', '/admin/subscriptions');
  await asOperator('PUT', '/admin/publishers/gazette', { name: 'The New Gazette' });
  await asOperator('PUT', '/admin/partners/mirror', { name: 'The New Mirror' });
  await asOperator('PUT', '/admin/partners/mirror', { name: 1 });
  await asOperator('POST', '/admin/rebuild');
  await asOperator('POST', '/admin/articles/unknown/withdraw');
  await asOperator('DELETE', '/admin/publishers/gazette');
  await asOperator('DELETE', '/admin/partners/mirror');

  const secrets = { ADMIN_TOKEN, SECRETS_KEY, first, second, token, newToken, hook, subscription };
  const log = readFileSync(join(site.folder, 'wrangler.log'), 'utf8');
  expect(log).toContain('/webhooks/gazette');
  for (const [name, secret] of Object.entries(secrets)) {
    const telling = answers.filter(({ text }) => holds(text, secret)).map(({ call }) => call);
    expect(telling, name).toHaveLength(told.includes(secret) ? 1 : 0);
    const lines = log.split('\n').filter((line) => holds(line, secret));
    expect(lines, `${name} in the log`).toEqual([]);
  }
  expect(storedFiles().length).toBeGreaterThan(2);
  for (const [name, secret] of Object.entries(secrets)) {
    const files = storedFiles().filter((path) => holds(contentOf(path), secret));
    expect(files, `${name} as it is stored`).toEqual([]);
  }
});

const storedFiles = (): string[] =>
  readdirSync(site.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** What a file has. A value of KV that was replaced since the files were listed is a file no more. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
