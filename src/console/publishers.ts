import * as v from 'valibot';
import { generateSecret, sealSecret } from '../access/secrets.ts';
import { adsSchema } from '../article/ads.ts';
import { LIMITS, languageTag, line, maybe, webUrl } from '../article/draft.ts';
import { furnitureSchema } from '../article/furniture.ts';
import { logoSchema } from '../article/settings.ts';
import type { PublisherProfile } from '../article/site.ts';
import { type AppContext, deskOf } from '../bindings.ts';
import { PRIVATE, Refusal } from '../problem.ts';
import type { PublisherRecord } from '../store/values.ts';
import { datesOf, readAccountId, readGrace } from './accounts.ts';
import { readSettings } from './body.ts';

const profileSchema = v.object(
  {
    name: line(LIMITS.name),
    url: maybe(webUrl),
    language: maybe(languageTag),
    furniture: maybe(furnitureSchema),
    logo: maybe(logoSchema),
    ads: maybe(adsSchema),
  },
  'must be an object with a name',
);

/** `PUT /admin/publishers/{id}`: creates (201, with the secret, shown this once) or changes (200, without). */
export async function putPublisher(c: AppContext): Promise<Response | Refusal> {
  const id = readAccountId(c);
  if (id instanceof Refusal) return id;
  const settings = await readSettings(c, profileSchema);
  if (settings instanceof Refusal) return settings;
  const { name, url, language, logo, ads } = settings;
  const { words, selectors } = settings.furniture ?? {};
  const furniture = { ...(words && { words }), ...(selectors && { selectors }) };
  const profile: PublisherProfile = {
    ...{ id, name },
    ...(url && { url }),
    ...(language && { language }),
    ...((words ?? selectors) && { furniture }),
    ...(logo && { logo }),
    ...(ads && { ads }),
  };
  const secret = generateSecret();
  const sealed = await sealSecret(c.env.SECRETS_KEY, id, secret);
  const { created, record } = await deskOf(c.env).savePublisher(profile, { sealed });
  const shown = created ? { ...toPublic(record), secret } : toPublic(record);
  return Response.json(shown, { status: created ? 201 : 200, headers: PRIVATE });
}

/** `POST /admin/publishers/{id}/secrets`: a new secret; the old ones stay valid for `?grace=` seconds. */
export async function rotateSecret(c: AppContext): Promise<Response | Refusal> {
  const id = c.req.param('id') ?? '';
  const grace = readGrace(c);
  if (grace instanceof Refusal) return grace;
  const secret = generateSecret();
  const sealed = await sealSecret(c.env.SECRETS_KEY, id, secret);
  const record = await deskOf(c.env).rotateSecret(id, { sealed }, grace);
  return record ? Response.json({ secret }, { status: 201, headers: PRIVATE }) : noPublisher();
}

/** `GET /admin/publishers` */
export async function listPublishers(c: AppContext): Promise<Response> {
  const records = await deskOf(c.env).publishers();
  return Response.json({ publishers: records.map(toPublic) }, { headers: PRIVATE });
}

/** `GET /admin/publishers/{id}` */
export async function getPublisher(c: AppContext): Promise<Response | Refusal> {
  const record = await deskOf(c.env).publisher(c.req.param('id') ?? '');
  return record ? Response.json(toPublic(record), { headers: PRIVATE }) : noPublisher();
}

/** `DELETE /admin/publishers/{id}`: stops its webhooks; its articles stay until withdrawn. */
export async function deletePublisher(c: AppContext): Promise<Response | Refusal> {
  const removed = await deskOf(c.env).removePublisher(c.req.param('id') ?? '');
  return removed ? new Response(null, { status: 204, headers: PRIVATE }) : noPublisher();
}

const noPublisher = () => new Refusal('not-found', { detail: 'There is no publisher with this id.' });

/** A publisher as the operator sees it: when its secrets were made and end, never what they are. */
function toPublic(record: PublisherRecord) {
  const { credentials: _credentials, ...profile } = record;
  return { ...profile, secrets: datesOf(record) };
}
