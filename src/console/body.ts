import * as v from 'valibot';
import { toIssues } from '../article/draft.ts';
import type { AppContext } from '../bindings.ts';
import { Refusal } from '../problem.ts';

/** An operator's settings are small. */
const BODY_LIMIT = 65_536;

/** The JSON of an admin call, validated; an empty body counts as `{}`. */
export async function readSettings<Schema extends v.GenericSchema>(
  c: AppContext,
  schema: Schema,
): Promise<v.InferOutput<Schema> | Refusal> {
  const length = Number(c.req.header('Content-Length') ?? Number.NaN);
  if (length > BODY_LIMIT) return new Refusal('too-large', { detail: `At most ${BODY_LIMIT} bytes.` });
  const text = await c.req.text();
  if (text.length > BODY_LIMIT) return new Refusal('too-large', { detail: `At most ${BODY_LIMIT} bytes.` });
  let settings: unknown;
  try {
    settings = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    return new Refusal('malformed', { detail: `The body is not JSON: ${(error as SyntaxError).message}` });
  }
  const parsed = v.safeParse(schema, settings);
  return parsed.success ? parsed.output : new Refusal('invalid', { issues: toIssues(parsed.issues) });
}
