import * as v from 'valibot';
import { readBody } from '../access/bounded-body.ts';
import type { AppContext } from '../bindings.ts';
import { toIssues } from '../domain/draft.ts';
import { Refusal, tooLarge } from '../domain/refusal.ts';

/** An operator's settings are small. */
const BODY_LIMIT = 65_536;

/** The JSON of an admin call, validated; an empty body counts as `{}`. */
export async function readSettings<Schema extends v.GenericSchema>(
  c: AppContext,
  schema: Schema,
): Promise<v.InferOutput<Schema> | Refusal> {
  const body = await readBody(c.req.raw, BODY_LIMIT);
  if (body === undefined) return tooLarge(BODY_LIMIT);
  const text = new TextDecoder().decode(body);
  let settings: unknown;
  try {
    settings = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    return new Refusal('malformed', { detail: `The body is not JSON: ${(error as SyntaxError).message}` });
  }
  const parsed = v.safeParse(schema, settings);
  return parsed.success ? parsed.output : new Refusal('invalid', { issues: toIssues(parsed.issues) });
}
