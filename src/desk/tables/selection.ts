import type { Instant } from '../../domain/article.ts';
import type { Position } from '../../feeds/cursor.ts';
import { isScopeKind, LIST_KINDS, type List, type ListKind } from '../contract/memberships.ts';
import type { Filters } from '../contract/messages.ts';

/** Where articles are listed that are shown, and where those are that were taken back. */
const TABLES = { memberships: 'published_at', departures: 'withdrawn_at' } as const;

export interface Listed {
  id: string;
  /** What the list is ordered by: when it was published, or taken back. */
  at: Instant;
  version: number;
  sequence: number;
  bytes: number;
}

/** A stretch of a list: what lies on one side of a position, at most `limit`, nearest first. */
interface Stretch {
  direction: 'older' | 'newer';
  from?: Position | undefined;
  limit: number;
}

/** The lists that drive a selection: one of them holds every article that matches. */
export function drivers({ include }: Filters, sizeOf: (list: List) => number): List[] {
  const candidates = Object.entries(include).flatMap(([kind, names]) =>
    isScopeKind(kind) ? [names.map((name) => ({ kind, name }))] : [],
  );
  const [first, ...others] = candidates.map((lists) => ({
    lists,
    size: lists.reduce((sum, list) => sum + sizeOf(list), 0),
  }));
  if (first === undefined) return [{ kind: 'all', name: '' }];
  return others.reduce((least, each) => (each.size < least.size ? each : least), first).lists;
}

/**
 * The articles that match every filter, in the order of their dates, then ids. One walk of the index of each driving
 * list, every further filter a look-up by primary key; walks are merged and an article on several counts once.
 */
export function select(
  sql: SqlStorage,
  table: keyof typeof TABLES,
  filters: Filters,
  driving: readonly List[],
  stretch: Stretch,
): Listed[] {
  const found = new Map<string, Listed>();
  for (const list of driving) {
    for (const each of walk(sql, table, filters, list, stretch)) found.set(each.id, each);
  }
  const sign = stretch.direction === 'older' ? -1 : 1;
  const sorted = [...found.values()].sort((one, other) => sign * compare(one, other));
  return sorted.slice(0, stretch.limit);
}

const compare = (one: Listed, other: Listed): number =>
  one.at === other.at ? (one.id < other.id ? -1 : 1) : one.at < other.at ? -1 : 1;

function walk(
  sql: SqlStorage,
  table: keyof typeof TABLES,
  { include, exclude, until }: Filters,
  list: List,
  { direction, from, limit }: Stretch,
): Listed[] {
  const time = TABLES[table];
  const [than, order] = direction === 'older' ? ['<', 'DESC'] : ['>', 'ASC'];
  const bindings: SqlStorageValue[] = [list.kind, list.name];
  const conditions = ['listed.kind = ? AND listed.name = ?'];
  if (from !== undefined) {
    conditions.push(`(listed.${time}, listed.article_id) ${than} (?, ?)`);
    bindings.push(from.publishedAt, from.id);
  }
  if (until !== undefined && table === 'memberships') {
    conditions.push(`listed.${time} <= ?`);
    bindings.push(until);
  }
  const onOneOf = (kind: ListKind, names: readonly string[]) => {
    bindings.push(kind, ...names);
    return `EXISTS (SELECT 1 FROM ${table} AS also WHERE also.kind = ? AND also.name IN (${names.map(() => '?').join(', ')})
      AND also.${time} = listed.${time} AND also.article_id = listed.article_id)`;
  };
  for (const kind of LIST_KINDS) {
    const wanted = include[kind];
    if (wanted !== undefined && kind !== list.kind) conditions.push(onOneOf(kind, wanted));
    const unwanted = exclude[kind];
    if (unwanted !== undefined) conditions.push(`NOT ${onOneOf(kind, unwanted)}`);
  }
  return sql
    .exec<Listed & Record<string, SqlStorageValue>>(
      `SELECT listed.article_id AS id, listed.${time} AS at, articles.version AS version,
         articles.sequence AS sequence, articles.bytes AS bytes
       FROM ${table} AS listed CROSS JOIN articles ON articles.id = listed.article_id
       WHERE ${conditions.join(' AND ')}
       ORDER BY listed.${time} ${order}, listed.article_id ${order} LIMIT ?`,
      ...bindings,
      limit,
    )
    .toArray();
}
