/** Bodies sent again after their delivery ids are forgotten, by someone who has seen them and has no secret. */
import { reset, runInDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import { asAdmin, githubSignature, register, request } from '../client.ts';
import { desk } from '../desk/desk.ts';
import { settle } from '../edge/newsroom.ts';

const SECRET = 'a-secret-of-the-publisher-0123456789';

interface Answered {
  status: string;
  article?: { id: string; version: number };
  issues?: { path: string; message: string }[];
  warnings?: { code: string; excerpt: string }[];
  articles?: Answered[];
}

/** As if 30 days had passed. */
const forgetIds = () =>
  runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    storage.sql.exec('DELETE FROM settled_deliveries');
  });

async function github(body: string, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await request('/webhooks/gazette', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Hub-Signature-256': await githubSignature(body, SECRET),
      ...headers,
    },
    body,
  });
  return (await response.json()) as Answered;
}

async function token(body: string, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await request('/webhooks/gazette', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Webhook-Token': SECRET, ...headers },
    body,
  });
  return (await response.json()) as Answered;
}

/** The headline and version of each article. */
const stored = () =>
  runInDurableObject(desk(), (_instance: Desk, { storage }) =>
    storage.sql
      .exec<{ headline: string; version: number }>(
        "SELECT card ->> '$.headline' AS headline, version FROM articles ORDER BY source_id",
      )
      .toArray(),
  );

const native = (headline: string, more: object = {}) =>
  JSON.stringify({
    type: 'article.published',
    data: {
      ...{ id: '1', headline, ...more },
      body: {
        format: 'html',
        content: '<p>Some words here.</p><div class="promo"><p>Follow us everywhere.</p></div>',
      },
    },
  });

const CANONICAL = '<link rel=canonical href="https://gazette.example/a">';
const page = (headline: string, head = CANONICAL) =>
  `<!doctype html><html><head><title>${headline}</title>${head}</head><body><article><h1>${headline}</h1>${'<p>Some words of a story, and a few more of them here.</p>'.repeat(6)}</article></body></html>`;
const HTML = { 'Content-Type': 'text/html' };

const later = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString();

const STALE = { status: 'stale', issues: [{ path: 'updatedAt' }] };

beforeEach(async () => {
  await reset();
  await register('gazette', { signature: { scheme: 'github' }, secret: SECRET });
});

describe('under a signature over the body alone, the corrected text does not return', () => {
  test.each([
    ['a time', { 'Last-Modified': later(60) }],
    ['an earlier time', { 'Last-Modified': later(-60) }],
    ['a language', { 'Content-Language': 'en-GB' }],
    ['a location', { 'Content-Location': 'https://gazette.example/b' }],
    ['a delivery id', { 'webhook-id': 'another' }],
  ])('under %s in its headers', async (_what, headers) => {
    await github(page('Mistaken'), HTML);
    expect(await github(page('Corrected'), HTML)).toMatchObject({ status: 'accepted' });
    await forgetIds();
    expect(await github(page('Mistaken'), { ...HTML, ...headers })).toMatchObject(STALE);
    expect(await stored()).toEqual([{ headline: 'Corrected', version: 2 }]);
  });

  test('under another media type', async () => {
    await github(native('Mistaken'));
    await github(native('Corrected'));
    await forgetIds();
    for (const type of ['text/plain', 'text/html', 'application/xhtml+xml', 'application/feed+json']) {
      const headers = { 'Content-Type': type, 'Content-Location': '1', 'Last-Modified': later(60) };
      const answer = await github(native('Mistaken'), headers);
      expect(answer.status, type).not.toBe('accepted');
      await forgetIds();
    }
    expect(await stored()).toEqual([{ headline: 'Corrected', version: 2 }]);
  });

  test('after the operator changed what is left out of articles', async () => {
    await github(native('Mistaken'));
    await github(native('Corrected'));
    await asAdmin('/admin/publishers/gazette', 'PUT', {
      ...{ name: 'The Gazette', boilerplate: { selectors: ['.promo'] } },
      signature: { scheme: 'github' },
    });
    await settle();
    await forgetIds();
    expect(await github(native('Mistaken'))).toMatchObject(STALE);
    expect(await stored()).toEqual([{ headline: 'Corrected', version: 2 }]);
    // The present text is no replay of another: it is read by the new settings.
    expect(await github(native('Corrected'))).toMatchObject({ status: 'accepted' });
    await forgetIds();
    expect(await github(native('Corrected'))).toMatchObject({ status: 'unchanged' });
    expect(await github(native('Mistaken'))).toMatchObject(STALE);
  });

  test('as one of several articles, after the settings changed', async () => {
    const feed = (...headlines: string[]) =>
      JSON.stringify({
        ...{ version: 'https://jsonfeed.org/version/1.1', title: headlines.join() },
        items: headlines.map((title, index) => ({
          ...{ id: String(index), title },
          content_html: '<p>Some words here.</p><div class="promo"><p>Follow us everywhere.</p></div>',
        })),
      });
    await github(feed('Mistaken', 'Other'));
    await github(feed('Mistaken', 'Other', 'Third'));
    await github(feed('Corrected', 'Other'));
    await asAdmin('/admin/publishers/gazette', 'PUT', {
      ...{ name: 'The Gazette', boilerplate: { selectors: ['.promo'] } },
      signature: { scheme: 'github' },
    });
    await settle();
    await forgetIds();
    for (const body of [feed('Mistaken', 'Other'), feed('Mistaken', 'Other', 'Third')]) {
      const { articles = [] } = await github(body);
      expect(articles[0]).toMatchObject({ status: 'stale' });
    }
    expect((await stored()).map(({ headline }) => headline)).toEqual(['Corrected', 'Other', 'Third']);
  });

  test('when all versions have the same time', async () => {
    for (const updatedAt of ['2026-11-20T10:00:00Z', new Date(Date.now() + 120_000).toISOString()]) {
      const id = updatedAt;
      await github(native('Mistaken', { id, updatedAt }));
      expect(await github(native('Corrected', { id, updatedAt }))).toMatchObject({ status: 'accepted' });
      await forgetIds();
      expect(await github(native('Mistaken', { id, updatedAt }))).toMatchObject(STALE);
    }
    expect((await stored()).map(({ headline }) => headline)).toEqual(['Corrected', 'Corrected']);
  });

  test('when its time is a little ahead, and the correction has none', async () => {
    const updatedAt = new Date(Date.now() + 120_000).toISOString();
    await github(native('Mistaken', { updatedAt }));
    await github(native('Corrected'));
    await forgetIds();
    expect(await github(native('Mistaken', { updatedAt }))).toMatchObject(STALE);
    expect(await stored()).toEqual([{ headline: 'Corrected', version: 2 }]);
  });
});

describe('under a signature over the body alone, headers do not identify a page', () => {
  test('so one without an absolute canonical link is refused', async () => {
    const location = { ...HTML, 'Content-Location': 'https://gazette.example/b' };
    for (const head of ['', '<link rel=canonical href="/a">']) {
      expect(await github(page('A page', head), location)).toMatchObject({
        issues: [{ path: 'id', message: expect.stringContaining('link rel=canonical') }],
      });
    }
    expect(await github('Plain text.', { ...location, 'Content-Type': 'text/plain' })).toMatchObject({
      issues: [{ message: expect.stringContaining('must be HTML') }],
    });
    expect(await stored()).toEqual([]);
  });

  test('nor give its time or language, which a warning says', async () => {
    const headers = { ...HTML, 'Last-Modified': later(-600), 'Content-Language': 'fr' };
    expect(await github(`<?xml version="1.0"?>\n<!-- a -->${page('A page')}`, headers)).toMatchObject({
      status: 'accepted',
      warnings: [
        { code: 'field-dropped', excerpt: 'Content-Language' },
        { code: 'field-dropped', excerpt: 'Last-Modified' },
      ],
    });
  });

  test('with a token they do, and an editor returns to an earlier page by its time', async () => {
    await reset();
    await register('gazette', { signature: { scheme: 'token' }, secret: SECRET });
    const send = (headline: string, seconds: number, id: string) =>
      token(page(headline, ''), {
        ...{ ...HTML, 'webhook-id': id, 'Content-Location': 'https://gazette.example/a' },
        'Last-Modified': later(seconds),
      });
    expect(await send('First', -60, 'a')).toMatchObject({ status: 'accepted' });
    expect(await send('Second', -50, 'b')).toMatchObject({ status: 'accepted' });
    expect(await send('First', -40, 'c')).toMatchObject({ status: 'accepted', article: { version: 3 } });
    expect(await send('Second', -50, 'd')).toMatchObject({ status: 'stale' });
  });
});

test('a text that was not applied is applied when it comes in other bytes', async () => {
  const at = (type: string, headline: string, space = '') =>
    native(headline).replace('article.published', type) + space;
  await github(native('First'));
  await github(JSON.stringify({ type: 'article.withdrawn', data: { id: '1' } }));
  expect(await github(at('article.updated', 'Second'))).toMatchObject({ status: 'ignored' });
  expect(await github(native('Second'))).toMatchObject({ status: 'accepted' });
  await github(native('Third'));
  await forgetIds();
  expect(await github(at('article.updated', 'Second'))).toMatchObject(STALE);
});

test('a second withdrawal in the same bytes says why the article stays, and what withdraws it', async () => {
  const withdrawal = (more: object = {}) =>
    JSON.stringify({ type: 'article.withdrawn', data: { id: '1', ...more } });
  await github(native('First'));
  await github(withdrawal());
  expect(await github(withdrawal())).toEqual({ status: 'duplicate', article: expect.anything() });
  await github(native('Second'));
  expect(await github(withdrawal())).toMatchObject({
    status: 'duplicate',
    issues: [
      {
        path: 'updatedAt',
        message: expect.stringMatching(/not withdrawn.*delivery id of its own.*updatedAt/),
      },
    ],
  });
  const updatedAt = new Date(Date.now() + 1_000).toISOString();
  expect(await github(withdrawal({ updatedAt }))).toMatchObject({ status: 'accepted' });
});
