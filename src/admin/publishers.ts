import * as v from 'valibot';
import { generateSecret, openSecret, sealSecret, secretFor } from '../access/secrets.ts';
import { isSameText } from '../access/tokens.ts';
import { type AppContext, deskOf } from '../bindings.ts';
import { adsSchema } from '../domain/ads.ts';
import { boilerplateSchema } from '../domain/boilerplate.ts';
import { LIMITS, languageTag, line, maybe, webUrl } from '../domain/draft.ts';
import {
  DEFAULT_SIGNATURE,
  DIALECT_NAMES,
  type PublisherSettings,
  RESERVED_HEADERS,
  SIGNATURE_NAMES,
  type SignatureName,
} from '../domain/publisher.ts';
import { Refusal } from '../domain/refusal.ts';
import { logoSchema } from '../domain/settings.ts';
import { json, operation } from '../http/operation.ts';
import { accountId, graceQuery, knownId } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import type { PublisherRecord } from '../store/records.ts';
import { datesOf, invalidId } from './accounts.ts';
import {
  newPublisherSchema,
  newSecretSchema,
  publisherSchema,
  publishersSchema,
} from './response-schemas.ts';

// RFC 9110 section 5.1: a field name is a token.
const headerName = v.pipe(
  line(100),
  v.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be an HTTP header name'),
  v.check(
    (name) => !RESERVED_HEADERS.has(name.toLowerCase()),
    'must not be a header that HTTP or the platform sets itself; name another, such as X-Webhook-Token',
  ),
);

const signature = v.object(
  {
    scheme: v.picklist(SIGNATURE_NAMES, `must be one of ${SIGNATURE_NAMES.join(', ')}`),
    header: maybe(headerName),
    bodyOnly: maybe(v.boolean('must be true or false')),
  },
  'must be an object with a scheme',
);

/** A secret that the publisher chose. It may be sent in a header or a URL, so it is printable ASCII without spaces. */
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
    furniture: maybe(
      v.pipe(
        boilerplateSchema,
        v.metadata({ deprecated: true, description: 'The former name of `boilerplate`.' }),
      ),
    ),
    logo: maybe(logoSchema),
    ads: maybe(adsSchema),
    source: maybe(v.picklist(DIALECT_NAMES, `must be one of ${DIALECT_NAMES.join(', ')}`)),
    signature: maybe(signature),
    secret: maybe(ownSecret),
  },
  'must be an object with a name',
);

export const putPublisher = operation(
  {
    id: 'putPublisher',
    tag: 'Operator',
    summary: 'Create or change a publisher',
    description:
      'A `secret` in the body replaces the generated one, or the current one, which is then accepted for `grace` more seconds. Without one, the current secret stays; where it does not fit the signature scheme, the response is 422.',
    security: ['operator'],
    path: v.object({ id: accountId }),
    unmatched: invalidId,
    query: graceQuery,
    body: profileSchema,
    answers: {
      200: json(publisherSchema, 'The publisher was changed.'),
      201: json(newPublisherSchema, 'The publisher was created. Only this response contains its secret.'),
    },
  },
  async (c, { path: { id }, query, body }) => {
    const desk = deskOf(c.env);
    const held = await desk.publisher(id);
    const current = held && (await currentSecret(c, held));
    const own = chosenSecret(body, held, current);
    if (own instanceof Refusal) return own;
    const secret = own ?? generateSecret();
    const sealed = await sealSecret(c.env.SECRETS_KEY, id, secret);
    // A repeated request does not rotate the same secret again.
    const isNew = own !== undefined && !(current !== undefined && (await isSameText(current, own)));
    const { created, record } = await desk.savePublisher(
      toProfile(id, body),
      { sealed },
      isNew ? query.grace : undefined,
    );
    const shown = created ? { ...toPublic(record), secret } : toPublic(record);
    return Response.json(shown, { status: created ? 201 : 200, headers: NO_STORE });
  },
);

function toProfile(id: string, settings: v.InferOutput<typeof profileSchema>): PublisherSettings {
  const { name, url, language, logo, ads, source } = settings;
  const { words, selectors } = settings.boilerplate ?? settings.furniture ?? {};
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

/** What the secret of a scheme must be. */
const secretForm = (scheme: SignatureName): string =>
  scheme === 'standard-webhooks'
    ? 'must be whsec_ and the base64 of at least 24 bytes, or whpk_ and the base64 of an Ed25519 public key'
    : 'must be a text that only the publisher and this site know; a public or private key is none';

/**
 * The secret that a request chooses, in its stored form; undefined when it sends none and the current one, if there is
 * one, fits the scheme. Otherwise a public key would become a secret by a change of the scheme.
 */
function chosenSecret(
  { secret, signature }: v.InferOutput<typeof profileSchema>,
  held: PublisherRecord | undefined,
  current: string | undefined,
): string | undefined | Refusal {
  const { scheme } = signature ?? DEFAULT_SIGNATURE;
  const refuse = (message: string) => new Refusal('invalid', { issues: [{ path: 'secret', message }] });
  if (secret !== undefined) return secretFor(scheme, secret) ?? refuse(secretForm(scheme));
  if (held === undefined) return undefined;
  // One that cannot be opened is kept as long as nothing else is made of it.
  const fits =
    current === undefined
      ? scheme === (held.signature ?? DEFAULT_SIGNATURE).scheme
      : secretFor(scheme, current) === current;
  return fits
    ? undefined
    : refuse(
        `must be sent, because the current one does not fit the scheme ${scheme}; it ${secretForm(scheme)}`,
      );
}

/** The publisher's current secret; undefined when it was sealed under another `SECRETS_KEY`. */
async function currentSecret(
  c: AppContext,
  { id, credentials }: PublisherRecord,
): Promise<string | undefined> {
  const [current] = credentials;
  return current && openSecret(c.env.SECRETS_KEY, id, current.sealed).catch(() => undefined);
}

export const rotateSecret = operation(
  {
    id: 'rotatePublisherSecret',
    tag: 'Operator',
    summary: 'Rotate a publisher’s secret',
    description: 'Previous secrets are accepted for `grace` more seconds.',
    security: ['operator'],
    path: v.object({ id: knownId }),
    query: graceQuery,
    answers: { 201: json(newSecretSchema, 'The new secret.') },
    problems: ['not-found'],
  },
  async (c, { path: { id }, query }) => {
    const secret = generateSecret();
    const sealed = await sealSecret(c.env.SECRETS_KEY, id, secret);
    const record = await deskOf(c.env).rotateSecret(id, { sealed }, query.grace);
    return record ? Response.json({ secret }, { status: 201, headers: NO_STORE }) : noPublisher();
  },
);

export const listPublishers = operation(
  {
    id: 'listPublishers',
    tag: 'Operator',
    summary: 'List publishers',
    security: ['operator'],
    answers: { 200: json(publishersSchema, 'All publishers, without their secrets.') },
  },
  async (c) => {
    const records = await deskOf(c.env).publishers();
    return Response.json({ publishers: records.map(toPublic) }, { headers: NO_STORE });
  },
);

export const getPublisher = operation(
  {
    id: 'getPublisher',
    tag: 'Operator',
    summary: 'Get a publisher',
    security: ['operator'],
    path: v.object({ id: knownId }),
    answers: { 200: json(publisherSchema, 'The publisher, without its secrets.') },
    problems: ['not-found'],
  },
  async (c, { path }) => {
    const record = await deskOf(c.env).publisher(path.id);
    return record ? Response.json(toPublic(record), { headers: NO_STORE }) : noPublisher();
  },
);

export const deletePublisher = operation(
  {
    id: 'deletePublisher',
    tag: 'Operator',
    summary: 'Remove a publisher',
    description: 'Its webhooks are refused from then on. Its articles stay until they are withdrawn.',
    security: ['operator'],
    path: v.object({ id: knownId }),
    answers: { 204: { description: 'The publisher was removed.' } },
    problems: ['not-found'],
  },
  async (c, { path }) => {
    const removed = await deskOf(c.env).removePublisher(path.id);
    return removed ? new Response(null, { status: 204, headers: NO_STORE }) : noPublisher();
  },
);

const noPublisher = () => new Refusal('not-found', { detail: 'No publisher has this id.' });

/** A publisher as the operator sees it: without its secrets, but with the dates of each. */
function toPublic(record: PublisherRecord) {
  const { credentials: _credentials, ...profile } = record;
  return { ...profile, secrets: datesOf(record) };
}
