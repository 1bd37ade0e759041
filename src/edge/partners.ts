import * as v from 'valibot';
import { authenticatePartner } from '../access/partner.ts';
import { readToken } from '../access/tokens.ts';
import { type AppContext, deskOf } from '../bindings.ts';
import { filtersOfPartner } from '../desk/contract/filters.ts';
import { Refusal } from '../domain/refusal.ts';
import { feedTitle } from '../feeds/feed.ts';
import { EMPTY_LISTING, type Listing } from '../feeds/listing.ts';
import { FEED_FORMATS, feedFormat } from '../formats/registry.ts';
import { described, operation } from '../http/operation.ts';
import { PARTNER_PAGING, type Paging } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import type { PartnerRecord } from '../store/records.ts';
import { pagedFeedAddress, respondWithFeed } from './feed-response.ts';
import { readListing } from './listing.ts';
import { feedAnswers } from './response-schemas.ts';
import { siteOf } from './site.ts';

export const servePartnerFeed = operation(
  {
    id: 'getPartnerFeed',
    tag: 'Partners',
    summary: 'Get a partner’s own feed',
    description:
      'Contains the articles that this partner’s agreement includes. Requires its token; never cached.',
    security: ['partnerToken', 'partnerPassword', 'partnerKey'],
    path: v.object({
      partner: described(v.string(), 'The partner’s id.', 'mirror'),
      format: described(
        v.picklist(FEED_FORMATS.map(({ extension }) => extension)),
        'The feed format.',
        'rss',
      ),
    }),
    unmatched: noFeed,
    authenticate: async (c, { partner }) => {
      const token = readToken(c.req.header('Authorization'), c.req.query('key'));
      return (await authenticatePartner({ ...c.var, desk: deskOf(c.env) }, partner, token)) ?? unauthorized();
    },
    query: v.object(PARTNER_PAGING),
    conditional: 'changes',
    answers: feedAnswers,
    problems: ['not-found'],
  },
  (c, { path, query, caller }) => serve(c, caller, path.format, query),
);

async function serve(
  c: AppContext,
  partner: PartnerRecord,
  extension: string,
  requested: Omit<Paging, 'limit'> & { limit?: number },
): Promise<Response | Refusal> {
  const format = feedFormat(extension);
  if (format === undefined) return noFeed();
  const paging = withinBounds(requested, partner);
  const [found, { site, siteVersion }] = await Promise.all([
    readListing(c, filtersOfPartner(partner, Date.now()), paging, 'pages for partners'),
    siteOf(c.var.store),
  ]);
  const { listing, version } = settled(found ?? EMPTY_LISTING, partner);
  const url = `${site.origin}/partners/${partner.id}/feed.${format.extension}`;
  return respondWithFeed(c, {
    ...feedTitle(site, { kind: 'all' }),
    listing,
    format,
    site,
    address: pagedFeedAddress(site.origin, url, paging),
    versions: [siteVersion, partner.changedAt, version],
    caching: NO_STORE,
    hasChanges: partner.delay === 0,
  });
}

/** A partner gets no more than its profile allows, and may request less. */
function withinBounds(requested: Omit<Paging, 'limit'> & { limit?: number }, partner: PartnerRecord): Paging {
  return {
    ...requested,
    limit: Math.min(requested.limit ?? partner.limit, partner.limit),
    content: partner.content === 'summary' ? 'summary' : requested.content,
  };
}

/**
 * An article leaves a delay without any change to it. A delayed feed's version therefore includes its newest article,
 * and the feed was last modified when that article's delay ended.
 */
function settled(listing: Listing, { delay }: PartnerRecord): { listing: Listing; version: string } {
  const { newest } = listing;
  if (delay === 0 || newest === undefined) return { listing, version: '' };
  const outAt = new Date(Date.parse(newest.publishedAt) + delay * 1_000).toISOString();
  const changedAt = outAt > listing.changedAt ? outAt : listing.changedAt;
  return { listing: { ...listing, changedAt }, version: newest.id };
}

function noFeed(): Refusal {
  return new Refusal('not-found', {
    detail: `A partner’s feed URL is /partners/{partner}/feed.{format}; {format} is one of ${FEED_FORMATS.map(({ extension }) => extension).join(', ')}.`,
  });
}

const unauthorized = () =>
  new Refusal('unauthorized', {
    detail:
      'The partner’s token is required: Authorization: Bearer <token>, Authorization: Basic with the token as the password, or ?key=<token>.',
    headers: { 'WWW-Authenticate': 'Bearer realm="dateline", Basic realm="dateline", charset="UTF-8"' },
  });
