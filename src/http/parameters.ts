/** Parameters that several routes share, and the canonical form of a list's query string. */
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
export function wholeNumber(min: number, max: number, message = `must be a number from ${min} to ${max}`) {
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

/** A publisher's or partner's id in a path that makes it. */
export const accountId = described(
  v.pipe(
    v.string(),
    v.regex(ACCOUNT_ID, 'must be 1 to 63 lower-case letters, digits and hyphens, the first no hyphen'),
  ),
  'The account’s id: lower-case letters, digits and hyphens.',
  'ganga-times',
);

/** Whatever stands in a path where an id is looked up: what is no id has no account. */
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

const limit = described(wholeNumber(1, MAX_ITEMS), 'Articles on a page.');

const content = described(
  v.picklist(['full', 'summary'], 'must be full or summary'),
  'Whole articles, or their summaries.',
);

const cursor = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const position = readCursor(dataset.value);
    if (position !== undefined) return position;
    addIssue({ message: 'must be a cursor that an earlier page gave as its next' });
    return NEVER;
  }),
  v.metadata({
    type: 'string',
    description: 'Where the page begins: the `next` of the page before.',
    examples: ['1763800000000-0123456789abcdef'],
  }),
);

/** Of a list that is paged by cursor. */
export const BEFORE = { before: v.exactOptional(cursor) };

/** Of cards. */
export const CARD_PAGING = { limit: v.optional(limit, String(DEFAULT_LIMIT)), ...BEFORE };

/** Of feeds. */
export const PAGING = { ...CARD_PAGING, content: v.optional(content, 'full') };

/** Of a partner's feed, which has a limit of its own. */
export const PARTNER_PAGING = { ...PAGING, limit: v.exactOptional(limit) };

// --- scopes and filters

/** A scope as it is stored: its name NFC on one line, a language in its canonical form; undefined for none. */
export function toScope(kind: string, name: string): Scope | undefined {
  if (!isScopeKind(kind)) return undefined;
  const stored = kind === 'languages' ? canonicalLanguage(name) : oneLine(name);
  // Nothing longer was ever stored, and KV refuses keys over 512 bytes.
  return stored && stored.length <= LIMITS.name ? { kind, name: stored } : undefined;
}

const isScopeKind = (kind: string): kind is ScopeKind => (SCOPE_KINDS as readonly string[]).includes(kind);

/** The name of a scope of this kind, as it is stored. */
export function nameIn(kind: ScopeKind) {
  const message =
    kind === 'languages'
      ? 'must be a BCP 47 language tag, such as hi'
      : `must have 1 to ${LIMITS.name} characters`;
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

/** In the order in which they stand in a canonical URL. */
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
  namesOf(kind, `Only articles of one of these ${kind}. May be repeated: any of them will do.`);
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

/** The filters of a combination of lists beside a list's other parameters, which stay as they are. */
export const filtered = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(
    v.object({ ...entries, ...FILTERS }),
    v.rawCheck(({ dataset, addIssue }) => {
      const given = Object.entries(dataset.value as object).filter(([name]) => name in FILTERS);
      if (given.flatMap(([, names]) => names).length <= MAX_NAMES) return;
      addIssue({ message: `may name at most ${MAX_NAMES} sections, tags and so on in all` });
    }),
  );

type FilterQuery = Partial<Record<FilterParameter | `exclude-${FilterParameter}`, string[]>>;

/** What a query asks to be included and excluded. */
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

// --- accounts

/** A rotated credential stays valid for a day unless the call says otherwise, and for 30 days at most. */
const GRACE_SECONDS = 86_400;
const MAX_GRACE_SECONDS = 30 * GRACE_SECONDS;

/** Of calls that rotate a credential. */
export const graceQuery = v.object({
  grace: v.optional(
    described(
      wholeNumber(0, MAX_GRACE_SECONDS, `must be a number of seconds from 0 to ${MAX_GRACE_SECONDS}`),
      'For how many more seconds the credential before is accepted.',
    ),
    String(GRACE_SECONDS),
  ),
});
