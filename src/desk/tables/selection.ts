import type { Instant } from '../../domain/article.ts';
import type { Position } from '../../feeds/cursor.ts';
import { isScopeKind, LIST_KINDS, type List, type ListKind } from '../contract/lists.ts';
import type { Filters } from '../contract/messages.ts';

/** The tables to select from, and the time by which each is ordered: of listed articles, and of withdrawn ones. */
const TABLES = { memberships: 'published_at', departures: 'withdrawn_at' } as const;

export interface Listed {
  id: string;
  /** When it was published, or withdrawn. */
  at: Instant;
  version: number;
  sequence: number;
  bytes: number;
}

/** At most `limit` articles on one side of a position, nearest first. */
interface Range {
  direction: 'older' | 'newer';
  from?: Position | undefined;
  limit: number;
}

/**
 * The lists to walk for filters. Together they contain every matching article: they are the lists of the kind in
 * `include` that has the fewest articles.
 */
export function drivers({ include }: Filters, sizeOf: (list: List) => number): List[] {
  const candidates = Object.entries(include).flatMap(([kind, names]) =>
    isScopeKind(kind) ? [names.map((name) => ({ kind, name }))] : [],
  );
  const [first, ...others] = candidates.map((lists) => ({
    lists,
    size: lists.reduce((sum, list) => sum + sizeOf(list), 0),
  }));
  if (first === undefined) return [{ kind: 'all', name: '' }];
  return others.reduce((smallest, other) => (other.size < smallest.size ? other : smallest), first).lists;
}

/**
 * The articles that match filters, by date, then id. Walks the index of each driving list and checks the other filters
 * by primary key. The walks are merged; an article on several lists counts once.
 */
export function select(
  sql: SqlStorage,
  table: keyof typeof TABLES,
  filters: Filters,
  driving: readonly List[],
  range: Range,
): Listed[] {
  const found = new Map<string, Listed>();
  for (const list of driving) {
    for (const each of walk(sql, table, filters, list, range)) found.set(each.id, each);
  }
  const sign = range.direction === 'older' ? -1 : 1;
  const sorted = [...found.values()].sort((one, other) => sign * compare(one, other));
  return sorted.slice(0, range.limit);
}

const compare = (one: Listed, other: Listed): number =>
  one.at === other.at ? (one.id < other.id ? -1 : 1) : one.at < other.at ? -1 : 1;

function walk(
  sql: SqlStorage,
  table: keyof typeof TABLES,
  { include, exclude, until }: Filters,
  list: List,
  { direction, from, limit }: Range,
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
