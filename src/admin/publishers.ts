import * as v from 'valibot';
import { generateSecret, openSecret, sealSecret, webhookKey } from '../access/secrets.ts';
import { isSameText } from '../access/tokens.ts';
import { type AppContext, deskOf } from '../bindings.ts';
import { adsSchema } from '../domain/ads.ts';
import { boilerplateSchema } from '../domain/boilerplate.ts';
import { LIMITS, languageTag, line, maybe, webUrl } from '../domain/draft.ts';
import { DIALECT_NAMES, type PublisherSettings, SIGNATURE_NAMES } from '../domain/publisher.ts';
import { Refusal } from '../domain/refusal.ts';
import { logoSchema } from '../domain/settings.ts';
import { NO_STORE } from '../http/problem.ts';
import type { PublisherRecord } from '../store/records.ts';
import { datesOf, readAccountId, readGrace } from './accounts.ts';
import { readSettings } from './settings-body.ts';

// RFC 9110 section 5.1: a field name is a token.
const headerName = v.pipe(line(100), v.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be the name of a header'));

const signature = v.object(
  {
    scheme: v.picklist(SIGNATURE_NAMES, `must be one of ${SIGNATURE_NAMES.join(', ')}`),
    header: maybe(headerName),
    bodyOnly: maybe(v.boolean('must be true or false')),
  },
  'must be an object with a scheme',
);

/** A secret of the publisher's own. It may stand in a header or a URL, so it is printable ASCII without spaces. */
const ownSecret = v.pipe(
  v.string('must be a string'),
  v.regex(/^[!-~]{24,512}$/, 'must be 24 to 512 printable ASCII characters without spaces'),
);

const profileSchema = v.object(
  {
    name: line(LIMITS.name),
    url: maybe(webUrl),
    language: maybe(languageTag),
    boilerplate: maybe(boilerplateSchema),
    logo: maybe(logoSchema),
    ads: maybe(adsSchema),
    source: maybe(v.picklist(DIALECT_NAMES, `must be one of ${DIALECT_NAMES.join(', ')}`)),
    signature: maybe(signature),
    secret: maybe(ownSecret),
  },
  'must be an object with a name',
);

/**
 * `PUT /admin/publishers/{id}`: creates (201, with the secret, shown this once) or changes (200, without). A `secret`
 * of the publisher's own takes the place of a generated one, or of the current one, which then ends after `?grace=`.
 */
export async function putPublisher(c: AppContext): Promise<Response | Refusal> {
  const id = readAccountId(c);
  if (id instanceof Refusal) return id;
  const grace = readGrace(c);
  if (grace instanceof Refusal) return grace;
  const settings = await readSettings(c, profileSchema);
  if (settings instanceof Refusal) return settings;
  const own = ownKey(settings.secret, settings.signature?.scheme);
  if (own instanceof Refusal) return own;
  const secret = own ?? generateSecret();
  const sealed = await sealSecret(c.env.SECRETS_KEY, id, secret);
  const desk = deskOf(c.env);
  const isNew = own !== undefined && !(await isCurrent(c, await desk.publisher(id), own));
  const { created, record } = await desk.savePublisher(
    toProfile(id, settings),
    { sealed },
    isNew ? grace : undefined,
  );
  const shown = created ? { ...toPublic(record), secret } : toPublic(record);
  return Response.json(shown, { status: created ? 201 : 200, headers: NO_STORE });
}

function toProfile(id: string, settings: v.InferOutput<typeof profileSchema>): PublisherSettings {
  const { name, url, language, logo, ads, source } = settings;
  const { words, selectors } = settings.boilerplate ?? {};
  const boilerplate = { ...(words && { words }), ...(selectors && { selectors }) };
  const { scheme, header, bodyOnly } = settings.signature ?? {};
  return {
    ...{ id, name },
    ...(url && { url }),
    ...(language && { language }),
    ...((words ?? selectors) && { boilerplate }),
    ...(logo && { logo }),
    ...(ads && { ads }),
    ...(source && { source }),
    ...(scheme && { signature: { scheme, ...(header && { header }), ...(bodyOnly && { bodyOnly }) } }),
  };
}

/** The publisher's own secret as its scheme keeps it; Standard Webhooks wants the base64 of a key. */
function ownKey(secret: string | undefined, scheme = 'standard-webhooks'): string | undefined | Refusal {
  if (secret === undefined || scheme !== 'standard-webhooks') return secret;
  const message =
    'must be whsec_ and the base64 of at least 24 bytes, or whpk_ and the base64 of an ed25519 public key';
  return webhookKey(secret) ?? new Refusal('invalid', { issues: [{ path: 'secret', message }] });
}

/** Whether the publisher has this secret now, so that the same call made twice rotates once. */
async function isCurrent(
  c: AppContext,
  record: PublisherRecord | undefined,
  secret: string,
): Promise<boolean> {
  const [current] = record?.credentials ?? [];
  if (record === undefined || current === undefined) return false;
  const held = await openSecret(c.env.SECRETS_KEY, record.id, current.sealed).catch(() => '');
  return isSameText(held, secret);
}

/** `POST /admin/publishers/{id}/secrets`: a new secret; the old ones stay valid for `?grace=` seconds. */
export async function rotateSecret(c: AppContext): Promise<Response | Refusal> {
  const id = c.req.param('id') ?? '';
  const grace = readGrace(c);
  if (grace instanceof Refusal) return grace;
  const secret = generateSecret();
  const sealed = await sealSecret(c.env.SECRETS_KEY, id, secret);
  const record = await deskOf(c.env).rotateSecret(id, { sealed }, grace);
  return record ? Response.json({ secret }, { status: 201, headers: NO_STORE }) : noPublisher();
}

/** `GET /admin/publishers` */
export async function listPublishers(c: AppContext): Promise<Response> {
  const records = await deskOf(c.env).publishers();
  return Response.json({ publishers: records.map(toPublic) }, { headers: NO_STORE });
}

/** `GET /admin/publishers/{id}` */
export async function getPublisher(c: AppContext): Promise<Response | Refusal> {
  const record = await deskOf(c.env).publisher(c.req.param('id') ?? '');
  return record ? Response.json(toPublic(record), { headers: NO_STORE }) : noPublisher();
}

/** `DELETE /admin/publishers/{id}`: stops its webhooks; its articles stay until withdrawn. */
export async function deletePublisher(c: AppContext): Promise<Response | Refusal> {
  const removed = await deskOf(c.env).removePublisher(c.req.param('id') ?? '');
  return removed ? new Response(null, { status: 204, headers: NO_STORE }) : noPublisher();
}

const noPublisher = () => new Refusal('not-found', { detail: 'There is no publisher with this id.' });

/** A publisher as the operator sees it: when its secrets were made and end, never what they are. */
function toPublic(record: PublisherRecord) {
  const { credentials: _credentials, ...profile } = record;
  return { ...profile, secrets: datesOf(record) };
}
