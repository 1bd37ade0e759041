import { reset, runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import { desk, idOf, inKv, published, settle, updated, withdrawn } from './desk.ts';

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';
const FUTURE = '2062-01-01T00:00:00.000Z';

const minutesAhead = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const now = () => minutesAhead(0);

beforeEach(reset);

const stored = async (name: string) => {
  await settle();
  const article = await inKv(name);
  if (article === null || !('headline' in article)) throw new Error(`KV has no article ${name}.`);
  return article;
};

const revisedAtOf = (name: string) =>
  runInDurableObject(
    desk(),
    (_instance: Desk, { storage }) =>
      storage.sql.exec<{ at: string }>('SELECT revised_at AS at FROM articles WHERE id = ?', idOf(name)).one()
        .at,
  );

describe('a revision time far ahead of the receipt', () => {
  test('counts as the receipt, with a warning, for order and for readers', async () => {
    const outcome = await published('a', FUTURE, { updatedAt: FUTURE, publishedAt: T1 });
    expect(outcome).toMatchObject({
      status: 'accepted',
      warnings: [{ code: 'updated-in-future', excerpt: FUTURE }],
    });
    const { updatedAt, publishedAt } = await stored('a');
    expect(updatedAt <= now()).toBe(true);
    expect(updatedAt > publishedAt).toBe(true);
    expect((await revisedAtOf('a')) <= now()).toBe(true);
  });

  test('of the envelope alone has the same warning and is not shown', async () => {
    await published('a', T1);
    expect(await updated('a', FUTURE, { headline: 'Another' })).toMatchObject({
      status: 'accepted',
      warnings: [{ code: 'updated-in-future', excerpt: FUTURE }],
    });
    expect((await stored('a')).updatedAt <= now()).toBe(true);
  });

  test.each([
    ['with a time of its own', () => now()],
    ['without one', () => undefined],
    ['with one as far ahead', () => FUTURE],
  ])('makes no correction stale %s', async (_what, at) => {
    await published('a', FUTURE);
    await scheduler.wait(2);
    expect(await updated('a', at(), { headline: 'Corrected' })).toMatchObject({ status: 'accepted' });
  });

  test.each([
    ['with a time of its own', () => now()],
    ['without one', () => undefined],
    ['with one as far ahead', () => FUTURE],
  ])('makes no withdrawal stale %s', async (_what, at) => {
    await published('a', FUTURE);
    await scheduler.wait(2);
    expect(await withdrawn('a', at())).toMatchObject({ status: 'accepted' });
  });

  test('of a withdrawal counts as the receipt, with a warning, and the article can return', async () => {
    await published('a', T1);
    expect(await withdrawn('a', FUTURE)).toMatchObject({
      status: 'accepted',
      warnings: [{ code: 'updated-in-future', excerpt: FUTURE }],
    });
    await scheduler.wait(2);
    expect(await published('a', now())).toMatchObject({ status: 'accepted' });
  });

  test('is warned of where the content is unchanged, and locks nothing there either', async () => {
    await published('a', T1);
    expect(await published('a', FUTURE)).toMatchObject({
      status: 'unchanged',
      warnings: [{ code: 'updated-in-future' }],
    });
    await scheduler.wait(2);
    expect(await updated('a', now(), { headline: 'Corrected' })).toMatchObject({ status: 'accepted' });
  });
});

describe('a revision time a little ahead', () => {
  test('is kept without a warning, and an older one is stale', async () => {
    const ahead = minutesAhead(4);
    expect(await published('a', ahead, { updatedAt: ahead })).toMatchObject({
      status: 'accepted',
      warnings: [],
    });
    expect((await stored('a')).updatedAt).toBe(ahead);
    expect(await updated('a', minutesAhead(1), { headline: 'Older' })).toMatchObject({ status: 'stale' });
  });

  test('makes neither a correction nor a withdrawal without a time stale', async () => {
    const ahead = minutesAhead(4);
    await published('a', ahead);
    expect(await updated('a', undefined, { headline: 'Corrected' })).toMatchObject({ status: 'accepted' });
    expect(await revisedAtOf('a')).toBe(ahead);
    expect(await withdrawn('a', undefined)).toMatchObject({ status: 'accepted' });
    expect(await revisedAtOf('a')).toBe(ahead);
  });
});

test('a withdrawal without a time is ordered by its receipt', async () => {
  await published('a', T1);
  await withdrawn('a', undefined);
  expect(await published('a', T2)).toMatchObject({ status: 'stale' });
});

test('an article is never shown as updated before it was published', async () => {
  await published('a', T1, { publishedAt: T2, updatedAt: T1 });
  expect(await stored('a')).toMatchObject({ publishedAt: T2, updatedAt: T2 });
});

test('an embargo keeps its end, and the article is not updated before it', async () => {
  const end = minutesAhead(600);
  expect(await published('a', now(), { embargoUntil: end, updatedAt: T1 })).toMatchObject({ warnings: [] });
  const row = await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
    storage.sql.exec('SELECT published_at, updated_at FROM articles').one(),
  );
  expect(row).toEqual({ published_at: end, updated_at: end });
});

describe('laws', () => {
  const time = fc.constantFrom(undefined, T1, T2, FUTURE, -600, -1, 0, 1, 4.9, 5.1, 90);
  const step = fc.record({
    kind: fc.constantFrom('published' as const, 'updated' as const, 'withdrawn' as const),
    at: time,
    mark: fc.nat(3),
  });
  const instantOf = (at: string | number | undefined) => (typeof at === 'number' ? minutesAhead(at) : at);
  let articles = 0;

  async function sendAll(
    name: string,
    steps: readonly { kind: string; at: string | number | undefined; mark: number }[],
  ) {
    for (const { kind, at, mark } of steps) {
      if (kind === 'withdrawn') await withdrawn(name, instantOf(at));
      else
        await (kind === 'published' ? published : updated)(name, instantOf(at), { headline: `Mark ${mark}` });
    }
  }

  test('whatever was sent, a correction sent now is accepted, and then a withdrawal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const name = `law${++articles}x`;
        await sendAll(name, steps);
        expect(await published(name, undefined, { headline: 'Corrected' })).toMatchObject({
          status: 'accepted',
        });
        expect(await withdrawn(name, undefined)).toMatchObject({ status: 'accepted' });
      }),
      { numRuns: 40, seed: 20_261_122 },
    );
  });

  test('whatever was sent, no article is ordered or shown more than five minutes ahead', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const name = `law${++articles}x`;
        await sendAll(name, steps);
        expect((await revisedAtOf(name)) <= minutesAhead(5)).toBe(true);
      }),
      { numRuns: 40, seed: 20_261_122 },
    );
  });
});
