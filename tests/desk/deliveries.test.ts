import { reset, runInDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { DeliveryLog } from '../../src/desk/tables/delivery-log.ts';
import { deliver, deliverAll, desk, idOf, published, revisionOf } from './desk.ts';

beforeEach(reset);

const AT = '2026-11-20T10:00:00.000Z';

const article = (name: string, headline = name): Delivery['events'][number] => ({
  kind: 'published',
  id: idOf(name),
  revisedAt: AT,
  revision: revisionOf({ headline }),
});
const refused = { kind: 'refused', issues: [{ path: 'items.1', message: 'is required' }] } as const;
const log = async () =>
  (await desk().deliveries('gazette', { before: Number.MAX_SAFE_INTEGER, limit: 100 })).deliveries;

describe('a delivery of several articles', () => {
  test('has an outcome for each, and the best of them for itself', async () => {
    await published('a', AT, { headline: 'a' });
    const { status, outcomes } = await deliverAll([
      article('a'),
      article('b'),
      { ...refused, issues: [...refused.issues] },
      { kind: 'ignored' },
    ]);
    expect(status).toBe('accepted');
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'unchanged',
      'accepted',
      'refused',
      'ignored',
    ]);
  });

  test.each([
    ['unchanged', [article('a'), { ...refused, issues: [] }]],
    ['refused', [{ kind: 'ignored' }, { ...refused, issues: [] }]],
    ['ignored', [{ kind: 'ignored' }, { kind: 'ignored' }]],
  ] as [string, Delivery['events']][])('is %s when none was accepted', async (expected, events) => {
    await published('a', AT, { headline: 'a' });
    expect((await deliverAll(events)).status).toBe(expected);
  });

  test('that names an article twice takes both in turn', async () => {
    const { outcomes } = await deliverAll([article('a', 'One'), article('a', 'Two')]);
    expect(outcomes.map((outcome) => outcome.article?.version)).toEqual([1, 2]);
  });

  test('is a duplicate as a whole, each article in the version it had then', async () => {
    await deliverAll([article('a'), article('b')], 'once');
    await deliver({ ...article('a', 'Newer') } as Delivery['events'][number]);
    const again = await deliverAll([article('c')], 'once');
    expect(again).toMatchObject({
      status: 'duplicate',
      outcomes: [
        { status: 'duplicate', article: { id: idOf('a'), version: 1 } },
        { status: 'duplicate', article: { id: idOf('b'), version: 1 } },
      ],
    });
    expect((await desk().changes(0, 10)).changes.map(({ id }) => id).sort()).toEqual([idOf('a'), idOf('b')]);
  });

  test('refused in all its articles may be mended and sent again under its id', async () => {
    await deliverAll([{ ...refused, issues: [] }], 'mended');
    expect(await deliverAll([article('a')], 'mended')).toMatchObject({ status: 'accepted' });
  });
});

test('a withdrawal of what is not held is ignored where it asks for that', async () => {
  const withdrawal = {
    kind: 'withdrawn',
    id: idOf('a'),
    publisher: 'gazette',
    sourceId: 'a',
    revisedAt: AT,
  } as const;
  expect(await deliver({ ...withdrawal, ifHeld: true })).toMatchObject({ status: 'ignored' });
  await deliver(article('a'));
  expect(await deliver({ ...withdrawal, ifHeld: true })).toMatchObject({
    status: 'accepted',
    article: { version: 2 },
  });
});

describe('the log', () => {
  test('tells how a delivery came in, and keeps the first twenty issues of an article', async () => {
    const issues = Array.from({ length: 30 }, (_, index) => ({
      path: String(index),
      message: 'is required',
    }));
    await deliver({ kind: 'refused', issues });
    expect(await log()).toEqual([
      {
        id: expect.any(String),
        at: expect.any(String),
        status: 'refused',
        source: 'native',
        signature: 'standard-webhooks',
        milliseconds: 3,
        issues: issues.slice(0, 20),
      },
    ]);
  });

  test('keeps so many rows of a publisher and no more, without touching another’s', async () => {
    const kept = await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      const deliveries = new DeliveryLog(storage.sql, 10);
      const write = (publisher: string, number: number) =>
        deliveries.log(
          publisher,
          { id: String(number), at: AT, status: 'accepted', signature: 'token', milliseconds: 1 },
          [],
        );
      write('herald', 0);
      for (let number = 0; number <= 500; number += 1) write('gazette', number);
      const page = (publisher: string) =>
        deliveries.page(publisher, { before: 1_000_000, limit: 1_000 }).deliveries;
      return [page('gazette').map(({ id }) => id), page('herald').length];
    });
    expect(kept).toEqual([['500', '499', '498', '497', '496', '495', '494', '493', '492', '491'], 1]);
  });

  test('forgets a delivery after 30 days, and with it its id', async () => {
    await deliverAll([article('a')], 'old');
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      new DeliveryLog(storage.sql).prune(Date.now() + 31 * 86_400_000);
    });
    expect(await log()).toEqual([]);
    expect(await deliverAll([article('a')], 'old')).toMatchObject({ status: 'unchanged' });
  });
});
