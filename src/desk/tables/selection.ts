import type { Instant } from '../../domain/article.ts';
import type { Position } from '../../feeds/cursor.ts';
import { isScopeKind, LIST_KINDS, type List, type ListKind } from '../contract/lists.ts';
import type { Filters } from '../contract/messages.ts';

/** The tables to select from, and the time by which each is ordered: of listed articles, and of withdrawn ones. */
const TABLES = { memberships: 'published_at', departures: 'withdrawn_at' } as const;

/**
 * The work of one selection. Strangers choose the filters, and all share one Desk: a selection that finds nothing must
 * not walk the archive.
 */
export interface SelectionBounds {
  /** Rows of the driving lists. */
  rows: number;
  /** Lookups: for each row, one for each name that it is checked against. */
  lookups: number;
}

export const SELECTION_BOUNDS: SelectionBounds = { rows: 1_000, lookups: 6_000 };

export interface Listed {
  id: string;
  /** When it was published, or withdrawn. */
  at: Instant;
  version: number;
  sequence: number;
  bytes: number;
}

/** The articles that match filters on a part of the driving lists. */
export interface Selection {
  /** In the order of the walk. */
  found: Listed[];
  /** The last position examined, when the bounds ended the walk before it had `limit` articles or reached the end. */
  stoppedAt?: Position;
  /** The rows of the driving lists that were examined. */
  examined: number;
}

/** At most `limit` articles on one side of a position, nearest first. */
interface Range {
  /** Articles before the position, or from it on. */
  direction: 'older' | 'newer';
  from?: Position | undefined;
  /** Only articles of this time or later. */
  since?: Instant;
  limit: number;
}

/**
 * The lists to walk for filters. Together they contain every matching article: they are the lists of the kind in
 * `include` that has the fewest articles. Sizes are known of scopes only; a licence's list is walked where no scope is.
 */
export function drivers({ include }: Filters, sizeOf: (list: List) => number): List[] {
  const candidates = Object.entries(include).flatMap(([kind, names]) =>
    isScopeKind(kind) ? [names.map((name) => ({ kind, name }))] : [],
  );
  const [first, ...others] = candidates.map((lists) => ({
    lists,
    size: lists.reduce((sum, list) => sum + sizeOf(list), 0),
  }));
  if (first === undefined) {
    return include.licences?.map((name) => ({ kind: 'licences', name })) ?? [{ kind: 'all', name: '' }];
  }
  return others.reduce((smallest, other) => (other.size < smallest.size ? other : smallest), first).lists;
}

/**
 * Selects the articles that match filters, by date, then id. Walks the index of each driving list and checks the other
 * filters by primary key. The walks are merged; an article on several lists counts once.
 */
export function select(
  sql: SqlStorage,
  table: keyof typeof TABLES,
  filters: Filters,
  driving: readonly List[],
  range: Range,
  bounds: SelectionBounds = SELECTION_BOUNDS,
): Selection {
  const walks = driving.map((list) => new Walk(sql, table, filters, list, range));
  const checks = walks[0]?.checks ?? 0;
  // At least the first rows of each list, or nothing would be known, and a client could not page on.
  const least = MIN_ROWS * walks.length;
  const allowed = Math.max(least, Math.min(bounds.rows, Math.floor(bounds.lookups / (1 + checks))));
  const allowance = { left: allowed };
  // Enough for a page whose articles all match, and not much more than that.
  const firstRows = Math.max(
    MIN_ROWS,
    Math.min(Math.ceil(range.limit / walks.length), Math.floor(allowed / walks.length)),
  );
  const matches: Row[] = [];
  let last: Row | undefined;
  let stopped = false;
  while (matches.length < range.limit) {
    const heads = walks.map((walk) => walk.head(allowance, firstRows));
    // Without the head of one list, the nearest row is not known.
    stopped = heads.includes('unknown');
    if (stopped) break;
    const nearest = nearestOf(walks, range.direction);
    if (nearest === undefined) break;
    const row = nearest.take();
    if (row.matches === 1 && row.id !== last?.id) matches.push(row);
    last = row;
  }
  return {
    found: withVersions(sql, matches),
    ...(stopped && last && { stoppedAt: { publishedAt: last.at, id: last.id } }),
    examined: allowed - allowance.left,
  };
}

/** Whether a position comes before another in lists, which begin with the newest. */
export const isNewer = (one: Position, other: Position): boolean =>
  one.publishedAt === other.publishedAt ? one.id > other.id : one.publishedAt > other.publishedAt;

/** The nearest row above a position on any of these lists, whether it matches filters or not. One row of each is read. */
export function nextNewer(sql: SqlStorage, lists: readonly List[], than: Position): Position | undefined {
  const rows = lists.flatMap(({ kind, name }) =>
    sql
      .exec<{ publishedAt: Instant; id: string }>(
        `SELECT published_at AS publishedAt, article_id AS id FROM memberships
         WHERE kind = ? AND name = ? AND (published_at, article_id) > (?, ?)
         ORDER BY published_at, article_id LIMIT 1`,
        kind,
        name,
        than.publishedAt,
        than.id,
      )
      .toArray(),
  );
  const [first, ...others] = rows;
  return first && others.reduce((nearest, row) => (isNewer(nearest, row) ? row : nearest), first);
}

/** The rows that each walk reads at first, at least. */
const MIN_ROWS = 2;

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  at: Instant;
  matches: number;
}

/** The rows that a selection may still read. */
interface Allowance {
  left: number;
}

/** The walk along one driving list. Reads rows in growing portions, because each portion is a statement. */
class Walk {
  /** How many names each row is checked against. */
  readonly checks: number;
  readonly #read: (after: Position | undefined, limit: number) => Row[];
  #rows: Row[] = [];
  #taken = 0;
  #portion = 0;
  #ended = false;
  #last: Position | undefined;

  constructor(
    sql: SqlStorage,
    table: keyof typeof TABLES,
    { include, exclude, until }: Filters,
    list: List,
    { direction, from, since }: Range,
  ) {
    const time = TABLES[table];
    const [than, order] = direction === 'older' ? ['<', 'DESC'] : ['>', 'ASC'];
    const names: SqlStorageValue[] = [];
    const onOneOf = (kind: ListKind, wanted: readonly string[]) => {
      names.push(kind, ...wanted);
      return `EXISTS (SELECT 1 FROM ${table} AS also WHERE also.kind = ? AND also.name IN (${wanted.map(() => '?').join(', ')})
        AND also.${time} = listed.${time} AND also.article_id = listed.article_id)`;
    };
    const checks = LIST_KINDS.flatMap((kind) => {
      const wanted = kind === list.kind ? undefined : include[kind];
      const unwanted = exclude[kind];
      return [
        ...(wanted === undefined ? [] : [onOneOf(kind, wanted)]),
        ...(unwanted === undefined ? [] : [`NOT ${onOneOf(kind, unwanted)}`]),
      ];
    });
    this.checks = names.length - checks.length;
    // In a CASE, unlike in a result, SQLite stops at the first check that fails.
    const matches = checks.length === 0 ? '1' : `CASE WHEN ${checks.join(' AND ')} THEN 1 ELSE 0 END`;
    this.#read = (after, limit) => {
      const conditions = ['listed.kind = ?', 'listed.name = ?'];
      const bindings: SqlStorageValue[] = [list.kind, list.name];
      const start = after ?? from;
      if (start !== undefined) {
        // A walk towards newer articles begins with the position itself: the page before it ends there.
        const isInclusive = after === undefined && direction === 'newer';
        conditions.push(`(listed.${time}, listed.article_id) ${than}${isInclusive ? '=' : ''} (?, ?)`);
        bindings.push(start.publishedAt, start.id);
      }
      if (until !== undefined && table === 'memberships') {
        conditions.push(`listed.${time} <= ?`);
        bindings.push(until);
      }
      if (since !== undefined) {
        conditions.push(`listed.${time} >= ?`);
        bindings.push(since);
      }
      return sql
        .exec<Row>(
          `SELECT listed.article_id AS id, listed.${time} AS at, ${matches} AS matches
           FROM ${table} AS listed WHERE ${conditions.join(' AND ')}
           ORDER BY listed.${time} ${order}, listed.article_id ${order} LIMIT ?`,
          ...names,
          ...bindings,
          limit,
        )
        .toArray();
    };
  }

  /** The next row; undefined at the list's end, `unknown` when it may not be read. */
  head(allowance: Allowance, firstRows: number): Row | undefined | 'unknown' {
    if (this.#taken === this.#rows.length && !this.#ended) {
      this.#portion = this.#portion === 0 ? firstRows : this.#portion * 2;
      const limit = Math.min(this.#portion, allowance.left);
      if (limit === 0) return 'unknown';
      this.#rows = this.#read(this.#last, limit);
      this.#taken = 0;
      this.#ended = this.#rows.length < limit;
      allowance.left -= this.#rows.length;
      const last = this.#rows.at(-1);
      if (last !== undefined) this.#last = { publishedAt: last.at, id: last.id };
    }
    return this.#rows[this.#taken];
  }

  /** The row that `head` has read. */
  get current(): Row | undefined {
    return this.#rows[this.#taken];
  }

  take(): Row {
    const row = this.#rows[this.#taken];
    if (row === undefined) throw new Error('A walk was taken from beyond its end.');
    this.#taken += 1;
    return row;
  }
}

/** The walk with the nearest row; undefined when all have ended. */
function nearestOf(walks: readonly Walk[], direction: Range['direction']): Walk | undefined {
  const sign = direction === 'older' ? -1 : 1;
  let nearest: Walk | undefined;
  for (const walk of walks) {
    const { current } = walk;
    if (current === undefined) continue;
    if (nearest?.current === undefined || sign * compare(current, nearest.current) < 0) nearest = walk;
  }
  return nearest;
}

const compare = (one: Row, other: Row): number =>
  one.at === other.at ? (one.id < other.id ? -1 : 1) : one.at < other.at ? -1 : 1;

/** The selected rows with what their articles' records say, in the same order. */
function withVersions(sql: SqlStorage, rows: readonly Row[]): Listed[] {
  if (rows.length === 0) return [];
  const records = sql
    .exec<Omit<Listed, 'at'> & Record<string, SqlStorageValue>>(
      `SELECT articles.id AS id, version, sequence, bytes
       FROM json_each(?) CROSS JOIN articles ON articles.id = json_each.value`,
      JSON.stringify(rows.map(({ id }) => id)),
    )
    .toArray();
  const byId = new Map(records.map((record) => [record.id, record]));
  return rows.flatMap(({ id, at }) => {
    const record = byId.get(id);
    return record === undefined ? [] : [{ ...record, at }];
  });
}
