import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isPlatformFailure, KvFailure, withDeadline } from '../../src/store/failures.ts';
import { Kv } from '../../src/store/kv.ts';

/** KV, each of whose operations does this instead. */
const kvThat = (operate: () => unknown) => new Kv(new Proxy(env.KV, { get: () => operate }));

const OPERATIONS: [string, (kv: Kv) => Promise<unknown>][] = [
  ['get', (kv) => kv.get('key')],
  ['getMany', (kv) => kv.getMany(['one', 'two'])],
  ['getStream', (kv) => kv.getStream('key')],
  ['put', (kv) => kv.put('key', 'text')],
  ['delete', (kv) => kv.delete('key')],
];
const READS = OPERATIONS.filter(([name]) => name.startsWith('get'));

afterEach(() => void vi.useRealTimers());

describe('KV', () => {
  test.each(OPERATIONS)('raises KvFailure when %s fails, at once or later', async (_name, operate) => {
    const cause = new Error('KV failed: 500');
    const thrown = () => {
      throw cause;
    };
    for (const fail of [thrown, () => Promise.reject(cause)]) {
      const error = await operate(kvThat(fail)).catch((each: unknown) => each);
      expect(error).toBeInstanceOf(KvFailure);
      expect(error).toMatchObject({ message: 'KV failed: 500', cause });
      expect(isPlatformFailure(error)).toBe(true);
    }
  });

  test.each(READS)('raises KvFailure when %s takes longer than five seconds', async (_name, operate) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const failed = operate(kvThat(() => new Promise(() => {}))).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await failed).toBeInstanceOf(KvFailure);
    expect(String(await failed)).toBe('KvFailure: KV GET took longer than 5 s');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('returns what was put until it is deleted', async () => {
    const kv = new Kv(env.KV);
    await kv.put('key', 'text', { metadata: { version: 1 } });
    expect(await kv.get('key')).toBe('text');
    expect([...(await kv.getMany(['key', 'other']))]).toEqual([
      ['key', 'text'],
      ['other', null],
    ]);
    const { body, metadata } = await kv.getStream('key');
    expect([await new Response(body).text(), metadata]).toEqual(['text', { version: 1 }]);
    await kv.delete('key');
    expect(await kv.get('key')).toBeNull();
  });
});

describe('a failure that passes by itself', () => {
  test.each(['remote', 'overloaded', 'retryable'])('is an error of the Desk marked %s', (mark) => {
    expect(isPlatformFailure(Object.assign(new Error('any words'), { [mark]: true }))).toBe(true);
  });

  test('is a deadline that was missed', async () => {
    const error = await withDeadline(1, 'the work', new Promise(() => {})).catch((each: unknown) => each);
    expect(String(error)).toBe('DeadlineExceeded: the work took longer than 0.001 s');
    expect(isPlatformFailure(error)).toBe(true);
  });

  test('is no error that only speaks of KV', () => {
    expect(isPlatformFailure(new Error('KV GET failed: 500'))).toBe(false);
  });
});
