import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  cardsIn,
  deliver,
  desk,
  filtersFor,
  idOf,
  inDesk,
  inKv,
  passTime,
  published,
  revisionOf,
  settle,
  updated,
  withdrawn,
} from './desk.ts';

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';
const T3 = '2026-11-20T12:00:00.000Z';
const FUTURE = '2099-01-01T00:00:00.000Z';

beforeEach(reset);

const changes = async () => (await desk().changes(0, 100)).changes;

describe('revisions', () => {
  test('the first revision is version 1, a newer one with other content is version 2', async () => {
    expect(await published('a', T1)).toMatchObject({
      status: 'accepted',
      article: { id: idOf('a'), version: 1 },
    });
    expect(await updated('a', T2, { headline: 'Another' })).toMatchObject({
      status: 'accepted',
      article: { version: 2 },
    });
  });

  test('an older revision is stale and changes nothing', async () => {
    await published('a', T2, { headline: 'New' });
    expect(await updated('a', T1, { headline: 'Old' })).toMatchObject({
      status: 'stale',
      article: { version: 1 },
    });
    await settle();
    expect(await inKv('a')).toMatchObject({ headline: 'New', version: 1 });
  });

  test('of equal times the later arrival wins', async () => {
    await published('a', T1, { headline: 'First' });
    expect(await published('a', T1, { headline: 'Second' })).toMatchObject({
      status: 'accepted',
      article: { version: 2 },
    });
    await settle();
    expect(await inKv('a')).toMatchObject({ headline: 'Second' });
  });

  test('the same content is unchanged, keeps its version and advances the time compared', async () => {
    await published('a', T1);
    expect(await published('a', T3)).toMatchObject({ status: 'unchanged', article: { version: 1 } });
    expect(await updated('a', T2, { headline: 'Between' })).toMatchObject({ status: 'stale' });
  });

  test('the same delivery id is a duplicate, whatever it holds', async () => {
    const event = { kind: 'published', id: idOf('a'), revisedAt: T1, revision: revisionOf() } as const;
    await deliver(event, 'once');
    expect(
      await deliver({ ...event, revisedAt: T2, revision: revisionOf({ headline: 'X' }) }, 'once'),
    ).toMatchObject({
      status: 'duplicate',
      article: { id: idOf('a'), version: 1 },
    });
  });

  test('a refused delivery may be mended and sent again under its id', async () => {
    const issues = [{ path: 'data.headline', message: 'is required' }];
    expect(await deliver({ kind: 'refused', issues }, 'mended')).toMatchObject({ status: 'refused', issues });
    expect(
      await deliver({ kind: 'published', id: idOf('a'), revisedAt: T1, revision: revisionOf() }, 'mended'),
    ).toMatchObject({
      status: 'accepted',
    });
  });

  test('an event that means nothing here is ignored', async () => {
    expect(await deliver({ kind: 'ignored' })).toMatchObject({ status: 'ignored' });
    expect(await changes()).toEqual([]);
  });
});

describe('publishedAt', () => {
  test('when missing, is the first receipt, and later versions keep it', async () => {
    const before = new Date().toISOString();
    await published('a', T1);
    await settle();
    const first = await inKv('a');
    await updated('a', T2, { headline: 'Another' });
    await settle();
    const second = await inKv('a');
    if (first === null || second === null || !('headline' in first) || !('headline' in second))
      throw new Error('gone');
    expect(first.publishedAt >= before).toBe(true);
    expect(second.publishedAt).toBe(first.publishedAt);
  });

  test('in the future, is clamped to the receipt with a warning', async () => {
    const outcome = await published('a', T1, { publishedAt: FUTURE });
    expect(outcome.warnings).toEqual([{ code: 'published-in-future', excerpt: FUTURE }]);
    await settle();
    const article = await inKv('a');
    expect(article && 'publishedAt' in article && article.publishedAt <= new Date().toISOString()).toBe(true);
  });

  test('orders feeds, then the id, newest first', async () => {
    await published('a', T3, { publishedAt: T1 });
    await published('c', T3, { publishedAt: T2 });
    await published('b', T3, { publishedAt: T2 });
    await settle();
    expect(await cardsIn({ kind: 'all' })).toEqual([idOf('c'), idOf('b'), idOf('a')]);
  });
});

describe('an embargo', () => {
  test('hides the article everywhere until its end', async () => {
    expect(await published('a', T1, { embargoUntil: FUTURE })).toMatchObject({
      status: 'accepted',
      article: { version: 1 },
    });
    await settle();
    expect(await inKv('a')).toBeNull();
    expect(await inDesk('a')).toBeNull();
    expect(await cardsIn({ kind: 'all' })).toEqual([]);
    expect(await changes()).toEqual([]);
  });

  test('is released by the alarm, with publishedAt the later of the two', async () => {
    await published('a', T1, { embargoUntil: FUTURE, publishedAt: T1 });
    await passTime('a', 'embargo_until');
    await settle();
    expect(await inKv('a')).toMatchObject({ status: 'published', publishedAt: FUTURE, version: 1 });
    expect(await cardsIn({ kind: 'all' })).toEqual([idOf('a')]);
    expect(await changes()).toMatchObject([{ kind: 'upsert', id: idOf('a'), version: 1 }]);
  });

  test('that ended before the article came embargoes nothing', async () => {
    await published('a', T2, { embargoUntil: T2, publishedAt: T1 });
    await settle();
    expect(await inKv('a')).toMatchObject({ status: 'published', publishedAt: T2 });
  });

  test.each([
    ['lifted', undefined],
    ['brought forward to a time that has passed', T1],
  ])('that is %s leaves no publication time in the future', async (_what, embargoUntil) => {
    const before = new Date().toISOString();
    await published('a', T1, { embargoUntil: FUTURE });
    await updated('a', T2, embargoUntil === undefined ? {} : { embargoUntil });
    await settle();
    const { publishedAt, updatedAt } = (await inKv('a')) as { publishedAt: string; updatedAt: string };
    expect(publishedAt >= before).toBe(true);
    expect(publishedAt <= new Date().toISOString()).toBe(true);
    expect(updatedAt).toBe(publishedAt);
  });

  test('that is brought forward moves the publication with it', async () => {
    await published('a', T1, { embargoUntil: FUTURE });
    const end = new Date(Date.now() + 3_600_000).toISOString();
    await updated('a', T2, { embargoUntil: end });
    await passTime('a', 'embargo_until');
    await settle();
    expect(await inKv('a')).toMatchObject({ status: 'published', publishedAt: end });
  });

  test('put on an article already shown takes it back until then', async () => {
    await published('a', T1);
    await settle();
    await updated('a', T2, { embargoUntil: FUTURE });
    await settle();
    expect(await inKv('a')).toBeNull();
    expect(await cardsIn({ kind: 'all' })).toEqual([]);
    expect(await changes()).toMatchObject([{ kind: 'withdraw', id: idOf('a') }]);
  });
});

test('an expiry withdraws the article by the alarm', async () => {
  await published('a', T1, { expiresAt: FUTURE });
  await settle();
  expect(await inKv('a')).toMatchObject({ status: 'published' });
  await passTime('a', 'expires_at');
  await settle();
  expect(await inKv('a')).toMatchObject({ status: 'withdrawn', language: 'en' });
  expect(await cardsIn({ kind: 'all' })).toEqual([]);
});

describe('the publisher’s withdrawal', () => {
  test('leaves a tombstone without any of the article’s words', async () => {
    await published('a', T1, { section: 'City' });
    await settle();
    expect(await withdrawn('a', T2)).toMatchObject({ status: 'accepted', article: { version: 2 } });
    await settle();
    expect(await inKv('a')).toEqual({
      id: idOf('a'),
      version: 2,
      status: 'withdrawn',
      language: 'en',
      withdrawnAt: expect.any(String),
    });
    expect(await cardsIn({ kind: 'sections', name: 'City' })).toEqual([]);
    expect(await changes()).toMatchObject([{ kind: 'withdraw', id: idOf('a'), version: 2 }]);
  });

  test('of an unknown id stores a tombstone, and an older revision that comes after it is stale', async () => {
    expect(await withdrawn('a', T2)).toMatchObject({
      status: 'accepted',
      article: { id: idOf('a'), version: 1 },
    });
    expect(await published('a', T1)).toMatchObject({ status: 'stale' });
    await settle();
    expect(await inKv('a')).toMatchObject({ status: 'withdrawn', version: 1 });
  });

  test('said twice is unchanged', async () => {
    await published('a', T1);
    await withdrawn('a', T2);
    expect(await withdrawn('a', T3)).toMatchObject({ status: 'unchanged', article: { version: 2 } });
  });

  test('older than what is held is stale', async () => {
    await published('a', T2);
    expect(await withdrawn('a', T1)).toMatchObject({ status: 'stale' });
  });

  test('is undone by a newer article.published, even with the same words', async () => {
    await published('a', T1);
    await withdrawn('a', T2);
    expect(await published('a', T3)).toMatchObject({ status: 'accepted', article: { version: 3 } });
    await settle();
    expect(await inKv('a')).toMatchObject({ status: 'published', version: 3 });
    expect(await cardsIn({ kind: 'all' })).toEqual([idOf('a')]);
  });

  test('is never undone by article.updated', async () => {
    await published('a', T1);
    await withdrawn('a', T2);
    expect(await updated('a', T3, { headline: 'Another' })).toMatchObject({ status: 'ignored' });
    await settle();
    expect(await inKv('a')).toMatchObject({ status: 'withdrawn' });
  });
});

describe('the operator’s withdrawal', () => {
  test('takes precedence over every revision until the operator restores', async () => {
    await published('a', T1);
    await settle();
    expect(await desk().withdraw(idOf('a'), 'By order of a court')).toMatchObject({
      found: true,
      article: { version: 2, status: 'withdrawn' },
    });
    expect(await inKv('a')).toMatchObject({ status: 'withdrawn', reason: 'By order of a court' });
    expect(await published('a', T2, { headline: 'Again' })).toMatchObject({ status: 'ignored' });
    expect(await updated('a', T2, { headline: 'Again' })).toMatchObject({ status: 'ignored' });
    expect(await desk().restore(idOf('a'))).toMatchObject({
      found: true,
      article: { version: 3, status: 'published' },
    });
    expect(await inKv('a')).toMatchObject({ status: 'published', headline: 'A headline', version: 3 });
    await settle();
    expect(await cardsIn({ kind: 'all' })).toEqual([idOf('a')]);
  });

  test('keeps a body that an earlier release left in KV only', async () => {
    await published('a', T1, { text: 'Words that must come back.' });
    await settle();
    await forgetDetail('a');
    await runInDurableObject(desk(), (_instance, state) => {
      state.storage.sql.exec("DELETE FROM settings WHERE name = 'bodies'");
    });
    await evictDurableObject(desk());
    await desk().withdraw(idOf('a'));
    expect(await desk().restore(idOf('a'))).toMatchObject({ found: true });
    expect(JSON.stringify(await inKv('a'))).toContain('Words that must come back.');
  });

  test('is not ended for an article the publisher had withdrawn: that withdrawal remains', async () => {
    await published('a', T1);
    await withdrawn('a', T2);
    await desk().withdraw(idOf('a'));
    expect(await desk().restore(idOf('a'))).toMatchObject({ found: true, article: { status: 'withdrawn' } });
  });

  test('cannot be ended where there is none, nor created for an unknown id', async () => {
    await published('a', T1);
    expect(await desk().restore(idOf('a'))).toEqual({ found: false, reason: 'not-withdrawn-by-operator' });
    expect(await desk().withdraw(idOf('b'))).toEqual({ found: false, reason: 'unknown' });
  });
});

describe('feeds', () => {
  test('an update that moves an article leaves its old sections and tags', async () => {
    await published('a', T1, { section: 'शहर', tags: ['पानी', 'नदी'] });
    await settle();
    expect(await cardsIn({ kind: 'sections', name: 'शहर' })).toEqual([idOf('a')]);
    await updated('a', T2, { section: 'देश', tags: ['नदी'] });
    await settle();
    expect(await cardsIn({ kind: 'sections', name: 'शहर' })).toEqual([]);
    expect(await cardsIn({ kind: 'tags', name: 'पानी' })).toEqual([]);
    expect(await cardsIn({ kind: 'sections', name: 'देश' })).toEqual([idOf('a')]);
    expect(await cardsIn({ kind: 'tags', name: 'नदी' })).toEqual([idOf('a')]);
  });

  test('a regional language is also in the feed of its language', async () => {
    await published('a', T1, { language: 'ur-PK' });
    await settle();
    expect(await cardsIn({ kind: 'languages', name: 'ur-PK' })).toEqual([idOf('a')]);
    expect(await cardsIn({ kind: 'languages', name: 'ur' })).toEqual([idOf('a')]);
  });

  test('pages by cursor visit every article once, also under a filter', async () => {
    for (let n = 10; n < 35; n += 1) {
      const publishedAt = new Date(Date.parse(T1) + Math.floor(n / 5) * 1_000).toISOString();
      await published(`a${n}`, T1, {
        publishedAt,
        section: n % 2 ? 'Odd' : 'Even',
        tags: n % 3 ? [] : ['Third'],
      });
    }
    const walk = async (filters: Parameters<ReturnType<typeof desk>['page']>[0]) => {
      const seen: string[] = [];
      let before: { publishedAt: string; id: string } | undefined;
      do {
        const page = await desk().page(filters, before, 4);
        seen.push(...page.items.map((item) => item.id));
        before = page.next;
      } while (before);
      return seen;
    };
    expect(new Set(await walk(filtersFor({}))).size).toBe(25);
    expect(await walk(filtersFor({}))).toHaveLength(25);
    expect(await walk(filtersFor({ sections: ['Odd'], tags: ['Third'] }))).toHaveLength(4);
    expect(await walk(filtersFor({ sections: ['Nowhere'] }))).toEqual([]);
  });
});

describe('changes', () => {
  test('contain one row for each article, in the order of their newest change', async () => {
    await published('a', T1);
    await published('b', T1);
    await updated('a', T2, { headline: 'Another' });
    await withdrawn('b', T2);
    await published('c', T1);
    const all = await changes();
    expect(all.map(({ id, kind, version }) => [id, kind, version])).toEqual([
      [idOf('a'), 'upsert', 2],
      [idOf('b'), 'withdraw', 2],
      [idOf('c'), 'upsert', 1],
    ]);
    expect(all.map((change) => change.seq)).toEqual([3, 4, 5]);
  });

  test('are paged by sequence number', async () => {
    for (const name of ['a', 'b', 'c']) await published(name, T1);
    const first = await desk().changes(0, 2);
    expect(first.changes).toHaveLength(2);
    expect(first.next).toBe(2);
    expect(await desk().changes(2, 2)).toMatchObject({ changes: [{ seq: 3 }], next: null });
  });
});

async function forgetDetail(name: string): Promise<void> {
  await runInDurableObject(desk(), (_instance, state) => {
    state.storage.sql.exec('DELETE FROM bodies WHERE article_id = ?', idOf(name));
  });
}
