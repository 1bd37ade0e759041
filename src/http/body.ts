import * as v from 'valibot';
import { readBody } from '../access/bounded-body.ts';
import { type Issue, toIssues } from '../domain/draft.ts';
import { Refusal, tooLarge } from '../domain/refusal.ts';

/** Settings are small. */
const MAX_JSON_BYTES = 65_536;

/** A form of ours is a few URLs. */
const MAX_FORM_BYTES = 16_384;

/** The JSON of a call, validated; an empty body counts as `{}`. */
export async function readJson(request: Request, schema: v.GenericSchema): Promise<unknown> {
  const body = await readBody(request, MAX_JSON_BYTES);
  if (body === undefined) return tooLarge(MAX_JSON_BYTES);
  const text = new TextDecoder().decode(body);
  let json: unknown;
  try {
    json = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    return new Refusal('malformed', { detail: `The body is not JSON: ${(error as SyntaxError).message}` });
  }
  const parsed = v.safeParse(schema, json);
  return parsed.success ? parsed.output : new Refusal('invalid', { issues: toIssues(parsed.issues) });
}

export const FORM = 'application/x-www-form-urlencoded';

/**
 * A form in UTF-8, validated; fields that the schema does not name are ignored.
 * @returns its issues when it has any, or a refusal when it is no form or too large
 */
export async function readForm<Schema extends v.GenericSchema & { entries: v.ObjectEntries }>(
  request: Request,
  schema: Schema,
): Promise<v.InferOutput<Schema> | { issues: Issue[] } | Refusal> {
  const [type = ''] = (request.headers.get('Content-Type') ?? '').toLowerCase().split(';');
  if (type.trim() !== FORM) return new Refusal('unsupported-media-type', { detail: `Send ${FORM}.` });
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
    ...repeated.map((path) => ({ path, message: 'must be given once' })),
    ...(parsed.success ? [] : toIssues(parsed.issues)),
  ];
  return issues.length > 0 || !parsed.success ? { issues } : parsed.output;
}
