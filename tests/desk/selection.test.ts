import { reset, runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { List } from '../../src/desk/contract/lists.ts';
import type { Filters, IdPage } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { Articles } from '../../src/desk/tables/articles.ts';
import { DayParts } from '../../src/desk/tables/day-parts.ts';
import { Memberships } from '../../src/desk/tables/memberships.ts';
import { SELECTION_BOUNDS } from '../../src/desk/tables/selection.ts';
import type { Position } from '../../src/feeds/cursor.ts';
import { desk, revisionOf } from './desk.ts';

beforeEach(reset);

const EPOCH = new Date(0).toISOString();

/** Publication times repeat, so that ids decide. */
const timeOf = (number: number) =>
  new Date(Date.UTC(2026, 10, 1) + Math.floor(number / 3) * 60_000).toISOString();

const idOf = (number: number) => String(number).padStart(16, '0');

interface Listed {
  id: string;
  at: string;
  lists: List[];
}

const names = {
  sections: ['A', 'B'],
  tags: ['x', 'y', 'z'],
  authors: ['Ada', 'Bo'],
  licences: ['wire'],
} as const;
type Kind = keyof typeof names;
const KINDS = Object.keys(names) as Kind[];

/** Fills the tables with articles on lists. */
function fill(sql: SqlStorage, articles: readonly Listed[]): void {
  const [records, memberships] = [new Articles(sql), new Memberships(sql)];
  for (const [index, { id, at, lists }] of articles.entries()) {
    records.writeRevision(id, revisionOf(), { revisedAt: at, publishedAt: at, updatedAt: at });
    records.settle(id, 'published', index + 1, at);
    memberships.touch(memberships.list(id, at, [{ kind: 'all', name: '' }, ...lists]), index + 1, at);
  }
}

/** SQL whose rows read are counted, as Cloudflare bills them. */
function counted(sql: SqlStorage) {
  const cursors: { rowsRead: number }[] = [];
  const exec = (query: string, ...bindings: SqlStorageValue[]) => {
    const cursor = sql.exec(query, ...bindings);
    cursors.push(cursor);
    return cursor;
  };
  return {
    sql: { exec } as SqlStorage,
    rowsRead: () => cursors.splice(0).reduce((sum, { rowsRead }) => sum + rowsRead, 0),
  };
}

const isOn = ({ lists }: Listed, [kind, wanted]: [string, readonly string[]]) =>
  lists.some((list) => list.kind === kind && wanted.includes(list.name));

/** The ids that match, newest first, found without any bound. */
const matching = (articles: readonly Listed[], { include, exclude, until }: Filters): string[] =>
  articles
    .filter((each) => Object.entries(include).every((names) => isOn(each, names)))
    .filter((each) => !Object.entries(exclude).some((names) => isOn(each, names)))
    .filter(({ at }) => until === undefined || at <= until)
    .sort((one, other) => (one.at + one.id < other.at + other.id ? 1 : -1))
    .map(({ id }) => id);

const subset = (kind: Kind) => fc.subarray([...names[kind]], { minLength: 1 });
const someNames = fc
  .subarray(KINDS)
  .chain((kinds) => fc.record(Object.fromEntries(kinds.map((kind) => [kind, subset(kind)]))));

const someFilters: fc.Arbitrary<Filters> = fc
  .record({
    include: someNames,
    exclude: someNames,
    until: fc.option(fc.nat(40).map(timeOf), { nil: undefined }),
  })
  .map(({ until, ...rest }) => ({ ...rest, ...(until !== undefined && { until }) })) as fc.Arbitrary<Filters>;

const someArticles = fc
  .array(fc.record(Object.fromEntries(KINDS.map((kind) => [kind, fc.subarray([...names[kind]])]))), {
    minLength: 1,
    maxLength: 60,
  })
  .map((rows) =>
    rows.map((row, number): Listed => {
      const lists = Object.entries(row).flatMap(([kind, on]) =>
        (on as string[]).map((name) => ({ kind, name }) as List),
      );
      return { id: idOf(number), at: timeOf(number), lists };
    }),
  );

/** Follows the links of pages. */
function follow(
  page: (before?: Position) => IdPage,
  start: Position | undefined,
  link: 'next' | 'previous',
): { pages: IdPage[]; starts: (Position | undefined)[] } {
  const pages: IdPage[] = [];
  const starts: (Position | undefined)[] = [];
  let before: Position | undefined | null = start;
  for (;;) {
    starts.push(before ?? undefined);
    const got = page(before ?? undefined);
    pages.push(got);
    if (pages.length > 500) throw new Error('The pages do not end.');
    const to: Position | null | undefined = got[link];
    if (to === undefined || before === null) return { pages, starts };
    before = to;
  }
}

test('pages put together are everything that matches, once and in order, whatever the bounds', async () => {
  await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    fc.assert(
      fc.property(
        someArticles,
        fc.array(someFilters, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        fc.record({ rows: fc.integer({ min: 1, max: 30 }), lookups: fc.integer({ min: 1, max: 100 }) }),
        (articles, filters, limit, bounds) => {
          for (const table of ['articles', 'details', 'memberships', 'departures', 'scopes', 'days'])
            storage.sql.exec(`DELETE FROM ${table}`);
          fill(storage.sql, articles);
          const memberships = new Memberships(storage.sql, bounds);
          for (const each of filters) {
            const page = (before?: Position) => memberships.page(each, before, limit, EPOCH);
            const expected = matching(articles, each);
            const forward = follow(page, undefined, 'next');
            const ids = forward.pages.flatMap(({ items }) => items.map(({ id }) => id));
            expect(ids).toEqual(expected);
            for (const { items } of forward.pages) expect(items.length).toBeLessThanOrEqual(limit);
            // From the last page, the links to previous ones lead past everything newer, to the first page.
            const last = forward.starts.at(-1);
            if (last === undefined) continue;
            const back = follow(page, last, 'previous');
            const seen = new Set(back.pages.flatMap(({ items }) => items.map(({ id }) => id)));
            expect(seen).toEqual(new Set(expected));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('the link to the previous page skips nothing where several lists are walked', async () => {
  await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    const on = (...tags: string[]) => tags.map((name): List => ({ kind: 'tags', name }));
    const lists = [on('y'), on('y'), [...on('x'), { kind: 'sections', name: 'B' } as const], on('x')];
    lists[3]?.push({ kind: 'sections', name: 'B' });
    fill(
      storage.sql,
      lists.map((each, number) => ({ id: idOf(number), at: timeOf(number), lists: each })),
    );
    const memberships = new Memberships(storage.sql, { rows: 1, lookups: 1 });
    const filters: Filters = { include: { tags: ['x', 'y'] }, exclude: { sections: ['B'] } };
    const last = { publishedAt: timeOf(1), id: idOf(1) };
    const back = follow((before) => memberships.page(filters, before, 1, EPOCH), last, 'previous');
    expect(back.pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual([idOf(0), idOf(1)]);
  });
});

describe('a query in an archive of thousands that nothing matches', () => {
  const many = Array.from({ length: 6_000 }, (_each, number): Listed => {
    const lists: List[] = [
      { kind: 'sections', name: 'A' },
      { kind: 'tags', name: 'x' },
      ...(number === 0 ? [{ kind: 'tags', name: 'rare' } as const] : []),
    ];
    return { id: idOf(number), at: timeOf(number), lists };
  });
  const thirty = Array.from({ length: 30 }, (_each, number) => `no-${number}`);

  const cases: [string, Filters][] = [
    ['a section without its tag', { include: { sections: ['A'] }, exclude: { tags: ['x'] } }],
    ['all without a section', { include: {}, exclude: { sections: ['A'] } }],
    ['thirty excluded names', { include: {}, exclude: { authors: thirty, sections: ['A'] } }],
    ['thirty names of one kind', { include: { tags: ['x', ...thirty] }, exclude: { sections: ['A'] } }],
    ['a licence that nothing has', { include: { licences: ['none'] }, exclude: {} }],
    ['territories that nothing has', { include: { territories: ['none'] }, exclude: {} }],
    ['two big lists', { include: { sections: ['A'], authors: ['x'] }, exclude: {} }],
    ['a rare tag in a big section', { include: { sections: ['A'], tags: ['rare'] }, exclude: {} }],
  ];

  test('reads a bounded number of rows, at every position', async () => {
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      storage.transactionSync(() => fill(storage.sql, many));
      // Withdrawn, each from every list: what the first page of a feed looks through for its withdrawals.
      storage.sql.exec(
        "INSERT INTO departures SELECT kind, name, published_at, article_id FROM memberships WHERE kind <> 'tags'",
      );
      const { sql, rowsRead } = counted(storage.sql);
      const memberships = new Memberships(sql);
      const middle = { publishedAt: timeOf(3_000), id: idOf(3_000) };
      for (const [what, filters] of cases) {
        for (const before of [undefined, middle]) {
          const page = memberships.page(filters, before, 100, EPOCH);
          // A walk in each direction, and with several lists one back; a row of a list, and what it is checked against.
          const walks = (filters.include.tags?.length ?? 1) > 1 ? 3 : 2;
          expect(rowsRead(), what).toBeLessThanOrEqual(walks * 2 * (SELECTION_BOUNDS.rows + 200));
          expect(page.examined, what).toBeLessThanOrEqual(walks * SELECTION_BOUNDS.rows);
        }
      }
      // An ordinary page reads little more than it shows.
      memberships.page({ include: { sections: ['A'] }, exclude: {} }, middle, 50, EPOCH);
      expect(rowsRead()).toBeLessThan(400);
    });
  });
});

describe('the parts of a day', () => {
  const day = '2026-11-01';
  const to = '2026-11-02T00:00:00.000Z';
  const articles = Array.from({ length: 300 }, (_each, number): Listed => {
    const at = new Date(Date.UTC(2026, 10, 1) + Math.floor(number / 3) * 60_000).toISOString();
    return { id: idOf(number), at, lists: [] };
  });

  test('together have every article once, whatever the order they are asked for in', async () => {
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      storage.transactionSync(() => fill(storage.sql, articles));
      const expected = matching(articles, { include: {}, exclude: {} });
      for (const order of [
        [0, 1, 2, 3, 4],
        [4, 2, 0, 3, 1],
      ]) {
        const memberships = new Memberships(storage.sql);
        const parts = new Map<number, string[]>();
        for (const index of order) {
          parts.set(
            index,
            (memberships.publishedOn(day, index, 70, 1) ?? []).map(({ id }) => id),
          );
        }
        expect([0, 1, 2, 3, 4].flatMap((index) => parts.get(index))).toEqual(expected);
        expect(memberships.publishedOn(day, 5, 70, 1)).toEqual([]);
        expect(memberships.publishedOn('2026-11-03', 0, 70, 1)).toEqual([]);
      }
    });
  });

  test('are found in bounded steps, and known while the day does not change', async () => {
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      storage.transactionSync(() => fill(storage.sql, articles));
      const { sql, rowsRead } = counted(storage.sql);
      const parts = new DayParts(sql, 50);
      const range = { from: `${day}T00:00:00.000Z`, to, changedAt: to };
      const asked = () => parts.startOf(range, 20, 10, 1_000_000);
      for (let calls = 1; calls < 4; calls += 1) {
        expect(asked()).toBe('later');
        expect(rowsRead()).toBeLessThanOrEqual(51);
      }
      const expected = matching(articles, { include: {}, exclude: {} })[199];
      expect(asked()).toMatchObject({ id: expected });
      rowsRead();
      expect(asked()).toMatchObject({ id: expected });
      expect(parts.startOf(range, 15, 10, 1_000_000)).toMatchObject({ id: expect.any(String) });
      expect(rowsRead()).toBe(0);
      expect(parts.startOf({ ...range, changedAt: 'later' }, 20, 10, 2_000_000)).toBe('later');
    });
  });
});
