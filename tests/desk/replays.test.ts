import { reset, runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ArticleEvent } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { TimelessEvents } from '../../src/desk/tables/timeless-events.ts';
import { desk, idOf, revisionOf } from './desk.ts';

/** Deliveries under a signature without a time. A settled id is not asked: as if 30 days had passed each time. */

beforeEach(reset);

let deliveries = 0;

interface Sent {
  kind: 'published' | 'updated' | 'withdrawn';
  headline: string;
  revisedAt?: string;
  ifHeld?: boolean;
  /** What else the bytes of the body contain. */
  bytes?: string;
  /** What a release or a setting makes of the same source. */
  reading?: string;
}

async function send(
  name: string,
  { kind, headline, revisedAt, ifHeld, bytes = '', reading = 'Body.' }: Sent,
) {
  const revised = revisedAt === undefined ? {} : { revisedAt };
  const event: ArticleEvent =
    kind === 'withdrawn'
      ? { kind, id: idOf(name), publisher: 'gazette', sourceId: name, ...revised, ...(ifHeld && { ifHeld }) }
      : {
          kind,
          id: idOf(name),
          ...revised,
          revision: revisionOf({ headline, sourceId: name, text: reading }),
        };
  const { outcomes } = await desk().receive({
    publisher: 'gazette',
    id: `replay-${++deliveries}`,
    arrival: { signature: 'github', milliseconds: 1 },
    bodyHash: JSON.stringify([kind, headline, revisedAt, bytes]),
    events: [event],
  });
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error('A delivery of one article has one outcome.');
  return outcome;
}

const published = (headline: string, rest: Partial<Sent> = {}): Sent => ({
  kind: 'published',
  headline,
  ...rest,
});
const WITHDRAWN: Sent = { kind: 'withdrawn', headline: '' };

const articleRow = (name: string) =>
  runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    const [row] = storage.sql
      .exec<{ version: number; status: string; headline: string }>(
        "SELECT version, status, card ->> '$.headline' AS headline, revised_at FROM articles WHERE id = ?",
        idOf(name),
      )
      .toArray();
    return row;
  });

const STALE_CONTENT = {
  status: 'stale',
  issues: [{ path: 'updatedAt', message: expect.stringMatching(/content was sent before.*Send updatedAt/) }],
};

test('a text that was not applied is applied when it comes in other bytes', async () => {
  await send('a', published('A'));
  await send('a', WITHDRAWN);
  expect(await send('a', { kind: 'updated', headline: 'B' })).toMatchObject({ status: 'ignored' });
  expect(await send('a', published('B'))).toMatchObject({ status: 'accepted' });
});

describe('of versions with the same time, a repeat', () => {
  const revisedAt = '2026-11-20T10:00:00.000Z';
  test('of an earlier one is stale, whatever bytes it comes in', async () => {
    await send('a', published('A', { revisedAt }));
    expect(await send('a', published('B', { revisedAt }))).toMatchObject({ status: 'accepted' });
    expect(await send('a', published('A', { revisedAt }))).toMatchObject(STALE_CONTENT);
    expect(await send('a', published('A', { revisedAt, bytes: 'other' }))).toMatchObject(STALE_CONTENT);
    expect(await articleRow('a')).toMatchObject({ headline: 'B', version: 2 });
  });

  test('is forgotten once a later time makes it stale by itself', async () => {
    await send('a', published('A', { revisedAt }));
    await send('a', published('B', { revisedAt: '2026-11-20T11:00:00.000Z' }));
    const sources = await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
      storage.sql.exec<{ sources: string }>('SELECT sources FROM timeless_events').one(),
    );
    expect(JSON.parse(sources.sources)).toHaveLength(1);
    expect(await send('a', published('A', { revisedAt }))).toMatchObject({ status: 'stale' });
  });
});

test('the present text is read anew, and makes no correction that is under way stale', async () => {
  await send('a', published('A'));
  const before = await articleRow('a');
  expect(await send('a', published('A', { reading: 'Read anew.' }))).toMatchObject({ status: 'accepted' });
  expect(await articleRow('a')).toEqual({ ...before, version: 2 });
});

describe('without a time, a repeat', () => {
  test('of an earlier content is stale, and says why and what to do', async () => {
    await send('a', published('A'));
    await send('a', published('B'));
    expect(await send('a', published('A', { bytes: 'other bytes' }))).toMatchObject(STALE_CONTENT);
    expect(await articleRow('a')).toMatchObject({ headline: 'B', version: 2 });
  });

  test('of the present content is unchanged, and makes no correction with a time stale', async () => {
    await send('a', published('A', { revisedAt: '2026-11-20T10:00:00.000Z' }));
    const before = await articleRow('a');
    await send('a', published('A', { revisedAt: '2062-01-01T00:00:00.000Z' }));
    const advanced = await articleRow('a');
    expect(advanced).not.toEqual(before);
    expect(await send('a', published('A', { revisedAt: '2062-01-01T00:00:00.000Z' }))).toMatchObject({
      status: 'unchanged',
    });
    expect(await articleRow('a')).toEqual(advanced);
  });

  test('of an earlier withdrawal is stale; a withdrawal in other bytes is not a repeat', async () => {
    await send('a', published('A'));
    await send('a', WITHDRAWN);
    expect(await send('a', published('B'))).toMatchObject({ status: 'accepted' });
    expect(await send('a', WITHDRAWN)).toMatchObject({
      status: 'stale',
      issues: [{ path: 'updatedAt', message: expect.stringContaining('this withdrawal was sent before') }],
    });
    expect(await articleRow('a')).toMatchObject({ status: 'published', headline: 'B' });
    expect(await send('a', { ...WITHDRAWN, bytes: 'again' })).toMatchObject({ status: 'accepted' });
  });

  test('does not bring a withdrawn article back', async () => {
    await send('a', published('A'));
    await send('a', WITHDRAWN);
    expect(await send('a', published('A'))).toMatchObject(STALE_CONTENT);
    expect(await articleRow('a')).toMatchObject({ status: 'withdrawn' });
  });

  test('of what was ignored changes nothing later: of a draft, or during the operator’s withdrawal', async () => {
    expect(await send('a', { ...WITHDRAWN, ifHeld: true })).toMatchObject({ status: 'ignored' });
    await send('a', published('A'));
    expect(await send('a', { ...WITHDRAWN, ifHeld: true })).toMatchObject({ status: 'stale' });
    await desk().withdraw(idOf('a'));
    expect(await send('a', published('B'))).toMatchObject({ status: 'ignored' });
    await desk().restore(idOf('a'));
    expect(await send('a', published('B'))).toMatchObject(STALE_CONTENT);
    expect(await articleRow('a')).toMatchObject({ status: 'published', headline: 'A' });
  });
});

test('a time far in the future distinguishes no replay, also once it has come', async () => {
  const far = '2062-01-01T00:00:00.000Z';
  await send('a', published('A', { revisedAt: far }));
  await send('a', published('B', { revisedAt: far }));
  expect(await send('a', published('A', { revisedAt: far }))).toMatchObject({ status: 'stale' });
  expect(await articleRow('a')).toMatchObject({ headline: 'B', version: 2 });
});

test('with a time, an editor returns to an earlier text', async () => {
  await send('a', published('A'));
  await send('a', published('B'));
  const later = new Date(Date.now() + 1_000).toISOString();
  expect(await send('a', published('A', { revisedAt: later }))).toMatchObject({ status: 'accepted' });
});

test('a correction with a time is not undone by the text before it, which had none', async () => {
  await send('a', published('A'));
  await send('a', published('B', { revisedAt: new Date(Date.now() + 1_000).toISOString() }));
  expect(await send('a', published('A'))).toMatchObject({ status: 'stale' });
});

test('the text that was stored before such events were remembered is remembered with the next', async () => {
  await send('a', published('A'));
  await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    storage.sql.exec('DELETE FROM timeless_events');
  });
  await send('a', published('B'));
  expect(await send('a', published('A'))).toMatchObject({ status: 'stale' });
});

test('an article remembers its newest events only, contents and withdrawals apart', async () => {
  await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    const events = new TimelessEvents(storage.sql, 3);
    events.add('a', { withdrawals: ['w'], sources: ['s'] });
    for (const key of ['1', '2', '3', '4', '2']) events.add('a', { contents: [key] });
    const has = (key: string) => events.of('a').contents.includes(key);
    expect(['1', '2', '3', '4'].map(has)).toEqual([false, true, true, true]);
    expect(events.of('a').withdrawals.includes('w')).toBe(true);
    expect(events.of('a').sources.includes('s')).toBe(true);
    expect(events.of('b').contents.includes('2')).toBe(false);
  });
});

test('an article’s memory takes at most one row, and 30 kB when it is full', async () => {
  const bytes = await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    const events = new TimelessEvents(storage.sql);
    const hash = (number: number) => String(number).padStart(64, '0');
    const short = (number: number) => hash(number).slice(32);
    for (let number = 0; number < 300; number += 1) {
      events.add('a', { contents: [hash(number)], sources: [short(number)] }, { held: [short(0), hash(0)] });
      events.add('a', { withdrawals: [short(number)] });
    }
    return storage.sql
      .exec<{ rows: number; bytes: number }>(
        `SELECT count(*) AS rows, sum(length(contents) + length(sources) + length(withdrawals) + length(held)) AS bytes
         FROM timeless_events`,
      )
      .one();
  });
  expect(bytes.rows).toBe(1);
  expect(bytes.bytes).toBeLessThan(30_000);
});

const FAR = '2062-01-01T00:00:00.000Z';
const PAST = '2026-11-20T10:00:00.000Z';
/** A time that is kept, although it is ahead. */
const AHEAD = new Date(Date.now() + 200_000).toISOString();

test('whatever was sent, a replay of any of it changes nothing', async () => {
  const step = fc.record({
    kind: fc.constantFrom('published' as const, 'updated' as const, 'withdrawn' as const),
    headline: fc.constantFrom('A', 'B', 'C'),
    revisedAt: fc.constantFrom(undefined, undefined, FAR, PAST, PAST, AHEAD),
    ifHeld: fc.boolean(),
  });
  let articles = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const name = `law${++articles}x`;
      const sent = steps.map(
        ({ revisedAt, ...rest }): Sent => ({ ...rest, ...(revisedAt && { revisedAt }) }),
      );
      for (const each of sent) await send(name, each);
      const before = await articleRow(name);
      for (const each of sent) {
        const { status } = await send(name, each);
        expect(['stale', 'unchanged', 'ignored']).toContain(status);
      }
      expect(await articleRow(name)).toEqual(before);
      // Also when a release reads it in another way: only the present text is read anew.
      for (const each of sent) await send(name, { ...each, reading: 'Read anew.' });
      const { version: _before, ...held } = before ?? {};
      expect(await articleRow(name)).toMatchObject(held);
    }),
    { numRuns: 60, seed: 20_261_122 },
  );
});
