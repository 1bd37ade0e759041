import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../scripts/ports.ts';
import { run } from '../cli/command.ts';
import { eventually, TestSite } from './site.ts';
import { type Callback, Subscriber } from './subscriber.ts';

let site: TestSite;
let line: Line;
let subscriber: Subscriber;
const folder = mkdtempSync(join(tmpdir(), 'dateline-backup-'));
const FILE = join(folder, 'site.ndjson');

beforeAll(async () => {
  site = await TestSite.start({ ALLOW_PRIVATE_CALLBACKS: 'true' });
  subscriber = await Subscriber.start();
  line = await Line.to(site.origin);
});

afterAll(async () => {
  line?.end();
  subscriber?.end();
  await site?.end();
  rmSync(folder, { recursive: true, force: true });
});

/** A line to a site that breaks after so many calls of a path. */
class Line {
  readonly origin: string;
  readonly #server: Server;
  /** How many more calls get through; of one more the response is lost. */
  left = Number.POSITIVE_INFINITY;
  calls: string[] = [];

  private constructor(origin: string, server: Server) {
    this.origin = origin;
    this.#server = server;
  }

  static async to(origin: string): Promise<Line> {
    const port = await freePort();
    const server = createServer();
    const line = new Line(`http://127.0.0.1:${port}`, server);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (line.left < 0) return response.destroy();
      line.calls.push(`${request.method} ${request.url}`);
      const counts = request.url?.startsWith('/admin/export') || request.method === 'POST';
      const answer = await fetch(origin + request.url, {
        method: request.method ?? 'GET',
        headers: {
          authorization: request.headers.authorization ?? '',
          ...(request.method === 'POST' && { 'content-type': request.headers['content-type'] ?? '' }),
        },
        ...(request.method === 'POST' && { body: Buffer.concat(chunks) }),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      if (counts && --line.left < 0) return response.destroy();
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(body);
    });
    server.listen(port, '127.0.0.1');
    return line;
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const command = (name: 'backup' | 'restore', file: string) =>
  run(folder, [name, file, '--site', line.origin], { env: { DATELINE_ADMIN_TOKEN: site.adminToken } });

/** A JSON Feed of many articles: one delivery. */
const feed = (from: number, count: number, words = 'Words') =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'Gazette',
    items: Array.from({ length: count }, (_, index) => ({
      id: `item-${from + index}`,
      title: `${words} ${from + index}`,
      content_html: `<p>${words} of item ${from + index}.</p>`,
      date_published: '2026-11-20T10:00:00Z',
      date_modified: words === 'Words' ? '2026-11-20T10:00:00Z' : '2026-11-20T11:00:00Z',
      tags: ['नदी', `tag ${(from + index) % 7}`],
      language: index % 2 === 0 ? 'en' : 'hi',
    })),
  });

const published = async (body: string) => {
  const response = await site.post('gazette', body);
  expect([response.status, await response.text()]).toEqual([202, expect.any(String)]);
};

async function quiet(): Promise<void> {
  await eventually(async () => {
    const { outbox } = await site.json<{ outbox: { waiting: number } }>('/health/ready');
    expect(outbox.waiting).toBe(0);
  });
  // KV here, and what isolates remember of it.
  await new Promise((waited) => setTimeout(waited, 4_000));
}

/** What a mirror, a reader and a partner see. */
async function outputs(): Promise<Record<string, unknown>> {
  const ids = await site.changedIds();
  const paths = [
    ...['rss', 'json', 'atom'].flatMap((format) => [`/feeds/all.${format}`, `/feeds/tags/tag%203.${format}`]),
    ...[
      '/',
      '/tags/tag%203',
      '/sitemap.xml',
      '/sitemaps/2026-11-20.xml',
      '/articles?limit=50',
      '/feeds.opml',
    ],
    ...ids.map((id) => `/articles/${id}`),
    '/changes?after=0&limit=1000',
  ];
  const shown: Record<string, unknown> = {};
  for (const path of paths) {
    const response = await site.fetch(path);
    const headers = ['etag', 'last-modified', 'content-type'].map((name) => response.headers.get(name));
    shown[path] = [response.status, headers, await response.text()];
  }
  for (const path of ['/admin/publishers', '/admin/subscriptions'])
    shown[path] = await (await site.asAdmin(path)).text();
  return shown;
}

async function subscribed(): Promise<Callback> {
  const callback = subscriber.callback('mirror');
  const response = await site.fetch('/hub', {
    method: 'POST',
    body: new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.topic': `${site.origin}/feeds/all.json`,
      'hub.callback': callback.url,
    }),
  });
  expect(response.status).toBe(202);
  await eventually(async () => {
    const { subscriptions } = (await (await site.asAdmin('/admin/subscriptions')).json()) as {
      subscriptions: unknown[];
    };
    expect(subscriptions).toHaveLength(1);
  });
  return callback;
}

test('a site is backed up and restored by command, through interruptions of both', async () => {
  await site.register('gazette');
  for (const from of [0, 100, 200]) await published(feed(from, 100));
  await quiet();
  const callback = await subscribed();
  await published(feed(7, 2, 'Other words'));
  await eventually(async () => expect(callback.deliveries.length).toBeGreaterThan(0));
  await quiet();

  // The line breaks after one page, while the site changes.
  line.left = 1;
  const broken = await command('backup', FILE);
  expect([broken.code, broken.errors]).toEqual([1, expect.stringContaining('is unreachable')]);
  const part = readFileSync(`${FILE}.part`, 'utf8');
  expect(part.match(/^\{"page":/gm)).toHaveLength(1);
  // Only its owner reads it.
  expect(statSync(`${FILE}.part`).mode & 0o777).toBe(0o600);
  writeFileSync(`${FILE}.part`, `${part}{"table":"articles","row":{"id":"ha`);
  await published(feed(30, 3, 'Newer words'));
  const before = callback.deliveries.length;
  await eventually(async () => expect(callback.deliveries.length).toBeGreaterThan(before));
  await quiet();
  line.left = Number.POSITIVE_INFINITY;
  const backedUp = await command('backup', FILE);
  expect([backedUp.code, backedUp.errors]).toEqual([0, expect.stringContaining('Continuing after page 1')]);
  expect(backedUp.output).toMatch(/\d+ rows in \d+ pages/);
  expect(backedUp.output + backedUp.errors + broken.errors).not.toContain(site.adminToken);
  const again = await command('backup', FILE);
  expect([again.code, again.errors]).toEqual([1, expect.stringContaining('exists already')]);

  const shown = await outputs();
  const received = callback.deliveries.length;
  await site.lose();
  expect((await site.fetch('/articles')).status).toBe(200);
  expect(await site.changedIds()).toEqual([]);

  // A file that is not whole is refused before the first request.
  const text = readFileSync(FILE, 'utf8');
  const bad = join(folder, 'bad.ndjson');
  const lines = text.trimEnd().split('\n');
  const [first = 0, second = 0] = lines.flatMap((each, index) =>
    each.startsWith('{"page":') ? [index] : [],
  );
  for (const content of [
    text.slice(0, -200),
    lines.slice(0, -1).join('\n'),
    text.replace('Words 5', 'Wards 5'),
    [
      ...lines.slice(first + 1, second + 1),
      ...lines.slice(0, first + 1),
      ...lines.slice(second + 1),
      '',
    ].join('\n'),
    [...lines.slice(0, first + 1), ...lines.slice(second + 1), ''].join('\n'),
    `${text}${text}`,
    '',
  ]) {
    expect(content).not.toBe(text);
    writeFileSync(bad, content);
    line.calls = [];
    const refused = await command('restore', bad);
    expect([refused.code, refused.errors]).toEqual([1, expect.stringMatching(/damaged|whole|end/)]);
    expect(line.calls).toEqual([]);
  }

  // The line breaks, with the response to a page; then the site ends, too.
  line.left = 1;
  const stopped = await command('restore', FILE);
  expect([stopped.code, stopped.errors]).toEqual([1, expect.stringContaining('is unreachable')]);
  expect((await site.post('gazette', feed(0, 1))).status).toBe(503);
  await site.kill();
  await site.restart();
  line.left = Number.POSITIVE_INFINITY;
  const restored = await command('restore', FILE);
  expect([restored.code, restored.errors]).toEqual([0, expect.stringContaining('Continuing after page')]);
  await quiet();
  expect(await outputs()).toEqual(shown);
  // Once more: all of it is there.
  expect((await command('restore', FILE)).code).toBe(0);
  expect(callback.deliveries.length).toBe(received);

  const replay = await site.post('gazette', feed(0, 100), { id: 'delivery-1' });
  expect(await replay.json()).toMatchObject({ status: 'duplicate' });
  // A correction, and an article that is first in the feed.
  await published(feed(5, 1, 'Corrected words'));
  await published(feed(900, 1).replaceAll('2026-11-20', '2026-11-21'));
  await eventually(async () => expect(callback.deliveries.length).toBeGreaterThan(received));
  const other = await command('restore', bad);
  expect(other.code).toBe(1);
});
