import { LIMITS } from '../article/draft.ts';
import { ARTICLE_ID } from '../article/identity.ts';
import { canonicalLanguage } from '../article/language.ts';
import { SCOPE_KINDS, type Scope, type ScopeKind } from '../article/site.ts';
import { oneLine } from '../article/text.ts';
import type { AppContext } from '../bindings.ts';
import type { Filters, Position } from '../desk/messages.ts';
import { Refusal } from '../problem.ts';

const DEFAULT_LIMIT = 50;
const MOST_ITEMS = 100;

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
      : [{ path: 'limit', message: `must be a number from 1 to ${MOST_ITEMS}` }]),
    ...(isContent(content) ? [] : [{ path: 'content', message: 'must be full or summary' }]),
    ...(before !== undefined && position === undefined
      ? [{ path: 'before', message: 'must be a cursor that an earlier page gave as its next' }]
      : []),
  ];
  if (issues.length > 0 || !isContent(content)) return new Refusal('invalid-parameters', { issues });
  return { limit: Number(limit), content, ...(position && { before: position }) };
}

const isContent = (text: string): text is Content => text === 'full' || text === 'summary';

/** A position as the text of a cursor: `1763800000000-abcdefgh12345678`. */
export const writeCursor = ({ publishedAt, id }: Position): string => `${Date.parse(publishedAt)}-${id}`;

function readCursor(text: string): Position | undefined {
  const [, time, id = ''] = /^(\d{1,15})-(\w+)$/.exec(text) ?? [];
  if (time === undefined || !ARTICLE_ID.test(id) || Number(time) >= 253_402_300_800_000) return undefined;
  return { publishedAt: new Date(Number(time)).toISOString(), id };
}

/** The paging as it stands in a URL: defaults left out, always in the same order. */
export function pagingQuery({ limit, content, before }: Paging): string {
  const query = new URLSearchParams();
  if (limit !== DEFAULT_LIMIT) query.set('limit', String(limit));
  if (content !== 'full') query.set('content', content);
  if (before !== undefined) query.set('before', writeCursor(before));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** A scope as it is stored: its name NFC on one line, a language in its canonical form; undefined for none. */
export function toScope(kind: string, name: string): Scope | undefined {
  if (!isScopeKind(kind)) return undefined;
  const stored = kind === 'languages' ? canonicalLanguage(name) : oneLine(name);
  // Nothing longer was ever stored, and KV refuses keys over 512 bytes.
  return stored && stored.length <= LIMITS.name ? { kind, name: stored } : undefined;
}

const isScopeKind = (kind: string): kind is ScopeKind => (SCOPE_KINDS as readonly string[]).includes(kind);

/** The filter that a scope is. */
export const filtersOf = (scope: Scope): Filters =>
  scope.kind === 'all' ? {} : { [scope.kind]: scope.name };

const FILTER_PARAMETERS = {
  publisher: 'publishers',
  section: 'sections',
  tag: 'tags',
  language: 'languages',
  author: 'authors',
} as const satisfies Record<string, ScopeKind>;

/** `publisher`, `section`, `tag`, `language` and `author`, or a refusal. */
export function readFilters(c: AppContext): Filters | Refusal {
  const filters: Filters = {};
  for (const [parameter, kind] of Object.entries(FILTER_PARAMETERS)) {
    const given = c.req.query(parameter);
    if (given === undefined) continue;
    const scope = toScope(kind, given);
    if (scope === undefined || scope.kind === 'all') {
      const message =
        kind === 'languages'
          ? 'must be a BCP 47 language tag, such as hi'
          : `must have 1 to ${LIMITS.name} characters`;
      return new Refusal('invalid-parameters', { issues: [{ path: parameter, message }] });
    }
    filters[kind] = scope.name;
  }
  return filters;
}
