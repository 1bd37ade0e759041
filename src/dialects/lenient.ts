/** Schemas for values of other systems: a value of the wrong type is left out, never an error. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { LIMITS, MAX_READ_ENTRIES } from '../domain/draft.ts';
import { scriptOf } from '../locales/language-tag.ts';
import { plainText } from '../markup/html-parser.ts';
import { asName } from '../markup/values.ts';
import { scriptOfText } from '../text/language.ts';
import { oneLine } from '../text/text.ts';

/** A field of another system's object; undefined when it has the wrong type. */
export const lenient = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(v.fallback(v.optional(schema), undefined));

export const text = lenient(v.string());
/** An id as a dialect writes it; the draft's schema validates it. */
export const id = lenient(v.union([v.string(), v.number()]));
export const number = lenient(v.union([v.number(), v.string()]));

/** The valid entries of a list, at most `limit`; empty when the value is not a list. */
export const listOf = <Schema extends v.GenericSchema>(item: Schema, limit = MAX_READ_ENTRIES) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((values): v.InferOutput<Schema>[] =>
        (Array.isArray(values) ? values.slice(0, limit) : []).flatMap((value) => {
          const parsed = v.safeParse(item, value);
          return parsed.success ? [parsed.output] : [];
        }),
      ),
    ),
    [],
  );

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Plain text in one line: many dialects write entities or tags into titles and names. */
export const plainLine = (value: unknown): string | undefined =>
  typeof value === 'string' ? oneLine(plainText(value)) : undefined;

/** Names as plain text, without invalid ones. */
export const names = (values: readonly unknown[]): string[] => values.flatMap((value) => asName(value) ?? []);

/** Resolves a relative URL; returns anything else unchanged, for the draft's schema to validate. */
export function absolute(url: string | undefined, base: string | undefined): string | undefined {
  return url !== undefined && !URL.canParse(url) && base !== undefined && URL.canParse(url, base)
    ? new URL(url, base).href
    : url;
}

const GUESSED_LENGTH = 2_000;

/**
 * The language that a feed declares, for an article in it that declares none. Undefined when the article is in another
 * script: many sites never set the feed's language, and WordPress writes `en-US` until they do.
 */
export function inheritedLanguage(
  declared: string | undefined,
  headline: string | undefined,
  content: string | undefined,
): string | undefined {
  if (declared === undefined) return undefined;
  const fits = (text: string): boolean => {
    const script = scriptOfText(text);
    return script === undefined || family(script) === family(scriptOf(declared.trim()));
  };
  // A headline of foreign names does not decide; the text below it may.
  if (headline && fits(headline)) return declared;
  return fits(`${headline ?? ''} ${plainText((content ?? '').slice(0, GUESSED_LENGTH))}`)
    ? declared
    : undefined;
}

/** Chinese, Japanese and Korean texts may all be mostly Han. */
const family = (script: string | undefined): string | undefined =>
  script !== undefined && /^(?:Han[ist]|Jpan|Kore)$/.test(script) ? 'Hani' : script;

const HASH_LENGTH = 32;

/** Shortens an id that is too long to its start and a hash of the whole, which keeps it unique. */
export function shortId(id: string): string {
  if (id.length <= LIMITS.id) return id;
  const hash = bytesToHex(sha256(utf8ToBytes(id))).slice(0, HASH_LENGTH);
  return `${id.slice(0, LIMITS.id - HASH_LENGTH - 1).toWellFormed()}~${hash}`;
}
