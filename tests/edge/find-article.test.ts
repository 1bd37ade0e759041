import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { Bindings } from '../../src/bindings.ts';
import { Isolate } from '../../src/isolate.ts';
import { request } from '../client.ts';
import { newsroom } from './newsroom.ts';

/** The Desk as it is, with the calls that ask it for articles counted. */
function counting() {
  const state = { asked: 0 };
  const DESK = new Proxy(env.DESK, {
    get: () => (name: string) =>
      new Proxy(env.DESK.getByName(name), {
        get(desk, member) {
          if (member === 'articles') state.asked += 1;
          return (...given: unknown[]) => Reflect.apply(Reflect.get(desk, member), desk, given);
        },
      }),
  }) as Bindings['DESK'];
  return { state, DESK };
}

test('an accepted article is served before KV has it, and unknown ids cannot load the Desk', async () => {
  const gazette = await newsroom();
  const id = await gazette.publish({ id: '1', headline: 'Just now' });
  const { state, DESK } = counting();
  // KV as it is where a miss lies in its cache: for up to a minute.
  const KV = new Proxy(env.KV, {
    get: (_target, name) => async (keys: unknown) => {
      if (Array.isArray(keys)) return new Map(keys.map((key) => [key, null]));
      return name === 'getWithMetadata' ? { value: null, metadata: null } : null;
    },
  });
  const isolate = new Isolate();
  const ask = async (path: string) => (await request(path, {}, { isolate, bindings: { KV, DESK } })).status;

  expect(await ask(`/articles/${id}`)).toBe(200);
  expect(await ask(`/news/${id}/just-now`)).toBe(200);
  expect(state.asked).toBe(2);

  const began = Date.now();
  for (let number = 0; number < 300; number += 1)
    expect(await ask(`/articles/${String(number).padStart(16, '0')}`)).toBe(404);
  const seconds = (Date.now() - began) / 1_000;
  expect(state.asked).toBeGreaterThan(50);
  expect(state.asked).toBeLessThanOrEqual(100 + 20 * (seconds + 1));
});
