import * as v from 'valibot';
import { readBody } from '../access/bounded-body.ts';
import { type Issue, toIssues } from '../domain/draft.ts';
import { Refusal, tooLarge } from '../domain/refusal.ts';

/** Enough for settings. */
const MAX_JSON_BYTES = 65_536;

/** Enough for the few URLs that a form has. */
const MAX_FORM_BYTES = 16_384;

/** Reads and validates a JSON body; an empty body counts as `{}`. Returns a refusal when it is too large or invalid. */
export async function readJson(request: Request, schema: v.GenericSchema): Promise<unknown> {
  const body = await readBody(request, MAX_JSON_BYTES);
  if (body === undefined) return tooLarge(MAX_JSON_BYTES);
  const text = new TextDecoder().decode(body);
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
  request: Request,
  schema: Schema,
): Promise<v.InferOutput<Schema> | { issues: Issue[] } | Refusal> {
  const [type = ''] = (request.headers.get('Content-Type') ?? '').toLowerCase().split(';');
  if (type.trim() !== FORM)
    return new Refusal('unsupported-media-type', { detail: `Content-Type: ${FORM} is required.` });
  const body = await readBody(request, MAX_FORM_BYTES);
  if (body === undefined) return tooLarge(MAX_FORM_BYTES);
  const given = new URLSearchParams(new TextDecoder().decode(body));
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
