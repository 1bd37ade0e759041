import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readAtMost, readBody } from '../../src/access/bounded-body.ts';
import { BytesInFlight, type Reservation } from '../../src/access/bytes-in-flight.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { formsInFlight, jsonInFlight } from '../../src/http/request-body.ts';
import { deliveriesInFlight } from '../../src/intake/admission.ts';
import { Isolate } from '../../src/isolate.ts';
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

const LARGE = { total: 1_000_000, unverified: 1_000_000, minimum: 1, deadlineMs: 60_000 };

const asked = (
  body: BodyInit | null,
  headers: Record<string, string> = {},
  inFlight = new BytesInFlight(LARGE),
) =>
  readBody(new Request('https://news.example/', { method: 'POST', body, headers }), { limit: 4, inFlight });

describe('a request', () => {
  const reasonOf = async (...given: Parameters<typeof asked>) => {
    const held = await asked(...given);
    return held instanceof Refusal ? held.reason : held.bytes;
  };

  test('within the limit is read', async () => {
    expect(await reasonOf('four')).toEqual(new TextEncoder().encode('four'));
    expect(await reasonOf(null)).toEqual(new Uint8Array());
  });

  test.each([
    ['that says so', 'fives', { 'Content-Length': '5' }],
    ['that says nothing', 'fives', {}],
    ['that says it is smaller', 'fives', { 'Content-Length': '3' }],
    ['that says nonsense', 'fives', { 'Content-Length': '-1' }],
  ] as const)('over the limit is refused: one %s', async (_how, body, headers) => {
    const sent = streamOf([new TextEncoder().encode(body)]);
    expect(await reasonOf(sent.body, headers)).toBe('too-large');
  });

  test('of a thousand chunks of a byte is one buffer', async () => {
    const inFlight = new BytesInFlight(LARGE);
    const { body } = streamOf(Array.from({ length: 1_000 }, () => Uint8Array.of(7)));
    const request = new Request('https://news.example/', { method: 'POST', body });
    const held = await readBody(request, { limit: 1_000, inFlight });
    if (held instanceof Refusal) throw new Error(held.reason);
    expect(held.bytes).toEqual(new Uint8Array(1_000).fill(7));
    expect(inFlight.bytes).toBe(1_000);
    held.reservation.release();
    expect(inFlight.bytes).toBe(0);
  });

  test('that breaks off is malformed, and holds nothing', async () => {
    const inFlight = new BytesInFlight(LARGE);
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('connection lost')),
    });
    expect(await reasonOf(broken, {}, inFlight)).toBe('malformed');
    expect(inFlight.bytes).toBe(0);
  });
});

/** A body that sends these chunks and then nothing, without an end. */
function stalling(chunks: readonly Uint8Array[] = []) {
  const state = { pulled: 0, cancelled: false };
  const queue = chunks.values();
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { done, value } = queue.next();
        if (done) return new Promise<void>(() => undefined);
        state.pulled += value.length;
        controller.enqueue(value);
        return undefined;
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, state };
}

describe('bytes in flight', () => {
  test('a body that is not whole by the deadline is 408, cancelled, and holds nothing', async () => {
    const inFlight = new BytesInFlight({ ...LARGE, deadlineMs: 50 });
    const { body, state } = stalling([Uint8Array.of(1)]);
    const refused = await asked(body, {}, inFlight);
    expect(refused).toMatchObject({ reason: 'request-timeout' });
    expect(state.cancelled).toBe(true);
    expect(inFlight.bytes).toBe(0);
  });

  test.each([-3_600_000, 3_600_000])('a clock that is set by %i ms moves no deadline', async (step) => {
    const inFlight = new BytesInFlight({ ...LARGE, deadlineMs: 300 });
    const waiting = stalling([Uint8Array.of(1)]);
    const refused = asked(waiting.body, {}, inFlight);
    const whole = asked(
      new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          controller.enqueue(Uint8Array.of(1));
          controller.close();
        },
      }),
      {},
      inFlight,
    );
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + step });
    try {
      expect(await whole).toMatchObject({ bytes: Uint8Array.of(1) });
      expect(await refused).toMatchObject({ reason: 'request-timeout' });
    } finally {
      vi.useRealTimers();
    }
  });

  test('a clock that is set back takes no room from bodies that are worked on, or that arrive fast', () => {
    const inFlight = new BytesInFlight({ total: 200, unverified: 200, minimum: 100, deadlineMs: 30_000 });
    const reserve = () => {
      const reservation = inFlight.reserve(100, 'gazette');
      if (reservation instanceof Refusal) throw new Error('There was room.');
      return reservation;
    };
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const [read, arriving] = [reserve(), reserve()];
      read.read();
      vi.setSystemTime(Date.now() - 3_600_000);
      // Samples of what arrives are taken on, too.
      for (let second = 1; second <= 3; second += 1) {
        vi.setSystemTime(Date.now() + 1_000);
        arriving.received(second * 70_000);
        // What it counts stays as it is: only the rate is of interest here.
        inFlight.resize(arriving, 100);
      }
      expect(inFlight.reserve(100, 'other')).toBeInstanceOf(Refusal);
      expect([read.evicted(), arriving.evicted()]).toEqual([undefined, undefined]);
      // Both are dropped when their time is over.
      vi.setSystemTime(Date.now() + 31_000);
      expect(inFlight.reserve(100, 'other')).not.toBeInstanceOf(Refusal);
    } finally {
      vi.useRealTimers();
    }
  });

  test('the deadline is for the whole body, not for each chunk', async () => {
    const inFlight = new BytesInFlight({ ...LARGE, deadlineMs: 100 });
    let pulls = 0;
    const dripping = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        pulls += 1;
        controller.enqueue(Uint8Array.of(1));
      },
    });
    const request = new Request('https://news.example/', { method: 'POST', body: dripping });
    expect(await readBody(request, { limit: 1_000, inFlight })).toMatchObject({ reason: 'request-timeout' });
    expect(pulls).toBeLessThan(10);
  });

  test('what a body declares is reserved before it is read; without room, no byte of it is read', async () => {
    const inFlight = new BytesInFlight({ ...LARGE, total: 5 });
    const first = await asked('four', { 'Content-Length': '4' }, inFlight);
    expect(inFlight.bytes).toBe(4);
    const { body, state } = stalling([new Uint8Array(4)]);
    const refused = await asked(body, { 'Content-Length': '4' }, inFlight);
    expect(refused).toMatchObject({ reason: 'unavailable', details: { headers: { 'Retry-After': '2' } } });
    expect(state).toEqual({ pulled: 0, cancelled: true });
    if (first instanceof Refusal) throw new Error(first.reason);
    first.reservation.release();
    expect(await asked('four', {}, inFlight)).not.toBeInstanceOf(Refusal);
  });

  test('a body reserves more than it declared when more arrives', async () => {
    const inFlight = new BytesInFlight({ ...LARGE, total: 5 });
    const held = await asked('two', { 'Content-Length': '3' }, inFlight);
    expect(held).not.toBeInstanceOf(Refusal);
    const lying = stalling([Uint8Array.of(1), Uint8Array.of(1, 1, 1)]);
    expect(await asked(lying.body, { 'Content-Length': '1' }, inFlight)).toMatchObject({
      reason: 'unavailable',
    });
    expect(lying.state.cancelled).toBe(true);
    expect(inFlight.bytes).toBe(3);
  });

  test('each body counts as a minimum, so that empty ones are bounded, too', () => {
    const inFlight = new BytesInFlight({ ...LARGE, total: 100, minimum: 10 });
    const held = Array.from({ length: 12 }, () => inFlight.reserve(0, 'gazette'));
    expect(held.filter((each) => each instanceof Refusal)).toHaveLength(2);
    expect(inFlight.bytes).toBe(100);
  });

  test('the unverified bodies of one owner leave room for those of others', () => {
    const inFlight = new BytesInFlight({ ...LARGE, total: 100, unverified: 50, minimum: 10 });
    const reserve = (owner: string) => inFlight.reserve(10, owner);
    const strangers = Array.from({ length: 8 }, () => reserve('gazette'));
    expect(strangers.filter((each) => each instanceof Refusal)).toHaveLength(3);
    const other = reserve('evening');
    expect(other).not.toBeInstanceOf(Refusal);
    // A verified one counts only against the total.
    const [first] = strangers;
    if (!(first instanceof Refusal)) first?.verified();
    expect(reserve('gazette')).not.toBeInstanceOf(Refusal);
  });

  describe('of strangers that declare much and send a byte', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
    afterEach(() => void vi.useRealTimers());

    /** How many of `rounds` bodies of an honest sender are refused while `perSecond` such connections are opened. */
    async function refusedAmid(
      inFlight: BytesInFlight,
      perSecond: number,
      { declared, owners, honest }: { declared: number; owners: string[]; honest: string },
    ): Promise<number> {
      const limit = declared;
      let refused = 0;
      for (let n = 0; n < 4 * perSecond; n += 1) {
        const { body } = stalling([Uint8Array.of(1)]);
        const headers = { 'Content-Length': String(declared) };
        const request = new Request('https://news.example/', { method: 'POST', body, headers });
        // Never ends, unless it is evicted.
        void readBody(request, { limit, inFlight, owner: owners[n % owners.length] ?? '' });
        vi.advanceTimersByTime(1_000 / perSecond);
        const small = new Request('https://news.example/', {
          ...{ method: 'POST', body: 'x'.repeat(2_000), headers: { 'Content-Length': '2000' } },
        });
        const held = await readBody(small, { limit, inFlight, owner: honest });
        if (held instanceof Refusal) refused += 1;
        else held.reservation.release();
      }
      return refused;
    }
    const MiB = 1_048_576;

    test.each([
      ['8 a second under the publisher’s own name', 8, ['gazette'], 'gazette'],
      ['16 a second under two other names', 16, ['gazette', 'evening'], 'morning'],
      ['500 a second under four names', 500, ['a', 'b', 'c', 'd'], 'a'],
    ])('none keeps a publisher out: %s', async (_what, perSecond, owners, honest) => {
      const inFlight = deliveriesInFlight();
      expect(await refusedAmid(inFlight, perSecond, { declared: MiB, owners, honest })).toBe(0);
      expect(inFlight.bytes).toBeLessThanOrEqual(12 * MiB);
    });

    test('none keeps a subscriber from the hub, nor the operator from their settings', async () => {
      const strangers = { declared: 16_384, owners: [''], honest: '' };
      expect(await refusedAmid(formsInFlight(), 80, strangers)).toBe(0);
      expect(await refusedAmid(jsonInFlight(), 80, { ...strangers, declared: 65_536 })).toBe(0);
    });
  });

  test('sixteen bodies of 1 MiB at once stay within 12 MiB, and those that fit arrive whole', async () => {
    const inFlight = deliveriesInFlight();
    const MiB = 1_048_576;
    let most = 0;
    const bodies = Array.from({ length: 16 }, async (_none, n) => {
      const chunks = Array.from({ length: 64 }, () => new Uint8Array(MiB / 64)).values();
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          most = Math.max(most, inFlight.bytes);
          const { done, value } = chunks.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
      });
      const headers = { 'Content-Length': String(MiB) };
      const request = new Request('https://news.example/', { method: 'POST', body, headers });
      return readBody(request, { limit: MiB, inFlight, owner: `publisher-${n % 4}` });
    });
    const held = await Promise.all(bodies);
    expect(held.filter((each) => !(each instanceof Refusal)).length).toBeGreaterThanOrEqual(10);
    expect(most).toBeGreaterThan(8 * MiB);
    expect(most).toBeLessThanOrEqual(12 * MiB);
  });

  describe('when there is no room', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
    afterEach(() => void vi.useRealTimers());
    const reserved = (inFlight: BytesInFlight, bytes: number, owner = ''): Reservation => {
      const reservation = inFlight.reserve(bytes, owner);
      if (reservation instanceof Refusal) throw new Error(reservation.details.detail);
      return reservation;
    };
    const bounds = { total: 1_000_000, unverified: 1_000_000, minimum: 1, deadlineMs: 30_000 };

    test('a body that halts makes room for one that comes; one that arrives fast does not', () => {
      const inFlight = new BytesInFlight(bounds);
      const fast = reserved(inFlight, 500_000);
      const halted = reserved(inFlight, 500_000);
      expect(inFlight.reserve(100_000, '')).toBeInstanceOf(Refusal);
      for (let second = 1; second <= 3; second += 1) {
        vi.advanceTimersByTime(1_000);
        fast.received(second * 100_000);
        // All at once, then nothing: its average is as high as the other's.
        halted.received(300_000);
      }
      reserved(inFlight, 100_000);
      expect(halted.evicted()).toMatchObject({ reason: 'unavailable' });
      expect(fast.evicted()).toBeUndefined();
      expect(halted.received(400_000)).toMatchObject({ reason: 'unavailable' });
    });

    test('a whole body is not evicted while it is worked on, and forgotten when its request was dropped', () => {
      const inFlight = new BytesInFlight(bounds);
      const whole = reserved(inFlight, 1_000_000);
      whole.read();
      vi.advanceTimersByTime(20_000);
      expect(inFlight.reserve(1, '')).toBeInstanceOf(Refusal);
      vi.advanceTimersByTime(20_000);
      reserved(inFlight, 1);
    });

    test('a slow body is left alone while there is room', () => {
      const inFlight = new BytesInFlight(bounds);
      const slow = reserved(inFlight, 500_000);
      vi.advanceTimersByTime(20_000);
      reserved(inFlight, 500_000);
      expect(slow.evicted()).toBeUndefined();
    });
  });
});

describe('a body that is never read to its end', () => {
  const endless = () => streamOf(Array.from({ length: 100 }, () => new Uint8Array(65_536)));

  test('a request to the hub of any length is 413, and the rest is cancelled', async () => {
    const { body, state } = endless();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const response = await ask('/hub', { method: 'POST', headers, body });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ type: 'urn:dateline:problem:too-large' });
    expect(state.cancelled).toBe(true);
  });

  test('the operator’s settings', async () => {
    const response = await asAdmin('/admin/site', 'PUT', { name: 'x'.repeat(100_000) });
    expect(response.status).toBe(413);
  });

  test.each([
    ['the operator’s settings without the token', '/admin/site', 'PUT', 401],
    ['a form of another type', '/hub', 'POST', 415],
    ['a path that does not exist', '/nowhere', 'POST', 404],
    ['a method that a path does not have', '/articles', 'POST', 405],
  ])('%s is refused without reading a byte', async (_what, path, method, status) => {
    const { body, state } = stalling([new Uint8Array(10)]);
    const response = await ask(path, { method, body });
    expect(response.status).toBe(status);
    expect(state).toEqual({ pulled: 0, cancelled: true });
  });

  test.each([
    ['/hub', 'POST', { 'Content-Type': 'application/x-www-form-urlencoded' }, formsInFlight],
    ['/admin/site', 'PUT', { Authorization: `Bearer ${env.ADMIN_TOKEN}` }, jsonInFlight],
  ] as const)(
    '%s answers 408 after the deadline and 503 without room',
    async (path, method, headers, part) => {
      const isolate = new Isolate();
      isolate.set(part, new BytesInFlight({ ...LARGE, deadlineMs: 50 }));
      const slow = stalling([new Uint8Array(10)]);
      const late = await ask(path, { method, headers, body: slow.body }, { isolate });
      expect([late.status, slow.state.cancelled]).toEqual([408, true]);
      expect(await late.json()).toMatchObject({ type: 'urn:dateline:problem:request-timeout' });
      isolate.set(part, new BytesInFlight({ ...LARGE, total: 0 }));
      const none = await ask(path, { method, headers, body: 'x' }, { isolate });
      expect([none.status, none.headers.get('Retry-After')]).toEqual([503, '2']);
    },
  );
});
