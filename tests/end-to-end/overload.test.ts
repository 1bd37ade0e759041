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

test('ten times too much is put off with Retry-After, readers are served, and it recovers by itself', async () => {
  await site.post('gazette', article('before'));
  await eventually(async () => expect(await site.feedIds('/feeds/all.json')).toHaveLength(1));

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
