import * as v from 'valibot';
import { digestToken, generateToken } from '../access/tokens.ts';
import { type AppContext, deskOf, subscriptionsOf } from '../bindings.ts';
import { integerWithin, LIMITS, languageTag, line, list, maybe } from '../domain/draft.ts';
import {
  formerNamesOf,
  MAX_FORMER_NAMES,
  type PartnerNames,
  type PartnerProfile,
} from '../domain/partner.ts';
import { Refusal } from '../domain/refusal.ts';
import { FEED_FORMATS } from '../formats/registry.ts';
import { json, operation } from '../http/operation.ts';
import { accountId, graceQuery, knownId } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import type { PartnerRecord } from '../store/records.ts';
import { datesOf, invalidId } from './accounts.ts';
import { newPartnerSchema, newTokenSchema, partnerSchema, partnersSchema } from './response-schemas.ts';

/** One query of the Desk binds 100 values at most (Durable Objects, "SQL limits"). */
const MAX_NAMES = 30;
const MAX_ITEMS = 100;
const MAX_DELAY_SECONDS = 30 * 86_400;

const DIALECTS = FEED_FORMATS.map(({ extension }) => extension);

const listOf = (schema: typeof languageTag | ReturnType<typeof line>) => maybe(list(schema, MAX_NAMES));

const names = v.object(
  {
    publishers: listOf(line(LIMITS.name)),
    sections: listOf(line(LIMITS.name)),
    tags: listOf(line(LIMITS.name)),
    languages: listOf(languageTag),
    licences: listOf(line(LIMITS.name)),
    territories: listOf(line(LIMITS.name)),
  },
  'must be an object of lists',
);

const within = (min: number, max: number, message: string) => maybe(integerWithin(min, max, message));

const profileSchema = v.object(
  {
    name: line(LIMITS.name),
    filters: maybe(
      v.pipe(
        v.object({ include: maybe(names), exclude: maybe(names) }, 'must be an object'),
        v.check(
          ({ include, exclude }) =>
            [include, exclude].flatMap((each) => Object.values(each ?? {}).flat()).length <= MAX_NAMES,
          `must have at most ${MAX_NAMES} names in total`,
        ),
      ),
    ),
    content: maybe(v.picklist(['full', 'summary'], 'must be full or summary')),
    limit: within(1, MAX_ITEMS, `must be a whole number from 1 to ${MAX_ITEMS}`),
    delay: within(0, MAX_DELAY_SECONDS, `must be a whole number of seconds from 0 to ${MAX_DELAY_SECONDS}`),
    profile: maybe(v.picklist(DIALECTS, `must be one of ${DIALECTS.join(', ')}`)),
  },
  'must be an object with a name',
);

export const putPartner = operation(
  {
    id: 'putPartner',
    tag: 'Operator',
    summary: 'Create or change a partner',
    security: ['operator'],
    path: v.object({ id: accountId }),
    unmatched: invalidId,
    body: profileSchema,
    answers: {
      200: json(partnerSchema, 'The partner was changed.'),
      201: json(newPartnerSchema, 'The partner was created. Only this response contains its token.'),
    },
  },
  async (c, { path: { id }, body }) => {
    const { filters, ...given } = body;
    const profile: PartnerProfile = {
      id,
      name: given.name,
      filters: { ...chosen('include', filters?.include), ...chosen('exclude', filters?.exclude) },
      content: given.content ?? 'full',
      limit: given.limit ?? 50,
      delay: given.delay ?? 0,
      profile: given.profile ?? 'rss',
    };
    const held = await deskOf(c.env).partner(id);
    if (formerNamesOf(held, profile.name).length > MAX_FORMER_NAMES) return tooManyNames();
    const token = generateToken();
    const { created, record } = await deskOf(c.env).savePartner(profile, {
      digest: await digestToken(token),
    });
    const shown = created ? { ...toPublic(c, record), token } : toPublic(c, record);
    return Response.json(shown, { status: created ? 201 : 200, headers: NO_STORE });
  },
);

const tooManyNames = () =>
  new Refusal('invalid', {
    issues: [
      {
        path: 'name',
        message: `must be one of the partner’s ${MAX_FORMER_NAMES + 1} names so far, because articles may be withheld from each of them. Create another partner for a new one`,
      },
    ],
  });

/** The lists of one side; empty ones restrict nothing and are left out. */
function chosen(side: 'include' | 'exclude', filters: v.InferOutput<typeof names> | null | undefined) {
  const lists = Object.entries(filters ?? {}).filter(([, list]) => list != null && list.length > 0);
  return lists.length === 0 ? {} : { [side]: Object.fromEntries(lists) as PartnerNames };
}

export const rotateToken = operation(
  {
    id: 'rotatePartnerToken',
    tag: 'Operator',
    summary: 'Rotate a partner’s token',
    description: 'Previous tokens are accepted for `grace` more seconds.',
    security: ['operator'],
    path: v.object({ id: knownId }),
    query: graceQuery,
    answers: { 201: json(newTokenSchema, 'The new token.') },
    problems: ['not-found'],
  },
  async (c, { path, query }) => {
    const token = generateToken();
    const digest = await digestToken(token);
    const record = await deskOf(c.env).rotateToken(path.id, { digest }, query.grace);
    return record ? Response.json({ token }, { status: 201, headers: NO_STORE }) : noPartner();
  },
);

export const listPartners = operation(
  {
    id: 'listPartners',
    tag: 'Operator',
    summary: 'List partners',
    security: ['operator'],
    answers: { 200: json(partnersSchema, 'All partners, without their tokens.') },
  },
  async (c) => {
    const records = await deskOf(c.env).partners();
    return Response.json({ partners: records.map((record) => toPublic(c, record)) }, { headers: NO_STORE });
  },
);

export const getPartner = operation(
  {
    id: 'getPartner',
    tag: 'Operator',
    summary: 'Get a partner',
    security: ['operator'],
    path: v.object({ id: knownId }),
    answers: { 200: json(partnerSchema, 'The partner, without its tokens.') },
    problems: ['not-found'],
  },
  async (c, { path }) => {
    const record = await deskOf(c.env).partner(path.id);
    return record ? Response.json(toPublic(c, record), { headers: NO_STORE }) : noPartner();
  },
);

export const deletePartner = operation(
  {
    id: 'deletePartner',
    tag: 'Operator',
    summary: 'Remove a partner',
    description: 'Its feed responds with 401 from then on, and its webhook gets no more deliveries.',
    security: ['operator'],
    path: v.object({ id: knownId }),
    answers: { 204: { description: 'The partner was removed.' } },
    problems: ['not-found'],
  },
  async (c, { path: { id } }) => {
    await subscriptionsOf(c.env).removeEndpoint(id);
    const removed = await deskOf(c.env).removePartner(id);
    return removed ? new Response(null, { status: 204, headers: NO_STORE }) : noPartner();
  },
);

export const noPartner = () => new Refusal('not-found', { detail: 'No partner has this id.' });

/** A partner as the operator sees it: with its feed's URL, without its tokens. */
function toPublic(c: AppContext, record: PartnerRecord) {
  const { credentials: _credentials, ...profile } = record;
  const feedUrl = `${c.env.ORIGIN}/partners/${record.id}/feed.${record.profile}`;
  return { ...profile, feedUrl, tokens: datesOf(record) };
}
