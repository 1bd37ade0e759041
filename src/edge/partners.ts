import { authenticatePartner } from '../access/partner.ts';
import { readToken } from '../access/tokens.ts';
import { type AppContext, deskOf } from '../bindings.ts';
import { filtersOf, filtersOfPartner } from '../desk/contract/filters.ts';
import { Refusal } from '../domain/refusal.ts';
import { feedTitle } from '../feeds/feed.ts';
import { EMPTY_LISTING, type Listing } from '../feeds/listing.ts';
import { feedFormat } from '../formats/registry.ts';
import { canonicalQuery, type Paging, readPaging } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import type { PartnerRecord } from '../store/records.ts';
import { respondWithFeed } from './feed-response.ts';
import { readListing } from './listing.ts';
import { siteOf } from './site.ts';

/** `GET /partners/{partner}/feed.{format}`: what this partner may have, behind its token. Kept by no cache. */
export async function servePartnerFeed(c: AppContext): Promise<Response | Refusal> {
  const id = c.req.param('partner') ?? '';
  const token = readToken(c.req.header('Authorization'), c.req.query('key'));
  const partner = await authenticatePartner({ ...c.var, desk: deskOf(c.env) }, id, token);
  if (partner === undefined) return unauthorized();
  const format = feedFormat(/^feed\.(\w+)$/.exec(c.req.param('file') ?? '')?.[1] ?? '');
  if (format === undefined) return new Refusal('not-found', { detail: 'A partner’s feed is feed.{format}.' });
  const asked = readPaging(c);
  if (asked instanceof Refusal) return asked;
  const paging = withinBounds(asked, partner, c.req.query('limit') !== undefined);
  const [found, { site, siteVersion }] = await Promise.all([
    readListing(c, filtersOfPartner(partner, Date.now()), paging),
    siteOf(c.var.store),
  ]);
  const { listing, version } = settled(found ?? EMPTY_LISTING, partner);
  const path = `${site.origin}/partners/${partner.id}/feed.${format.extension}`;
  const { before, ...unpaged } = paging;
  return respondWithFeed(c, {
    ...feedTitle(site, { kind: 'all' }),
    listing,
    format,
    site,
    address: {
      origin: site.origin,
      before,
      urlOf: (from) => path + canonicalQuery(UNFILTERED, { ...unpaged, ...(from && { before: from }) }),
    },
    versions: [siteVersion, partner.changedAt, version],
    caching: NO_STORE,
    hasChanges: partner.delay === 0,
  });
}

const UNFILTERED = filtersOf({ kind: 'all' });

/** A partner gets no more than was agreed on, and may ask for less. */
function withinBounds(asked: Paging, partner: PartnerRecord, asksForLimit: boolean): Paging {
  return {
    ...asked,
    limit: asksForLimit ? Math.min(asked.limit, partner.limit) : partner.limit,
    content: partner.content === 'summary' ? 'summary' : asked.content,
  };
}

/**
 * Articles come out of a delay without anything changing: what a delayed feed shows follows from its newest article,
 * too, and it was last modified when that one came out.
 */
function settled(listing: Listing, { delay }: PartnerRecord): { listing: Listing; version: string } {
  const { newest } = listing;
  if (delay === 0 || newest === undefined) return { listing, version: '' };
  const outAt = new Date(Date.parse(newest.publishedAt) + delay * 1_000).toISOString();
  const changedAt = outAt > listing.changedAt ? outAt : listing.changedAt;
  return { listing: { ...listing, changedAt }, version: newest.id };
}

const unauthorized = () =>
  new Refusal('unauthorized', {
    detail: 'Send the partner’s token: Authorization: Bearer, Basic with any user name, or ?key=.',
    headers: { 'WWW-Authenticate': 'Bearer realm="dateline", Basic realm="dateline", charset="UTF-8"' },
  });
