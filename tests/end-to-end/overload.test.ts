import { Agent, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runs } from '../thorough.ts';
import { eventually, inFlight, TestSite } from './site.ts';

/** Ten times what an isolate works on at once. */
const AT_ONCE = 640;
/** `OVERLOAD_SECONDS=30 npx vitest run tests/end-to-end/overload.test.ts` goes on for longer. */
const SECONDS = Number(process.env.OVERLOAD_SECONDS ?? runs(10, 1));

let site: TestSite;

beforeAll(async () => {
  site = await TestSite.start();
  await site.register('gazette');
  await site.register('evening');
});

afterAll(() => site?.end());

const article = (id: string): string =>
  JSON.stringify({
    type: 'article.published',
    timestamp: '2026-11-20T10:00:00Z',
    data: {
      id,
      headline: `Headline of ${id}`,
      language: 'en',
      body: { format: 'html', content: `<p>${id}</p>` },
    },
  });

/** Names until `isOver`. */
function* names(isOver: () => boolean): Iterable<string> {
  for (let n = 0; !isOver(); n += 1) yield `flood-${n}`;
}

/** Posts the beginning of a body of 1 MB whose end never comes. @returns the response's status, headers and text */
async function postWithheld(path: string, headers: Record<string, string> = {}, agent?: Agent) {
  const sending = request(site.origin + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Content-Length': '1000000', ...headers },
    ...(agent && { agent }),
  });
  // The site may close the connection on a body that it does not want.
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sending.on('response', resolve);
    sending.on('error', reject);
    sending.write('x'.repeat(2_000));
  });
  let text = '';
  for await (const chunk of response) text += String(chunk);
  sending.on('error', () => undefined);
  sending.destroy();
  return { status: response.statusCode, retryAfter: response.headers['retry-after'], text };
}

/** Headers of the default scheme that are well formed and sign nothing. */
const wellFormed = (id: string, at = Date.now()): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at / 1_000)),
  'webhook-signature': `v1,${btoa('x'.repeat(32))}`,
});

// A body that were read would be answered 408 after 30 s, if at all.
test('300 bodies whose end is withheld are refused by their heads, and publishers are served meanwhile', async () => {
  const agent = new Agent({ maxSockets: 300 });
  const requests = Array.from({ length: 300 }, (_none, n) =>
    postWithheld(`/webhooks/unknown-${n}`, {}, agent),
  );
  const published = site.post('evening', article('meanwhile'));
  const answers = await Promise.all(requests);
  expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect((await published).status).toBe(202);

  const [unknown] = answers;
  for (const [path, headers] of [
    ['/webhooks/gazette', {}],
    ['/webhooks/gazette', wellFormed('old', Date.now() - 400_000)],
    ['/webhooks/gazette', { ...wellFormed('short'), 'webhook-signature': 'v1,abc' }],
    ['/webhooks/gazette/preview', {}],
    ['/webhooks/gazette/no-token-of-this-publisher-at-all', {}],
  ] as const)
    expect(await postWithheld(path, headers)).toEqual(unknown);
  expect((await postWithheld('/admin/publishers/gazette/secrets')).status).toBe(401);
  expect((await postWithheld('/hub')).status).toBe(415);

  // Strangers whose headers are well formed may use up what the edge may ask the Desk: 503, and never a 408.
  const formed = await Promise.all(
    Array.from({ length: 100 }, (_none, n) =>
      postWithheld(`/webhooks/stranger-${n}`, wellFormed(`${n}`), agent),
    ),
  );
  const refused = formed.filter(({ status }) => status !== 401);
  expect(refused.filter(({ status, retryAfter }) => status !== 503 || !(Number(retryAfter) > 0))).toEqual([]);
  expect(refused.length).toBeGreaterThan(0);
  expect((await site.post('evening', article('still'))).status).toBe(202);

  // A publisher's name in well-formed headers: more bodies than it has room for, and those that stall make room.
  const named = Array.from({ length: 300 }, (_none, n) =>
    postWithheld('/webhooks/gazette', wellFormed(`${n}`), agent),
  );
  expect((await Promise.any(named)).status).toBe(503);
  await eventually(async () => expect((await site.post('evening', article('among'))).status).toBe(202));
  agent.destroy();
  await Promise.allSettled(named);
});

test('ten times too much is put off with Retry-After, readers are served, and it recovers by itself', async () => {
  await site.post('gazette', article('before'));
  await eventually(async () => expect(await site.feedIds('/feeds/publishers/gazette.json')).toHaveLength(1));

  const acknowledged: string[] = [];
  const refusals: { status: number; retryAfter: string | null }[] = [];
  const reads: number[] = [];
  let flooding = true;
  const reading = (async () => {
    while (flooding) {
      const response = await site.fetch('/feeds/all.rss');
      reads.push(response.status);
      await response.text();
    }
  })();
  const end = Date.now() + SECONDS * 1_000;
  // A busy machine may need longer to send too much.
  const isOver = () => Date.now() > end && refusals.length > 0;
  await inFlight(names(isOver), AT_ONCE, async (name) => {
    const response = await site.post('gazette', article(name));
    const body = (await response.json()) as { article?: { id: string } };
    if (response.ok && body.article) acknowledged.push(body.article.id);
    else refusals.push({ status: response.status, retryAfter: response.headers.get('Retry-After') });
  });
  flooding = false;
  await reading;

  expect(acknowledged.length).toBeGreaterThan(0);
  expect(refusals.length).toBeGreaterThan(0);
  expect(refusals.filter(({ status }) => status !== 503 && status !== 429)).toEqual([]);
  expect(refusals.filter(({ retryAfter }) => !/^[1-9]\d*$/.test(retryAfter ?? ''))).toEqual([]);
  expect(new Set(reads)).toEqual(new Set([200]));

  // Another publisher's: what the first may send in a minute may be used up.
  expect((await site.post('evening', article('after'))).status).toBe(202);
  const changed = new Set(await site.changedIds());
  expect(acknowledged.filter((id) => !changed.has(id))).toEqual([]);
  await eventually(async () => {
    expect(await site.json('/health/ready')).toMatchObject({ status: 'ready', outbox: { waiting: 0 } });
  });
  console.log(
    `${SECONDS} s: ${acknowledged.length} acknowledged, ${refusals.length} put off, ${reads.length} reads`,
  );
});
