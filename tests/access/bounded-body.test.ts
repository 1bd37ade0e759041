import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAtMost, readBody } from '../../src/access/bounded-body.ts';
import { asAdmin, request as ask } from '../client.ts';

/** A stream of these chunks, and whether its reader gave it up. */
function streamOf(chunks: readonly Uint8Array[]) {
  const state = { cancelled: false };
  const queue = chunks.values();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = queue.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      state.cancelled = true;
    },
  });
  return { body, state };
}

test('at most so many bytes are read, in order, however they come', async () => {
  const chunk = fc.uint8Array({ minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 8 }), fc.nat(100), async (chunks, limit) => {
      const all = chunks.flatMap((each) => [...each]);
      const { bytes, isWhole } = await readAtMost(streamOf(chunks).body, limit);
      expect([...bytes]).toEqual(all.slice(0, limit));
      expect(isWhole).toBe(all.length <= limit);
    }),
  );
});

test('a missing body is empty', async () => {
  expect(await readAtMost(null, 10)).toEqual({ bytes: new Uint8Array(), isWhole: true });
});

test('what is over the limit is not waited for', async () => {
  const endless = streamOf(Array.from({ length: 1_000 }, () => new Uint8Array(10)));
  expect((await readAtMost(endless.body, 25)).isWhole).toBe(false);
  expect(endless.state.cancelled).toBe(true);
});

describe('a request', () => {
  const asked = (body: BodyInit, headers: Record<string, string> = {}) =>
    readBody(new Request('https://news.example/', { method: 'POST', body, headers }), 4);

  test('within the limit is read', async () => {
    expect(await asked('four')).toEqual(new TextEncoder().encode('four'));
  });

  test.each([
    ['that says so', 'fives', { 'Content-Length': '5' }],
    ['that says nothing', 'fives', {}],
    ['that says it is smaller', 'fives', { 'Content-Length': '3' }],
  ] as const)('over the limit is undefined: one %s', async (_how, body, headers) => {
    expect(await asked(streamOf([new TextEncoder().encode(body)]).body, headers)).toBeUndefined();
  });
});

describe('a body that is never read to its end', () => {
  const endless = () => streamOf(Array.from({ length: 100 }, () => new Uint8Array(65_536))).body;

  test.each([
    ['a delivery', '/webhooks/gazette', { 'Content-Type': 'application/json' }],
    ['a request to the hub', '/hub', { 'Content-Type': 'application/x-www-form-urlencoded' }],
  ])('%s of any length is 413', async (_what, path, headers) => {
    const response = await ask(path, { method: 'POST', headers, body: endless() });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ type: 'urn:dateline:problem:too-large' });
  });

  test('the operator’s settings', async () => {
    const response = await asAdmin('/admin/site', 'PUT', { name: 'x'.repeat(100_000) });
    expect(response.status).toBe(413);
  });
});
