import * as v from 'valibot';
import { canonicalLanguage } from '../locales/language-tag.ts';
import { oneLine } from '../text/text.ts';

/** One error in the input: its path (`data.authors.0.name`), and what is wrong or what the value must be. */
export interface Issue {
  path: string;
  message: string;
}

/** A change that the normalizer or the Desk made to the input, for its sender to know. */
export interface Warning {
  /** A stable code for programs: `boilerplate-dropped`, `published-in-future` … */
  code: string;
  /** An excerpt of the affected text. */
  excerpt: string;
}

/**
 * The longest values accepted, in UTF-16 code units. A name is at most 120, so that a feed's KV key
 * (`feed:sections:` and the name in UTF-8, at most 3 bytes a unit) fits KV's 512 bytes.
 */
export const LIMITS = {
  id: 200,
  url: 2_048,
  headline: 500,
  paragraph: 5_000,
  name: 120,
  tags: 50,
  authors: 20,
  list: 50,
  names: 250,
  pixels: 100_000,
} as const;

/** A string without lone surrogates: U+D800 to U+DFFF alone cannot be written as UTF-8 (RFC 8259 section 8.2). */
const wellFormed = v.pipe(
  v.string('must be a string'),
  v.check(
    (text) => text.isWellFormed(),
    'must not contain a lone surrogate (half of a pair such as \\ud83d\\ude00)',
  ),
);

const capped = (limit: number) =>
  v.pipe(wellFormed, v.maxLength(limit, `must be at most ${limit} characters`));

/** One line of plain text, not empty once white space and invisible characters are gone. */
export const line = (limit: number) =>
  v.pipe(capped(limit), v.transform(oneLine), v.minLength(1, 'must not be empty'));

/** A field that may be absent, null or blank, which all mean the same. */
export const maybe = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((value) =>
        value === null || (typeof value === 'string' && value.trim() === '') ? undefined : value,
      ),
      v.optional(schema),
    ),
  );

/** An absolute http or https URL, in its serialized form. */
export const webUrl = v.pipe(
  capped(LIMITS.url),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const url = URL.canParse(dataset.value) ? new URL(dataset.value) : undefined;
    if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') {
      return url.href;
    }
    addIssue({ message: 'must be an absolute http or https URL without a user name or password' });
    return NEVER;
  }),
);

// RFC 3339 section 5.6, with optional seconds. A time without a zone is ambiguous, so it is refused.
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:?\d{2})$/;

/** An RFC 3339 timestamp, returned in the form of `Date.prototype.toISOString`. */
export const instant = v.pipe(
  capped(40),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const text = dataset.value.trim();
    const time = RFC_3339.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
    // Four-digit years only: `toISOString` writes others with a sign, which does not sort as text.
    if (time >= 0 && time < 253_402_300_800_000) return new Date(time).toISOString();
    addIssue({ message: 'must be an RFC 3339 time with a time zone, such as 2026-11-22T15:30:00+05:30' });
    return NEVER;
  }),
);

export const languageTag = v.pipe(
  capped(LIMITS.name),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const tag = canonicalLanguage(dataset.value.trim());
    if (tag !== undefined) return tag;
    addIssue({ message: 'must be a BCP 47 language tag, such as hi or ur-PK' });
    return NEVER;
  }),
);

/**
 * A list of at most `limit` entries. Counts them before it validates any, because an issue of an entry takes a hundred
 * times its memory: a body of 1 MiB has room for half a million. Stops at `MAX_ISSUES` issues.
 */
export const list = <Item extends v.GenericSchema>(item: Item, limit: number) =>
  v.pipe(
    v.array(v.unknown(), 'must be a list'),
    v.maxLength(limit, ({ received }) => `must have at most ${limit} entries, not ${received}`),
    untilManyIssues(v.array(item)),
    // Never reached with more entries; the API's document reads it.
    v.maxLength(limit),
  );

/** Validates the entries of an array until `MAX_ISSUES` issues are found. Valibot's own schema finds all. */
function untilManyIssues<Item extends v.GenericSchema>(
  schema: v.ArraySchema<Item, undefined>,
): typeof schema {
  return {
    ...schema,
    '~run'(dataset, config) {
      const entries = dataset.value;
      if (!Array.isArray(entries)) return schema['~run'](dataset, config);
      const output: v.InferOutput<Item>[] = [];
      const issues: v.InferIssue<Item>[] = [];
      for (const [key, value] of entries.entries()) {
        const checked = schema.item['~run']({ value }, config);
        for (const issue of checked.issues ?? []) {
          const path = { type: 'array', origin: 'value', input: entries, key, value } as const;
          issues.push({ ...issue, path: [path, ...(issue.path ?? [])] } as v.InferIssue<Item>);
        }
        if (issues.length >= MAX_ISSUES) break;
        if (issues.length === 0) output.push(checked.value as v.InferOutput<Item>);
      }
      const [first, ...others] = issues;
      return first === undefined
        ? { typed: true, value: output }
        : { typed: false, value: output, issues: [first, ...others] };
    },
  };
}

const names = (limit: number) =>
  v.pipe(
    list(line(LIMITS.name), limit),
    v.transform((values) => [...new Set(values)]),
  );

/** A whole number from `min` to `max`. */
export const integerWithin = (min: number, max: number, message: string) =>
  v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));

export const pixels = v.pipe(
  v.union(
    [v.number(), v.pipe(v.string(), v.regex(/^\d{1,6}$/), v.transform(Number))],
    'must be a whole number of pixels',
  ),
  v.integer('must be a whole number of pixels'),
  v.minValue(1, 'must be at least 1 pixel'),
  v.maxValue(LIMITS.pixels, `must be at most ${LIMITS.pixels} pixels`),
);

const image = v.object(
  {
    url: maybe(webUrl),
    width: maybe(pixels),
    height: maybe(pixels),
    alt: maybe(line(LIMITS.paragraph)),
    caption: maybe(line(LIMITS.paragraph)),
    credit: maybe(line(LIMITS.headline)),
  },
  'must be an object with a url',
);

const rights = v.object(
  {
    copyright: maybe(line(LIMITS.headline)),
    licence: maybe(line(LIMITS.name)),
    usageTerms: maybe(line(LIMITS.paragraph)),
    territories: maybe(names(LIMITS.names)),
    excludePartners: maybe(names(LIMITS.names)),
  },
  'must be an object',
);

/** Formats of a body: the article's own markup, plain text, or a whole page including its boilerplate. */
const BODY_FORMATS = ['html', 'text', 'page'] as const;

const body = v.object(
  {
    format: v.picklist(BODY_FORMATS, `must be one of ${BODY_FORMATS.join(', ')}`),
    content: v.pipe(wellFormed, v.transform(cleanBody), v.minLength(1, 'must not be empty')),
  },
  'must be an object with format and content',
);

/** Removes NUL, which parsers do not expect. The delivery's limit (1 MiB) bounds the body's size. */
function cleanBody(content: string): string {
  return content.replaceAll('\u0000', '').trim();
}

export const sourceId = v.pipe(
  // Some CMSs send numeric ids.
  v.union([v.pipe(v.number(), v.safeInteger(), v.transform(String)), wellFormed], 'must be a string'),
  v.maxLength(LIMITS.id, `must be at most ${LIMITS.id} characters`),
  v.transform(oneLine),
  v.minLength(1, 'must not be empty'),
);

/**
 * An article as every dialect returns it, whatever format it was sent in. Unknown fields are left out. Only a whole page
 * may omit the headline, because the normalizer finds it in the page.
 */
export const draftSchema = v.pipe(
  v.object(
    {
      id: sourceId,
      url: maybe(webUrl),
      language: maybe(languageTag),
      direction: maybe(v.picklist(['ltr', 'rtl'] as const, 'must be ltr or rtl')),
      headline: maybe(line(LIMITS.headline)),
      summary: maybe(line(LIMITS.paragraph)),
      dateline: maybe(line(LIMITS.name)),
      section: maybe(line(LIMITS.name)),
      tags: maybe(names(LIMITS.tags)),
      authors: maybe(
        list(
          v.object({ name: line(LIMITS.name), url: maybe(webUrl) }, 'must be an object with a name'),
          LIMITS.authors,
        ),
      ),
      image: maybe(image),
      body: maybe(body),
      related: maybe(
        list(
          v.object({ title: line(LIMITS.headline), url: maybe(webUrl) }, 'must be an object with a title'),
          LIMITS.list,
        ),
      ),
      credit: maybe(line(LIMITS.headline)),
      rights: maybe(rights),
      corrections: maybe(
        list(
          v.object({ at: instant, note: line(LIMITS.paragraph) }, 'must be an object with at and note'),
          LIMITS.list,
        ),
      ),
      translations: maybe(
        list(
          v.object({ language: languageTag, url: webUrl }, 'must be an object with language and url'),
          LIMITS.list,
        ),
      ),
      publishedAt: maybe(instant),
      updatedAt: maybe(instant),
      embargoUntil: maybe(instant),
      expiresAt: maybe(instant),
    },
    'must be an object',
  ),
  v.forward(
    v.partialCheck(
      [['headline'], ['body']],
      (draft) => draft.headline !== undefined || draft.body?.format === 'page',
      'is required unless the body’s format is page',
    ),
    ['headline'],
  ),
);

export type Draft = v.InferOutput<typeof draftSchema>;

/** The most entries that are read of a list in a foreign document; of those beyond, at most the number is known. */
export const MAX_READ_ENTRIES = 500;

/**
 * The first entries of a list found in a foreign document or a page, as many as an article may have; and a warning that
 * says how many are left out.
 */
export function firstEntries<Entry>(
  name: 'tags' | 'authors',
  entries: readonly Entry[],
): { kept: Entry[]; warnings: (Warning & { code: 'list-shortened' })[] } {
  const limit = LIMITS[name];
  if (entries.length <= limit) return { kept: [...entries], warnings: [] };
  const least = entries.length >= MAX_READ_ENTRIES ? 'at least ' : '';
  const excerpt = `${name}: the first ${limit} kept, ${least}${entries.length - limit} left out`;
  return { kept: entries.slice(0, limit), warnings: [{ code: 'list-shortened', excerpt }] };
}

/** The most issues that an answer lists. */
export const MAX_ISSUES = 20;
const MAX_PATH = 200;
const MAX_MESSAGE = 300;

/**
 * Converts Valibot's issues, each with the path of its value. Their number and their texts are bounded, because Valibot's
 * messages may quote the input.
 * @param under a prefix for every path
 */
export function toIssues(issues: readonly v.BaseIssue<unknown>[], under = ''): Issue[] {
  const isAll = issues.length <= MAX_ISSUES;
  const shown = issues.slice(0, isAll ? MAX_ISSUES : MAX_ISSUES - 1).map((issue) => ({
    path: shortened([under, v.getDotPath(issue) ?? ''].filter(Boolean).join('.'), MAX_PATH),
    message: shortened(issue.received === 'undefined' ? 'is required' : issue.message, MAX_MESSAGE),
  }));
  return isAll ? shown : [...shown, more(issues.length - shown.length)];
}

/** At most `MAX_ISSUES` issues. If there are more, the last one says how many: at least, because a search for issues stops. */
export const boundedIssues = (issues: readonly Issue[]): Issue[] => sharedIssues([issues])[0] ?? [];

const MORE = /^and at least (\d+) more errors; mend these first$/;

const more = (count: number): Issue => ({
  path: '',
  message: `and at least ${count} more errors; mend these first`,
});

/** How many issues one stands for. */
const countOf = ({ message }: Issue): number => Number(MORE.exec(message)?.[1] ?? 1);

/**
 * Lists of issues, such as those of each article of a delivery, with at most `MAX_ISSUES` in all. If there are more, the
 * last one says how many, and the lists after it are empty.
 */
export function sharedIssues(lists: readonly (readonly Issue[])[]): Issue[][] {
  const all = lists.flat();
  if (all.length <= MAX_ISSUES) return lists.map((list) => [...list]);
  const left = all.slice(MAX_ISSUES - 1).reduce((sum, issue) => sum + countOf(issue), 0);
  let room = MAX_ISSUES;
  return lists.map((list) => {
    const shown = list.slice(0, room);
    if (shown.length === room && room > 0) shown[room - 1] = more(left);
    room -= shown.length;
    return shown;
  });
}

const shortened = (text: string, limit: number): string =>
  text.length > limit ? `${text.slice(0, limit - 1).toWellFormed()}…` : text;
