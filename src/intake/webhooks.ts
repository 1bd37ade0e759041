import { isAdmin } from '../access/admin.ts';
import type { Article } from '../article/article.ts';
import { articleId, articlePath } from '../article/identity.ts';
import { type AppContext, deskOf } from '../bindings.ts';
import type { ArticleEvent } from '../desk/messages.ts';
import { settlePublishedAt, statusAt } from '../desk/revision.ts';
import { PRIVATE, Refusal } from '../problem.ts';
import { type Authenticated, authenticate } from './authentication.ts';
import { decodeBody, mediaTypeOf, readBody } from './body.ts';
import { toRevision } from './revision.ts';
import { SOURCES } from './sources/registry.ts';
import type { Source, SourceEvent } from './sources/source.ts';

/** `POST /webhooks/{publisher}`: takes a signed delivery. It is durable when this answers 2xx; KV follows. */
export async function receiveWebhook(c: AppContext): Promise<Response | Refusal> {
  const now = Date.now();
  const signed = await readSigned(c, now);
  if (signed instanceof Refusal) return signed;
  const { publisher, deliveryId } = signed;
  const event = await toEvent(signed, now);
  if (event instanceof Refusal) {
    await deskOf(c.env).refuse(publisher.id, deliveryId, [...(event.details.issues ?? [toIssue(event)])]);
    return event;
  }
  const { warnings, ...outcome } = await deskOf(c.env).receive({
    publisher: publisher.id,
    id: deliveryId,
    event,
  });
  const body = warnings.length === 0 ? outcome : { ...outcome, warnings };
  return Response.json(body, { status: outcome.status === 'accepted' ? 202 : 200, headers: PRIVATE });
}

/** `POST /webhooks/{publisher}/preview`: what a delivery would become. Checks all that a delivery is checked for. */
export async function previewWebhook(c: AppContext): Promise<Response | Refusal> {
  const now = Date.now();
  const signed = await readSigned(c, now);
  if (signed instanceof Refusal) return signed;
  const { source, event } = signed;
  if (event instanceof Refusal) return event;
  if (event.kind === 'withdrawn' || event.kind === 'ignored') {
    return new Refusal('invalid', {
      issues: [{ path: 'type', message: 'must be article.published or article.updated to be previewed' }],
    });
  }
  const made = await toRevision(event.draft, signed.publisher, source.draftPath);
  if (made instanceof Refusal) return made;
  const at = new Date(now).toISOString();
  const { publishedAt, warnings } = settlePublishedAt(at, made.revision, null);
  const id = await articleId(signed.publisher.id, event.draft.id);
  const { embargoUntil = null, expiresAt = null } = made.content;
  const article: Article = {
    id,
    version: 1,
    status: statusAt(at, { embargoUntil, expiresAt, publisherWithdrew: false, operatorWithdrew: false }),
    url: c.env.ORIGIN + articlePath(id, made.content.headline),
    ...made.content,
    publishedAt,
    updatedAt: made.content.updatedAt ?? publishedAt,
  };
  return Response.json({ article, warnings: [...made.warnings, ...warnings] }, { headers: PRIVATE });
}

/** `GET /webhooks/{publisher}/deliveries`: the delivery log, for the publisher itself or the operator. */
export async function listDeliveries(c: AppContext): Promise<Response | Refusal> {
  const publisher = c.req.param('publisher') ?? '';
  if (!(await isAdmin(c.req.header('Authorization'), c.env.ADMIN_TOKEN))) {
    const request = { headers: c.req.raw.headers, body: new Uint8Array(), now: Date.now() };
    const signed = await authenticate(c.env, publisher, request);
    if (signed instanceof Refusal) return signed;
  }
  const before = c.req.query('before') ?? String(Number.MAX_SAFE_INTEGER);
  const limit = c.req.query('limit') ?? '50';
  if (!/^\d{1,16}$/.test(before) || !/^([1-9]\d?|100)$/.test(limit)) {
    return new Refusal('invalid-parameters', {
      detail: 'limit is 1 to 100, before is the next of the page before.',
    });
  }
  const { deliveries, next } = await deskOf(c.env).deliveries(publisher, Number(before), Number(limit));
  return Response.json({ deliveries, next: next === null ? null : String(next) }, { headers: PRIVATE });
}

interface Signed extends Authenticated {
  source: Source;
  event: SourceEvent | Refusal;
}

/** The steps every signed body goes through, in order: bounded read, signature over the raw bytes, then its dialect. */
async function readSigned(c: AppContext, now: number): Promise<Signed | Refusal> {
  const body = await readBody(c.req.raw);
  if (body instanceof Refusal) return body;
  const { headers } = c.req.raw;
  const authenticated = await authenticate(c.env, c.req.param('publisher') ?? '', { headers, body, now });
  if (authenticated instanceof Refusal) return authenticated;
  const mediaType = mediaTypeOf(headers);
  if (mediaType instanceof Refusal) return mediaType;
  const source = SOURCES.find((candidate) => candidate.accepts(mediaType));
  if (source === undefined) {
    return new Refusal('unsupported-media-type', { detail: 'Send the article as application/json.' });
  }
  const text = decodeBody(body);
  return { ...authenticated, source, event: text instanceof Refusal ? text : source.read(text) };
}

/** The delivery's event with its article identified and normalized. */
async function toEvent({ publisher, source, event }: Signed, now: number): Promise<ArticleEvent | Refusal> {
  if (event instanceof Refusal || event.kind === 'ignored') return event;
  const revisedAt = event.revisedAt ?? new Date(now).toISOString();
  if (event.kind === 'withdrawn') {
    const id = await articleId(publisher.id, event.sourceId);
    return { kind: 'withdrawn', id, publisher: publisher.id, sourceId: event.sourceId, revisedAt };
  }
  const made = await toRevision(event.draft, publisher, source.draftPath);
  if (made instanceof Refusal) return made;
  const id = await articleId(publisher.id, event.draft.id);
  return { kind: event.kind, id, revisedAt, revision: made.revision };
}

const toIssue = ({ details, reason }: Refusal) => ({ path: '', message: details.detail ?? reason });
