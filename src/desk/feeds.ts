import type { Instant } from '../article/article.ts';
import { primaryLanguage } from '../article/language.ts';
import type { Scope, ScopeKind } from '../article/site.ts';
import type { CardContent, Filters, IdPage, Position } from './messages.ts';

/** The name under which `all` stands in tables whose keys have one. */
const nameOf = (scope: Scope): string => (scope.kind === 'all' ? '' : scope.name);

const scopeOf = (kind: Scope['kind'], name: string): Scope => (kind === 'all' ? { kind } : { kind, name });

/** The scopes an article belongs to. `hi-IN` is in the feeds of `hi-IN` and of `hi`. */
export function scopesOf(card: CardContent): Scope[] {
  const languages = new Set([card.language, primaryLanguage(card.language)]);
  const named: [ScopeKind, Iterable<string>][] = [
    ['publishers', [card.publisher]],
    ['sections', card.section === undefined ? [] : [card.section]],
    ['tags', new Set(card.tags)],
    ['languages', languages],
    ['authors', new Set(card.authors.map((author) => author.name))],
  ];
  return [
    { kind: 'all' },
    ...named.flatMap(([kind, names]) => [...names].map((name) => ({ kind, name }) as const)),
  ];
}

/** Which articles are listed where. Only what may be seen now is listed; scopes are remembered for good. */
export class Feeds {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * Lists an article in exactly these scopes, which may be none.
   * @returns every scope whose list it was in or is in now
   */
  list(articleId: string, publishedAt: Instant, scopes: readonly Scope[]): Scope[] {
    const touched = new Map<string, Scope>();
    const left = this.#sql
      .exec<{ kind: Scope['kind']; name: string }>(
        'SELECT kind, name FROM memberships WHERE article_id = ?',
        articleId,
      )
      .toArray();
    this.#sql.exec('DELETE FROM memberships WHERE article_id = ?', articleId);
    for (const { kind, name } of left) touched.set(`${kind}:${name}`, scopeOf(kind, name));
    for (const scope of scopes) {
      this.#sql.exec(
        'INSERT INTO memberships VALUES (?, ?, ?, ?)',
        scope.kind,
        nameOf(scope),
        publishedAt,
        articleId,
      );
      touched.set(`${scope.kind}:${nameOf(scope)}`, scope);
    }
    return [...touched.values()];
  }

  /** Notes that a scope changed with the change of this sequence number. */
  touch(scope: Scope, sequence: number, changedAt: Instant): void {
    this.#sql.exec(
      `INSERT INTO scopes VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (kind, name) DO UPDATE SET sequence = ?3, changed_at = ?4`,
      scope.kind,
      nameOf(scope),
      sequence,
      changedAt,
    );
  }

  /** The newest change to a scope; undefined when nothing was ever in it. */
  changeOf(scope: Scope): { sequence: number; changedAt: Instant } | undefined {
    const [row] = this.#sql
      .exec<{ sequence: number; changedAt: Instant }>(
        'SELECT sequence, changed_at AS changedAt FROM scopes WHERE kind = ? AND name = ?',
        scope.kind,
        nameOf(scope),
      )
      .toArray();
    return row;
  }

  /**
   * A page of the articles that match every filter, newest first, after `before`. One walk of the index of the
   * first filter's list (of all articles without one), each further filter a look-up by primary key.
   */
  page(filters: Filters, before: Position | undefined, limit: number): IdPage {
    const scopes = Object.entries(filters).map(([kind, name]) => scopeOf(kind as ScopeKind, name));
    const [first = { kind: 'all' } as const, ...others] = scopes;
    const changes = [first, ...others].map((scope) => this.changeOf(scope));
    const change = changes.reduce(newest);
    if (change === undefined || changes.includes(undefined))
      return { items: [], sequence: 0, changedAt: EPOCH };
    const rows = this.#sql
      .exec<{ id: string; publishedAt: Instant; bytes: number }>(
        `SELECT listed.article_id AS id, listed.published_at AS publishedAt, articles.bytes AS bytes
         FROM memberships AS listed CROSS JOIN articles ON articles.id = listed.article_id
         WHERE listed.kind = ? AND listed.name = ?
           ${before === undefined ? '' : 'AND (listed.published_at, listed.article_id) < (?, ?)'}
           ${others.map(() => ALSO_IN).join(' ')}
         ORDER BY listed.published_at DESC, listed.article_id DESC LIMIT ?`,
        first.kind,
        nameOf(first),
        ...(before === undefined ? [] : [before.publishedAt, before.id]),
        ...others.flatMap((scope) => [scope.kind, nameOf(scope)]),
        limit + 1,
      )
      .toArray();
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const next =
      rows.length > limit && last !== undefined
        ? { next: { publishedAt: last.publishedAt, id: last.id } }
        : {};
    return { items: shown, ...next, ...change };
  }
}

const EPOCH = new Date(0).toISOString();

type ScopeChange = { sequence: number; changedAt: Instant } | undefined;

const newest = (one: ScopeChange, other: ScopeChange): ScopeChange =>
  other !== undefined && (one === undefined || other.sequence > one.sequence) ? other : one;

const ALSO_IN = `AND EXISTS (SELECT 1 FROM memberships AS also WHERE also.kind = ? AND also.name = ?
  AND also.published_at = listed.published_at AND also.article_id = listed.article_id)`;
