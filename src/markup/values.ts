import * as v from 'valibot';
import { instant, LIMITS } from '../domain/draft.ts';
import { oneLine } from '../text/text.ts';
import { plainText } from './html-parser.ts';

/** A value found in a page as one line of text within the article's limits; undefined when it is none. */
export function asText(value: unknown, limit: number = LIMITS.headline): string | undefined {
  if (typeof value !== 'string' || value.length > limit * 10) return undefined;
  const text = oneLine(plainText(value));
  return text === '' || text.length > limit ? undefined : text;
}

export const asName = (value: unknown): string | undefined => asText(value, LIMITS.name);

/** An RFC 3339 time found in a page; undefined without a zone, because the time is then ambiguous. */
export function asInstant(value: unknown): string | undefined {
  const parsed = v.safeParse(instant, value);
  return parsed.success ? parsed.output : undefined;
}

/** The entries of `object` that have a value. */
export function defined<Value extends object>(
  object: Value,
): { [Key in keyof Value]?: Exclude<Value[Key], undefined> };
export function defined(object: Readonly<Record<string, unknown>>): object {
  const found: Record<string, unknown> = {};
  for (const key of Object.keys(object)) if (object[key] !== undefined) found[key] = object[key];
  return found;
}
