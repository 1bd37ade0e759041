/** Parameters that several routes share, and the canonical form of a list's query string. Messages say what is allowed. */
import * as v from 'valibot';
import type { Filters } from '../desk/contract/messages.ts';
import { ACCOUNT_ID } from '../domain/account.ts';
import { LIMITS } from '../domain/draft.ts';
import { ARTICLE_ID } from '../domain/identity.ts';
import { SCOPE_KINDS, type Scope, type ScopeKind } from '../domain/site.ts';
import { type Position, readCursor, writeCursor } from '../feeds/cursor.ts';
import { DEFAULT_LIMIT } from '../feeds/listing.ts';
import { canonicalLanguage } from '../locales/language-tag.ts';
import { oneLine } from '../text/text.ts';
import { described } from './operation.ts';

const MAX_ITEMS = 100;

/** A whole number in decimal digits. */
export function wholeNumber(
  min: number,
  max: number,
  message = `must be a whole number from ${min} to ${max}`,
) {
  return v.pipe(
    v.string(message),
    v.regex(/^\d{1,16}$/, message),
    v.transform(Number),
    v.number(message),
    v.integer(message),
    v.minValue(min, message),
    v.maxValue(max, message),
  );
}

// --- paths

/** A publisher's or partner's id in a path that creates it. */
export const accountId = described(
  v.pipe(
    v.string(),
    v.regex(
      ACCOUNT_ID,
      'must be 1 to 63 lower-case letters, digits or hyphens, and must not start with a hyphen',
    ),
  ),
  'The account’s id: lower-case letters, digits and hyphens.',
  'ganga-times',
);

/** A path segment with which an account is looked up. It is not validated: an invalid id has no account. */
export const knownId = described(v.string(), 'The id.', 'ganga-times');

export const articleId = described(
  v.pipe(v.string(), v.regex(ARTICLE_ID)),
  'The article’s id: 16 characters of Crockford base 32.',
  '0123456789abcdef',
);

// --- paging

export type Content = 'full' | 'summary';

export interface Paging {
  limit: number;
  content: Content;
  before?: Position;
}

const limit = described(wholeNumber(1, MAX_ITEMS), 'Articles per page.');

const content = described(
  v.picklist(['full', 'summary'], 'must be full or summary'),
  'Full articles, or summaries.',
);

const cursor = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const position = readCursor(dataset.value);
    if (position !== undefined) return position;
    addIssue({ message: 'must be the next value of an earlier page' });
    return NEVER;
  }),
  v.metadata({
    type: 'string',
    description: 'The `next` value of the previous page.',
    examples: ['1763800000000-0123456789abcdef'],
  }),
);

/** Parameters of a list that is paged by cursor. */
export const BEFORE = { before: v.exactOptional(cursor) };

/** Parameters of lists of cards. */
export const CARD_PAGING = { limit: v.optional(limit, String(DEFAULT_LIMIT)), ...BEFORE };

/** Parameters of feeds. */
export const PAGING = { ...CARD_PAGING, content: v.optional(content, 'full') };

/** Parameters of a partner's feed, whose default limit is the partner's. */
export const PARTNER_PAGING = { ...PAGING, limit: v.exactOptional(limit) };

// --- scopes and filters

/** A scope as it is stored: its name in NFC on one line, a language in canonical form. Undefined when invalid. */
export function toScope(kind: string, name: string): Scope | undefined {
  if (!isScopeKind(kind)) return undefined;
  const stored = kind === 'languages' ? canonicalLanguage(name) : oneLine(name);
  // Longer names are never stored, and KV rejects keys over 512 bytes.
  return stored && stored.length <= LIMITS.name ? { kind, name: stored } : undefined;
}

const isScopeKind = (kind: string): kind is ScopeKind => (SCOPE_KINDS as readonly string[]).includes(kind);

/** The name of a scope of this kind, as it is stored. */
export function nameIn(kind: ScopeKind) {
  const message =
    kind === 'languages'
      ? 'must be a BCP 47 language tag, such as hi or ur-PK'
      : `must be 1 to ${LIMITS.name} characters`;
  return v.pipe(
    v.string(message),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const scope = toScope(kind, dataset.value);
      if (scope !== undefined && scope.kind !== 'all') return scope.name;
      addIssue({ message });
      return NEVER;
    }),
    v.string(),
  );
}

/** In the order of a canonical URL. */
const FILTER_PARAMETERS = {
  section: 'sections',
  tag: 'tags',
  language: 'languages',
  author: 'authors',
  publisher: 'publishers',
} as const satisfies Record<string, ScopeKind>;

type FilterParameter = keyof typeof FILTER_PARAMETERS;

/** One query of the Desk binds 100 values at most (Durable Objects, "SQL limits"). */
const MAX_NAMES = 30;

const namesOf = (kind: ScopeKind, description: string) =>
  v.exactOptional(
    v.pipe(
      v.array(nameIn(kind)),
      v.metadata({ description }),
      v.transform((names) => [...new Set(names)].sort()),
    ),
  );

const including = (kind: ScopeKind) =>
  namesOf(kind, `Only articles of these ${kind}. When repeated, articles of any of them.`);
const excluding = (kind: ScopeKind) => namesOf(kind, `No articles of these ${kind}. May be repeated.`);

const FILTERS = {
  section: including('sections'),
  tag: including('tags'),
  language: including('languages'),
  author: including('authors'),
  publisher: including('publishers'),
  'exclude-section': excluding('sections'),
  'exclude-tag': excluding('tags'),
  'exclude-language': excluding('languages'),
  'exclude-author': excluding('authors'),
  'exclude-publisher': excluding('publishers'),
};

/** Adds the filters to a list's other parameters. */
export const filtered = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(
    v.object({ ...entries, ...FILTERS }),
    v.rawCheck(({ dataset, addIssue }) => {
      const given = Object.entries(dataset.value as object).filter(([name]) => name in FILTERS);
      if (given.flatMap(([, names]) => names).length <= MAX_NAMES) return;
      addIssue({
        message: `must name at most ${MAX_NAMES} sections, tags, languages, authors and publishers in total`,
      });
    }),
  );

type FilterQuery = Partial<Record<FilterParameter | `exclude-${FilterParameter}`, string[]>>;

/** The filters of a query. */
export function filtersIn(query: FilterQuery): Filters {
  const read = (prefix: '' | 'exclude-') =>
    Object.fromEntries(
      Object.entries(FILTER_PARAMETERS).flatMap(([parameter, kind]) => {
        const names = query[`${prefix}${parameter as FilterParameter}`];
        return names === undefined ? [] : [[kind, names]];
      }),
    );
  return { include: read(''), exclude: read('exclude-') };
}

/** The query string of filters and paging: without defaults, always in the same order. */
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

/** Whether a query has any filters. */
export const hasFilters = ({ include, exclude }: Filters): boolean =>
  Object.keys(include).length + Object.keys(exclude).length > 0;

// --- accounts

/** A rotated credential stays valid for a day by default, and for at most 30 days. */
const GRACE_SECONDS = 86_400;
const MAX_GRACE_SECONDS = 30 * GRACE_SECONDS;

/** Parameters of operations that rotate a credential. */
export const graceQuery = v.object({
  grace: v.optional(
    described(
      wholeNumber(0, MAX_GRACE_SECONDS, `must be a whole number of seconds from 0 to ${MAX_GRACE_SECONDS}`),
      'Seconds for which the previous credential is still accepted.',
    ),
    String(GRACE_SECONDS),
  ),
});
