import type { Instant } from '../../domain/article.ts';
import type { Scope, ScopeKind } from '../../domain/site.ts';
import type { Position } from '../../feeds/cursor.ts';
import type { StoredCard, Withdrawn } from '../../feeds/stored-feed.ts';
import { logFailure } from '../../log.ts';
import { ByteBudget } from '../../text/bytes.ts';
import { isScopeKind, type List, scopeOf } from '../contract/lists.ts';
import type { ArchivedPage, Day, Filters, IdPage } from '../contract/messages.ts';
import { DayParts } from './day-parts.ts';
import { drivers, isNewer, nextNewer, SELECTION_BOUNDS, type SelectionBounds, select } from './selection.ts';

/** The most withdrawals in a feed, as many as articles. */
const MAX_WITHDRAWN = 100;

/** No kind comes after it. */
const LAST_KIND = '~';

const DAY_MS = 86_400_000;

/** A scope's name in tables: `all` has an empty one. */
const nameOf = (scope: Scope): string => (scope.kind === 'all' ? '' : scope.name);

/** A scope whose list an article is on, was on, or both. */
export interface ListChange {
  scope: Scope;
  /** The change in the number of articles on its list. */
  growth: -1 | 0 | 1;
}

/**
 * The tables `memberships`, `departures`, `scopes` and `days`: which articles are on which lists. Only published articles
 * are listed. Scopes are never deleted.
 */
export class Memberships {
  readonly #sql: SqlStorage;
  readonly #bounds: SelectionBounds;
  readonly #dayParts: DayParts;

  constructor(sql: SqlStorage, bounds = SELECTION_BOUNDS) {
    this.#sql = sql;
    this.#bounds = bounds;
    this.#dayParts = new DayParts(sql);
  }

  /**
   * Puts an article on exactly these lists, which may be none.
   * @param withdrawnAt when it was withdrawn, if so: the lists it leaves then record its departure
   * @returns every scope whose list it was on or is on now
   */
  list(articleId: string, publishedAt: Instant, lists: readonly List[], withdrawnAt?: Instant): ListChange[] {
    const left = this.listsOf(articleId);
    if (left.length > 0) this.#sql.exec('DELETE FROM memberships WHERE article_id = ?', articleId);
    if (lists.length > 0) this.#sql.exec('DELETE FROM departures WHERE article_id = ?', articleId);
    if (withdrawnAt !== undefined) this.#write('departures', left, withdrawnAt, articleId);
    this.#write('memberships', lists, publishedAt, articleId);
    const changes = new Map<string, { list: List; growth: -1 | 0 | 1 }>();
    for (const list of left) changes.set(`${list.kind}:${list.name}`, { list, growth: -1 });
    for (const list of lists) {
      const key = `${list.kind}:${list.name}`;
      changes.set(key, { list, growth: changes.has(key) ? 0 : 1 });
    }
    return [...changes.values()].flatMap(({ list, growth }) => {
      const scope = scopeOf(list);
      return scope === undefined ? [] : [{ scope, growth }];
    });
  }

  /** The lists an article is on. */
  listsOf(articleId: string): List[] {
    return this.#sql
      .exec<{ kind: List['kind']; name: string }>(
        'SELECT kind, name FROM memberships WHERE article_id = ?',
        articleId,
      )
      .toArray() as List[];
  }

  /** The scopes after one (from the first without one), in the order of their kinds and names. */
  scopesAfter(after: Scope | undefined, limit: number): Scope[] {
    return this.#sql
      .exec<{ kind: string; name: string }>(
        'SELECT kind, name FROM scopes WHERE (kind, name) > (?, ?) ORDER BY kind, name LIMIT ?',
        after?.kind ?? '',
        after === undefined ? '' : nameOf(after),
        limit,
      )
      .toArray()
      .flatMap((row) => scopeOf(row as List) ?? []);
  }

  /** The newest changes to the scopes after one, up to another, in the order of their kinds and names. */
  changesBetween(
    after: { kind: string; name: string },
    upTo: { kind: string; name: string } | undefined,
    limit: number,
  ): (List & ScopeChange)[] {
    return this.#sql
      .exec<{ kind: string; name: string; sequence: number; changedAt: Instant }>(
        `SELECT kind, name, sequence, changed_at AS changedAt FROM scopes
         WHERE (kind, name) > (?, ?) AND (kind, name) <= (?, ?) ORDER BY kind, name LIMIT ?`,
        after.kind,
        after.name,
        upTo?.kind ?? LAST_KIND,
        upTo?.name ?? '',
        limit,
      )
      .toArray() as (List & ScopeChange)[];
  }

  /** How many of these lists are scopes that never had an article. */
  countNew(lists: readonly List[]): number {
    const scopes = lists.filter(({ kind }) => kind === 'all' || isScopeKind(kind));
    return this.#sql
      .exec<{ count: number }>(
        `SELECT COUNT(*) AS count FROM json_each(?)
         WHERE NOT EXISTS (SELECT 1 FROM scopes WHERE kind = value ->> 0 AND name = value ->> 1)`,
        JSON.stringify(scopes.map(({ kind, name }) => [kind, name])),
      )
      .one().count;
  }

  /** Records that the change with this sequence number changed the lists of scopes. */
  touch(changes: readonly ListChange[], sequence: number, changedAt: Instant): void {
    const rows = changes.map(({ scope, growth }) => [scope.kind, nameOf(scope), growth]);
    this.#sql.exec(
      `INSERT INTO scopes (kind, name, sequence, changed_at, articles)
       SELECT value ->> 0, value ->> 1, ?2, ?3, value ->> 2 FROM json_each(?1) WHERE true
       ON CONFLICT (kind, name) DO UPDATE SET sequence = ?2, changed_at = ?3, articles = articles + excluded.articles`,
      JSON.stringify(rows),
      sequence,
      changedAt,
    );
  }

  /** The newest change to a scope; undefined when the scope never had an article. */
  changeOf(scope: Scope): { sequence: number; changedAt: Instant } | undefined {
    const found = this.#scope(scope.kind, nameOf(scope));
    return found && { sequence: found.sequence, changedAt: found.changedAt };
  }

  /**
   * A page of the articles that match filters, newest first, from the position `before`. The first page has the
   * withdrawals since `withdrawnSince`. Where few articles match, the bounds of a selection end the page: it then has
   * fewer articles than `limit`, perhaps none, and a `next`. Following `next` gives every match once.
   */
  page(filters: Filters, before: Position | undefined, limit: number, withdrawnSince: Instant): IdPage {
    const change = this.#changeOfSelection(filters);
    if (change === undefined) return { items: [], withdrawn: [], sequence: 0, changedAt: EPOCH, examined: 0 };
    const driving = drivers(filters, ({ kind, name }) => this.#scope(kind, name)?.articles ?? 0);
    const range = { direction: 'older', from: before, limit: limit + 1 } as const;
    const { found, stoppedAt, examined } = select(
      this.#sql,
      'memberships',
      filters,
      driving,
      range,
      this.#bounds,
    );
    const items = found.slice(0, limit).map(({ at, ...rest }) => ({ ...rest, publishedAt: at }));
    const last = items.at(-1);
    const next = found.length > limit ? last && { publishedAt: last.publishedAt, id: last.id } : stoppedAt;
    const newer = before && this.#previous(filters, driving, before, limit);
    return {
      items,
      ...(next && { next }),
      ...(newer && { previous: newer.previous }),
      withdrawn: before === undefined ? this.withdrawn(filters, withdrawnSince) : [],
      examined: examined + (newer?.examined ?? 0),
      ...change,
    };
  }

  /**
   * A scope's newest articles, each with its stored card as JSON: at most `limit`, and as many as have `maxBytes`
   * together. One query, which walks one list. A card that is not JSON is left out, so that it does not stop the feed.
   */
  newest(
    scope: Scope,
    limit: number,
    maxBytes: number,
  ): { listed: { bytes: number; sequence: number; card: string }[]; isCut: boolean } {
    const rows = this.#sql.exec<NewestRow>(
      `SELECT articles.id AS id, version, sequence, bytes, card, json_valid(card) AS valid,
         articles.published_at AS publishedAt, updated_at AS updatedAt
       FROM memberships AS listed CROSS JOIN articles ON articles.id = listed.article_id
       WHERE listed.kind = ? AND listed.name = ?
       ORDER BY listed.published_at DESC, listed.article_id DESC LIMIT ?`,
      scope.kind,
      nameOf(scope),
      limit,
    );
    const budget = new ByteBudget(maxBytes);
    const listed: { bytes: number; sequence: number; card: string }[] = [];
    for (const row of rows) {
      if (row.valid !== 1) {
        logFailure('card left out of a feed', 'it is not valid JSON', { id: row.id });
        continue;
      }
      const card = cardText(row);
      if (!budget.take(card, 1)) return { listed, isCut: true };
      listed.push({ bytes: row.bytes, sequence: row.sequence, card });
    }
    return { listed, isCut: false };
  }

  /** The newest withdrawals since an instant of articles that matched filters, within the bounds of a selection. */
  withdrawn(filters: Filters, since: Instant): Withdrawn[] {
    const driving = drivers(filters, () => 0);
    const range = { direction: 'older', since, limit: MAX_WITHDRAWN } as const;
    const { found } = select(this.#sql, 'departures', filters, driving, range, this.#bounds);
    return found.map(({ id, at, sequence }) => ({ id, at, sequence }));
  }

  /** Deletes the departures before an instant. */
  pruneDepartures(before: Instant): void {
    this.#sql.exec('DELETE FROM departures WHERE withdrawn_at < ?', before);
  }

  /** The days with listed articles, newest first. */
  days(limit: number): Day[] {
    return this.#sql
      .exec<{ day: string; articles: number; changedAt: Instant }>(
        'SELECT day, articles, changed_at AS changedAt FROM days WHERE articles > 0 ORDER BY day DESC LIMIT ?',
        limit,
      )
      .toArray();
  }

  /**
   * A part of the articles that were published on a day, newest first; none when there is no such part.
   * @param index counts from 0
   * @returns null when so late a part cannot be found at once; the next call gets further
   */
  publishedOn(day: string, index: number, partSize: number, now: number): ArchivedPage[] | null {
    const [from, to] = [0, DAY_MS].map((ms) =>
      new Date(Date.parse(`${day}T00:00:00.000Z`) + ms).toISOString(),
    );
    const [row] = this.#sql
      .exec<{ changedAt: Instant }>('SELECT changed_at AS changedAt FROM days WHERE day = ?', day)
      .toArray();
    if (from === undefined || to === undefined || row === undefined) return [];
    const start = this.#dayParts.startOf({ from, to, ...row }, index, partSize, now);
    if (start === 'later') return null;
    return start === null ? [] : this.publishedBetween(from, to, partSize, start);
  }

  /** The listed articles that were published from `from` to before `to`, newest first, those after a position. */
  publishedBetween(from: Instant, to: Instant, limit: number, after?: Position): ArchivedPage[] {
    return this.#sql
      .exec<ArchivedPage & Record<string, SqlStorageValue>>(
        `SELECT id, card ->> '$.headline' AS headline, card ->> '$.language' AS language,
           listed.published_at AS publishedAt, updated_at AS updatedAt, card ->> '$.image.url' AS imageUrl
         FROM memberships AS listed CROSS JOIN articles ON articles.id = listed.article_id
         WHERE kind = 'all' AND name = '' AND listed.published_at >= ?
           AND (listed.published_at, listed.article_id) < (?, ?)
         ORDER BY listed.published_at DESC, listed.article_id DESC LIMIT ?`,
        from,
        after?.publishedAt ?? to,
        after?.id ?? '',
        limit,
      )
      .toArray();
  }

  /** The scopes of a kind with the most articles, largest first; none without an article. */
  largestScopes(kind: ScopeKind, limit: number): Scope[] {
    return this.#sql
      .exec<{ name: string }>(
        'SELECT name FROM scopes WHERE kind = ? AND articles > 0 ORDER BY articles DESC LIMIT ?',
        kind,
        limit,
      )
      .toArray()
      .flatMap(({ name }) => scopeOf({ kind, name }) ?? []);
  }

  /**
   * The start of the page before the one that starts at `before`; null when that is the first page. Where the bounds end
   * the selection, that page contains fewer newer articles than a page has.
   */
  #previous(
    filters: Filters,
    driving: readonly List[],
    before: Position,
    limit: number,
  ): { previous: Position | null; examined: number } {
    const range = { direction: 'newer', from: before, limit: limit + 1 } as const;
    const newer = select(this.#sql, 'memberships', filters, driving, range, this.#bounds);
    const beyond = newer.found[limit];
    const start = beyond === undefined ? newer.stoppedAt : { publishedAt: beyond.at, id: beyond.id };
    const page = { previous: start ?? null, examined: newer.examined };
    // The walk from there back here reads as many rows of one list. Several lists are read in other portions, and their
    // walk may stop on the way.
    if (driving.length === 1) return page;
    const older = { direction: 'older', from: start, limit } as const;
    const back = select(this.#sql, 'memberships', filters, driving, older, this.#bounds);
    const examined = newer.examined + back.examined;
    const isReached = back.stoppedAt === undefined || !isNewer(back.stoppedAt, before);
    if (isReached) return { ...page, examined };
    return { previous: nextNewer(this.#sql, driving, before) ?? null, examined };
  }

  /**
   * The newest change that can have affected a matching article. Every change to such an article touches a list of each
   * kind in `include`, so the kind with the oldest newest change is the bound. Undefined when no article ever matched.
   */
  #changeOfSelection({ include }: Filters): ScopeChange | undefined {
    const all = this.#scope('all', '');
    let quietest: ScopeChange | undefined = all;
    for (const [kind, names] of Object.entries(include)) {
      if (!isScopeKind(kind)) continue;
      const changes = names.flatMap((name) => this.#scope(kind, name) ?? []);
      if (changes.length === 0) return undefined;
      const newest = changes.reduce((one, other) => (other.sequence > one.sequence ? other : one));
      if (quietest === undefined || newest.sequence < quietest.sequence) quietest = newest;
    }
    return quietest && { sequence: quietest.sequence, changedAt: quietest.changedAt };
  }

  #scope(kind: List['kind'], name: string): (ScopeChange & { articles: number }) | undefined {
    const [row] = this.#sql
      .exec<{ sequence: number; changedAt: Instant; articles: number }>(
        'SELECT sequence, changed_at AS changedAt, articles FROM scopes WHERE kind = ? AND name = ?',
        kind,
        name,
      )
      .toArray();
    return row;
  }

  #write(table: 'memberships' | 'departures', lists: readonly List[], at: Instant, articleId: string): void {
    if (lists.length === 0) return;
    this.#sql.exec(
      `INSERT OR REPLACE INTO ${table} SELECT value ->> 0, value ->> 1, ?2, ?3 FROM json_each(?1)`,
      JSON.stringify(lists.map(({ kind, name }) => [kind, name])),
      at,
      articleId,
    );
  }
}

interface NewestRow extends Record<string, SqlStorageValue> {
  id: string;
  version: number;
  sequence: number;
  bytes: number;
  card: string;
  valid: number;
  publishedAt: Instant;
  updatedAt: Instant;
}

/** A `StoredCard` as JSON, from a row whose card is JSON already. Every listed article is published. */
function cardText({ id, version, card, publishedAt, updatedAt }: NewestRow): string {
  const before = JSON.stringify({ id, version, status: 'published' } satisfies Partial<StoredCard>);
  const after = JSON.stringify({ publishedAt, updatedAt } satisfies Partial<StoredCard>);
  return `${before.slice(0, -1)},${card.slice(1, -1)},${after.slice(1)}`;
}

const EPOCH = new Date(0).toISOString();

export interface ScopeChange {
  sequence: number;
  changedAt: Instant;
}
