import type { Instant } from '../article/article.ts';
import type { Scope } from '../article/site.ts';
import { isScopeKind, type List, scopeOf } from './lists.ts';
import type { Filters, IdPage, Position, Withdrawn } from './messages.ts';
import { drivers, select } from './selection.ts';

/** How many tombstones a feed carries at most: as many as it has articles. */
const MOST_WITHDRAWN = 100;

/** The name under which `all` stands in tables whose keys have one. */
const nameOf = (scope: Scope): string => (scope.kind === 'all' ? '' : scope.name);

/** What became of a scope's list when an article was listed anew. */
export interface ListChange {
  scope: Scope;
  /** How many articles more, or less, it has. */
  growth: -1 | 0 | 1;
}

/** Which articles are listed where. Only what may be seen now is listed; scopes are remembered for good. */
export class Feeds {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * Lists an article on exactly these lists, which may be none. With `withdrawnAt` the lists it leaves remember that
   * it was taken back.
   * @returns every scope whose list it was on or is on now
   */
  list(articleId: string, publishedAt: Instant, lists: readonly List[], withdrawnAt?: Instant): ListChange[] {
    const left = this.listsOf(articleId);
    this.#sql.exec('DELETE FROM memberships WHERE article_id = ?', articleId);
    if (lists.length > 0) this.#sql.exec('DELETE FROM departures WHERE article_id = ?', articleId);
    const changes = new Map<string, { list: List; growth: -1 | 0 | 1 }>();
    for (const list of left) {
      changes.set(`${list.kind}:${list.name}`, { list, growth: -1 });
      if (withdrawnAt !== undefined) this.#write('departures', list, withdrawnAt, articleId);
    }
    for (const list of lists) {
      const key = `${list.kind}:${list.name}`;
      this.#write('memberships', list, publishedAt, articleId);
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

  /** Scopes that something was ever in, after one (the first by default), in the order of their names. */
  scopesAfter(after: List | undefined, limit: number): Scope[] {
    return this.#sql
      .exec<{ kind: string; name: string }>(
        'SELECT kind, name FROM scopes WHERE (kind, name) > (?, ?) ORDER BY kind, name LIMIT ?',
        after?.kind ?? '',
        after?.name ?? '',
        limit,
      )
      .toArray()
      .flatMap((row) => scopeOf(row as List) ?? []);
  }

  /** Notes that a scope's list changed with the change of this sequence number. */
  touch({ scope, growth }: ListChange, sequence: number, changedAt: Instant): void {
    this.#sql.exec(
      `INSERT INTO scopes VALUES (?1, ?2, ?3, ?4, MAX(?5, 0))
       ON CONFLICT (kind, name) DO UPDATE SET sequence = ?3, changed_at = ?4, articles = articles + ?5`,
      scope.kind,
      nameOf(scope),
      sequence,
      changedAt,
      growth,
    );
  }

  /** The newest change to a scope; undefined when nothing was ever in it. */
  changeOf(scope: Scope): { sequence: number; changedAt: Instant } | undefined {
    const found = this.#scope(scope.kind, nameOf(scope));
    return found && { sequence: found.sequence, changedAt: found.changedAt };
  }

  /**
   * A page of the articles that match every filter, newest first, after `before`; the first with what was taken back
   * since `withdrawnSince`.
   */
  page(filters: Filters, before: Position | undefined, limit: number, withdrawnSince: Instant): IdPage {
    const change = this.#changeOfSelection(filters);
    if (change === undefined) return { items: [], withdrawn: [], sequence: 0, changedAt: EPOCH };
    const driving = drivers(filters, ({ kind, name }) => this.#scope(kind, name)?.articles ?? 0);
    const found = select(this.#sql, 'memberships', filters, driving, {
      direction: 'older',
      from: before,
      limit: limit + 1,
    });
    const items = found.slice(0, limit).map(({ at, ...rest }) => ({ ...rest, publishedAt: at }));
    const last = items.at(-1);
    const [first] = items;
    return {
      items,
      ...(found.length > limit && last && { next: { publishedAt: last.publishedAt, id: last.id } }),
      ...(before && { previous: this.#previous(filters, driving, first ?? before, limit) }),
      withdrawn: before === undefined ? this.withdrawn(filters, withdrawnSince) : [],
      ...change,
    };
  }

  /** What was taken back since an instant and would match every filter, newest first. */
  withdrawn(filters: Filters, since: Instant): Withdrawn[] {
    const driving = drivers(filters, () => 0);
    const found = select(this.#sql, 'departures', filters, driving, {
      direction: 'older',
      limit: MOST_WITHDRAWN,
    });
    return found.filter(({ at }) => at >= since).map(({ id, at, sequence }) => ({ id, at, sequence }));
  }

  /** Forgets what was taken back before an instant. */
  pruneWithdrawn(before: Instant): void {
    this.#sql.exec('DELETE FROM departures WHERE withdrawn_at < ?', before);
  }

  /** The position whose page ends where the page that begins with `first` starts; null for the first page. */
  #previous(filters: Filters, driving: readonly List[], first: Position, limit: number): Position | null {
    const newer = select(this.#sql, 'memberships', filters, driving, {
      direction: 'newer',
      from: { publishedAt: first.publishedAt, id: first.id },
      limit: limit + 1,
    });
    const beyond = newer[limit];
    return beyond === undefined ? null : { publishedAt: beyond.at, id: beyond.id };
  }

  /**
   * The newest change that can have touched what matches: whatever happens to such an article touches a list of each
   * kind that is asked for, so the kind that has been quiet longest tells. Undefined when nothing ever matched.
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

  #write(table: 'memberships' | 'departures', { kind, name }: List, at: Instant, articleId: string): void {
    this.#sql.exec(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?)`, kind, name, at, articleId);
  }
}

const EPOCH = new Date(0).toISOString();

interface ScopeChange {
  sequence: number;
  changedAt: Instant;
}
