import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../../scripts/ports.ts';
import { run } from './command.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const folder = mkdtempSync(join(tmpdir(), 'dateline-dispatch-'));
afterAll(() => rmSync(folder, { recursive: true }));

let server: Server | undefined;
afterEach(() => server?.close());

/** A site that is in no mood a real one can be put into; gives its address. */
async function site(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<string> {
  const port = await freePort();
  server = createServer(async (request, response) => answer(request, response, await text(request)));
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${port}`;
}

const dateline = (origin: string, ...args: string[]) =>
  run(folder, args, {
    env: { DATELINE_SITE: origin, DATELINE_PUBLISHER: 'gazette', DATELINE_SECRET: SECRET },
  });

function feed(name: string, articles: number): string {
  const items = Array.from({ length: articles }, (_, n) => ({ id: `${n}`, title: `Title ${n}` }));
  writeFileSync(join(folder, name), JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', items }));
  return name;
}

const accept = (response: ServerResponse) => response.writeHead(202).end('{"status":"accepted"}');

describe('a busy site', () => {
  test.each([429, 503])(
    'that responds with %i gets no requests for as long as it requests',
    async (status) => {
      const arrivals: number[] = [];
      let refusedAt = 0;
      let inFlight = 0;
      let most = 0;
      const origin = await site((_request, response) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        const nth = arrivals.push(Date.now());
        setTimeout(() => {
          inFlight -= 1;
          if (nth === 5) refusedAt = Date.now();
          if (nth === 5) response.writeHead(status, { 'Retry-After': '1' }).end('{"title":"Too much"}');
          else accept(response);
        }, 20);
      });
      const { output, code } = await dateline(origin, 'import', feed(`${status}.json`, 12), '--at-once', '2');
      expect(output).toMatch(/^accepted +12$/m);
      expect(code).toBe(0);
      expect(most).toBe(2);
      expect(arrivals).toHaveLength(13);
      // The other of the two may have sent one more before it learned of the refusal.
      const tooSoon = arrivals.filter((time) => time > refusedAt && time < refusedAt + 950);
      expect(tooSoon.length).toBeLessThanOrEqual(1);
    },
  );

  test('that requests an hour is not waited for; the same command continues later', async () => {
    let answered = 0;
    let busy = true;
    const origin = await site((_request, response) => {
      answered += 1;
      if (busy && answered > 3) response.writeHead(503, { 'Retry-After': '3600' }).end('{}');
      else accept(response);
    });
    const args = ['import', feed('hour.json', 9), '--at-once', '1'];
    const first = await dateline(origin, ...args);
    expect(first.errors).toContain('requests a wait of 60 minutes');
    expect(first.errors).toContain('Run the same command to continue.');
    expect(first.output).toMatch(/^accepted +3$/m);
    expect(first.code).toBe(1);
    busy = false;
    answered = 0;
    const second = await dateline(origin, ...args);
    expect(second.output).toMatch(/^accepted +9$/m);
    expect(answered).toBe(6);
  });
});

test('every delivery is signed over its bytes, under an id made of them', async () => {
  const ids: string[] = [];
  const origin = await site((request, response, body) => {
    new Webhook(SECRET).verify(body, request.headers as Record<string, string>);
    ids.push(String(request.headers['webhook-id']));
    accept(response);
  });
  const file = feed('signed.json', 3);
  await dateline(origin, 'import', file);
  await dateline(origin, 'import', file);
  expect(ids).toHaveLength(6);
  expect(new Set(ids).size).toBe(3);
});

test('an import counts what it sent, left out, skipped and refused', async () => {
  const sent: unknown[] = [];
  const origin = await site((_request, response, body) => {
    sent.push(JSON.parse(body));
    accept(response);
  });
  const items = [
    '<item><guid>1</guid><title>One</title><link>javascript:alert(1)</link></item>',
    '<item><guid>2</guid></item>',
    '<item><title>About</title><wp:post_id>3</wp:post_id><wp:post_type>page</wp:post_type></item>',
    '<at:deleted-entry ref="4" when="2026-11-20T10:00:00Z"/>',
  ];
  writeFileSync(join(folder, 'mixed.xml'), `<rss version="2.0"><channel>${items.join('')}</channel></rss>`);
  const { output, code } = await dateline(origin, 'import', 'mixed.xml', '--at-once', '1');
  expect(sent).toEqual([
    { type: 'article.published', data: { id: '1', headline: 'One', tags: [], authors: [] } },
    { type: 'article.withdrawn', timestamp: '2026-11-20T10:00:00.000Z', data: { id: '4' } },
  ]);
  expect(output).toMatch(/^accepted +2$/m);
  expect(output).toMatch(/^refused +1$/m);
  expect(output).toMatch(/^not sent +1 \(1 page\)$/m);
  expect(output).toMatch(/^left out +1 \(1 url\)$/m);
  expect(output).toMatch(/^ +2: headline is required/m);
  expect(code).toBe(1);
});

describe('what went wrong, and what to do', () => {
  const send = (origin: string) => dateline(origin, 'send', feed('one.json', 1));

  test.each<[string, string, (request: IncomingMessage, response: ServerResponse) => void]>([
    [
      'a wrong secret',
      'rejects the signature of gazette',
      (_, response) => response.writeHead(401).end('{}'),
    ],
    [
      'a clock that is wrong',
      'clock differs from the site’s by 60 minutes',
      (_, response) =>
        response.writeHead(401, { Date: new Date(Date.now() - 3_600_000).toUTCString() }).end('{}'),
    ],
    [
      'a site that moved',
      'Try --site https://news.example',
      (_, response) => response.writeHead(301, { Location: 'https://news.example/webhooks/gazette' }).end(),
    ],
    [
      'another server',
      'is not a Dateline site',
      (_, response) => response.writeHead(200).end('<h1>It works</h1>'),
    ],
    [
      'an article that is refused',
      'Refused: data.headline is required; data.url must be an absolute',
      (_, response) =>
        response
          .writeHead(422)
          .end(
            '{"issues":[{"path":"data.headline","message":"is required"},{"path":"data.url","message":"must be an absolute"}]}',
          ),
    ],
  ])('%s: %s', async (_what, message, answer) => {
    const { errors, code } = await send(await site(answer));
    expect(errors).toContain(message);
    expect(errors).not.toContain(SECRET);
    expect(errors).not.toContain('    at ');
    expect(code).toBe(1);
  });

  test('no server at all', async () => {
    const { errors, code } = await send(`http://127.0.0.1:${await freePort()}`);
    expect(errors).toMatch(/is unreachable \(ECONNREFUSED\)\. To start a local site: npm start/);
    expect(code).toBe(1);
  });

  test.each([
    [['--site', 'ftp://x.example'], '--site must be an http or https URL'],
    [['--publisher', '../admin'], '--publisher must be the id'],
    [['--secret', 'hunter2'], 'must start with whsec_'],
  ])('%j', async (args, message) => {
    const { errors, code } = await dateline('http://127.0.0.1:9', 'deliveries', ...args);
    expect(errors).toContain(message);
    expect(errors).not.toContain('hunter2');
    expect(code).toBe(1);
  });

  test('without options: what is required and how to set it; an invalid command is 2', async () => {
    const { errors } = await run(folder, ['send', 'one.json']);
    expect(errors).toContain('--site, --publisher, --secret are required');
    expect(errors).toContain('DATELINE_SITE');
    expect((await run(folder, ['sned'])).code).toBe(2);
    expect((await run(folder, ['--help'])).code).toBe(0);
  });
});
