import * as v from 'valibot';
import { readBody } from '../access/bounded-body.ts';
import { BytesInFlight } from '../access/bytes-in-flight.ts';
import type { AppContext } from '../bindings.ts';
import { type Issue, toIssues } from '../domain/draft.ts';
import { Refusal } from '../domain/refusal.ts';

/** Enough for settings. */
const MAX_JSON_BYTES = 65_536;

/** Enough for the few URLs that a form has. */
const MAX_FORM_BYTES = 16_384;

const BODY_DEADLINE_MS = 30_000;

/**
 * The JSON bodies and the forms that one isolate reads at a time. Each kind has room of its own, apart from deliveries:
 * anybody may send forms, and the operator must get through whatever others send.
 */
export const jsonInFlight = () =>
  new BytesInFlight({
    total: 2_097_152,
    unverified: 2_097_152,
    minimum: 16_384,
    deadlineMs: BODY_DEADLINE_MS,
  });
export const formsInFlight = () =>
  new BytesInFlight({
    total: 1_048_576,
    unverified: 1_048_576,
    minimum: 4_096,
    deadlineMs: BODY_DEADLINE_MS,
  });

/** Reads and validates a JSON body; an empty body counts as `{}`. Returns a refusal when it is too large or invalid. */
export async function readJson(c: AppContext, schema: v.GenericSchema): Promise<unknown> {
  const text = await readText(c, MAX_JSON_BYTES, jsonInFlight);
  if (text instanceof Refusal) return text;
  let json: unknown;
  try {
    json = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    return new Refusal('malformed', {
      detail: `The body is not valid JSON: ${(error as SyntaxError).message}`,
    });
  }
  const parsed = v.safeParse(schema, json);
  return parsed.success ? parsed.output : new Refusal('invalid', { issues: toIssues(parsed.issues) });
}

/** The message of a parameter or form field that takes one value and has several. */
export const REPEATED = 'must appear only once';

export const FORM = 'application/x-www-form-urlencoded';

/**
 * Reads and validates a form in UTF-8; ignores fields that the schema does not name.
 * @returns its issues when it has any, or a refusal when the body is not a form or too large
 */
export async function readForm<Schema extends v.GenericSchema & { entries: v.ObjectEntries }>(
  c: AppContext,
  schema: Schema,
): Promise<v.InferOutput<Schema> | { issues: Issue[] } | Refusal> {
  const [type = ''] = (c.req.raw.headers.get('Content-Type') ?? '').toLowerCase().split(';');
  if (type.trim() !== FORM)
    return new Refusal('unsupported-media-type', { detail: `Content-Type: ${FORM} is required.` });
  const text = await readText(c, MAX_FORM_BYTES, formsInFlight);
  if (text instanceof Refusal) return text;
  const given = new URLSearchParams(text);
  const names = Object.keys(schema.entries);
  const repeated = names.filter((name) => given.getAll(name).length > 1);
  const parsed = v.safeParse(
    schema,
    Object.fromEntries(names.filter((name) => given.has(name)).map((name) => [name, given.get(name)])),
  );
  const issues = [
    ...repeated.map((path) => ({ path, message: REPEATED })),
    ...(parsed.success ? [] : toIssues(parsed.issues)),
  ];
  return issues.length > 0 || !parsed.success ? { issues } : parsed.output;
}

/** Reads a body as text in UTF-8. */
async function readText(
  c: AppContext,
  limit: number,
  inFlight: () => BytesInFlight,
): Promise<string | Refusal> {
  const held = await readBody(c.req.raw, { limit, inFlight: c.var.isolate.get(inFlight) });
  if (held instanceof Refusal) return held;
  held.reservation.release();
  return new TextDecoder().decode(held.bytes);
}
