import type { AppContext } from '../bindings.ts';
import type { Filters } from '../desk/contract/messages.ts';
import { type Issue, LIMITS } from '../domain/draft.ts';
import { Refusal } from '../domain/refusal.ts';
import { SCOPE_KINDS, type Scope, type ScopeKind } from '../domain/site.ts';
import type { Position } from '../feeds/cursor.ts';
import { readCursor, writeCursor } from '../feeds/cursor.ts';
import { DEFAULT_LIMIT } from '../feeds/listing.ts';
import { canonicalLanguage } from '../locales/language-tag.ts';
import { oneLine } from '../text/text.ts';

const MAX_ITEMS = 100;

export type Content = 'full' | 'summary';

export interface Paging {
  limit: number;
  content: Content;
  before?: Position;
}

/** `limit`, `content` and `before`, or a refusal that names all that are wrong and what is allowed. */
export function readPaging(c: AppContext): Paging | Refusal {
  const { limit = String(DEFAULT_LIMIT), content = 'full', before } = c.req.query();
  const position = before === undefined ? undefined : readCursor(before);
  const issues = [
    ...(/^([1-9]\d?|100)$/.test(limit)
      ? []
      : [{ path: 'limit', message: `must be a number from 1 to ${MAX_ITEMS}` }]),
    ...(isContent(content) ? [] : [{ path: 'content', message: 'must be full or summary' }]),
    ...(before !== undefined && position === undefined
      ? [{ path: 'before', message: 'must be a cursor that an earlier page gave as its next' }]
      : []),
  ];
  if (issues.length > 0 || !isContent(content)) return new Refusal('invalid-parameters', { issues });
  return { limit: Number(limit), content, ...(position && { before: position }) };
}

const isContent = (text: string): text is Content => text === 'full' || text === 'summary';

/** A scope as it is stored: its name NFC on one line, a language in its canonical form; undefined for none. */
export function toScope(kind: string, name: string): Scope | undefined {
  if (!isScopeKind(kind)) return undefined;
  const stored = kind === 'languages' ? canonicalLanguage(name) : oneLine(name);
  // Nothing longer was ever stored, and KV refuses keys over 512 bytes.
  return stored && stored.length <= LIMITS.name ? { kind, name: stored } : undefined;
}

const isScopeKind = (kind: string): kind is ScopeKind => (SCOPE_KINDS as readonly string[]).includes(kind);

/** In the order in which they stand in a canonical URL. */
const FILTER_PARAMETERS = {
  section: 'sections',
  tag: 'tags',
  language: 'languages',
  author: 'authors',
  publisher: 'publishers',
} as const satisfies Record<string, ScopeKind>;

/** One query of the Desk binds 100 values at most (Durable Objects, "SQL limits"). */
const MAX_NAMES = 30;

/**
 * `section`, `tag`, `language`, `author` and `publisher`, each as often as wanted (any of them will do), and each with
 * `exclude-` in front; or a refusal.
 */
export function readFilters(c: AppContext): Filters | Refusal {
  const issues: Issue[] = [];
  const read = (prefix: string) =>
    Object.fromEntries(
      Object.entries(FILTER_PARAMETERS).flatMap(([parameter, kind]) => {
        const path = prefix + parameter;
        const scopes = (c.req.queries(path) ?? []).map((name) => toScope(kind, name));
        const names = new Set(scopes.flatMap((scope) => (scope && scope.kind !== 'all' ? [scope.name] : [])));
        if (scopes.includes(undefined)) issues.push({ path, message: NAMES[kind] });
        return names.size === 0 ? [] : [[kind, [...names].sort()]];
      }),
    );
  const filters: Filters = { include: read(''), exclude: read('exclude-') };
  const names = Object.values({ ...filters.include })
    .concat(Object.values(filters.exclude))
    .flat();
  if (names.length > MAX_NAMES) {
    issues.push({ path: 'query', message: `may name at most ${MAX_NAMES} sections, tags and so on in all` });
  }
  return issues.length > 0 ? new Refusal('invalid-parameters', { issues }) : filters;
}

const anyName = `must have 1 to ${LIMITS.name} characters`;
const NAMES: Readonly<Record<ScopeKind, string>> = {
  publishers: anyName,
  sections: anyName,
  tags: anyName,
  authors: anyName,
  languages: 'must be a BCP 47 language tag, such as hi',
};

/** The filters and paging as they stand in a URL: defaults left out, always in the same order. */
export function canonicalQuery({ include, exclude }: Filters, { limit, content, before }: Paging): string {
  const query = new URLSearchParams();
  for (const [prefix, names] of [['', include] as const, ['exclude-', exclude] as const]) {
    for (const [parameter, kind] of Object.entries(FILTER_PARAMETERS)) {
      for (const name of names[kind] ?? []) query.append(prefix + parameter, name);
    }
  }
  if (limit !== DEFAULT_LIMIT) query.set('limit', String(limit));
  if (content !== 'full') query.set('content', content);
  if (before !== undefined) query.set('before', writeCursor(before));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** Whether a query asks for a combination of lists rather than for one scope. */
export const hasFilters = ({ include, exclude }: Filters): boolean =>
  Object.keys(include).length + Object.keys(exclude).length > 0;
