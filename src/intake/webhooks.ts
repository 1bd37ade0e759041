import * as v from 'valibot';
import { readBody } from '../access/bounded-body.ts';
import { isAdmin } from '../access/operator.ts';
import { type AppContext, deskOf } from '../bindings.ts';
import {
  DELIVERY_STATUSES,
  type Delivery,
  type DeliveryStatus,
  type Receipt,
} from '../desk/contract/messages.ts';
import type { Dialect, Item } from '../dialects/dialect.ts';
import { readPayload } from '../dialects/payload.ts';
import { dialectOf } from '../dialects/registry.ts';
import { instant } from '../domain/draft.ts';
import { Refusal, tooLarge } from '../domain/refusal.ts';
import { NO_STORE } from '../http/problem.ts';
import { deliveryLimit } from './admission.ts';
import { type Authenticated, authenticate } from './authentication.ts';
import { toEvent } from './events.ts';
import { previewItems } from './preview.ts';

/** The largest delivery accepted: 1 MiB. */
export const BODY_LIMIT = 1_048_576;

/** Articles in one delivery. The Desk takes all of them in one transaction, and an isolate has little time. */
const MAX_ARTICLES = 100;

/** The period of the rate limit in wrangler.toml. */
const RATE_LIMIT_SECONDS = 60;

/**
 * `POST /webhooks/{publisher}`, and `/webhooks/{publisher}/{token}`: takes a signed delivery. It is durable when this
 * answers 2xx; KV follows.
 */
export async function receiveWebhook(c: AppContext): Promise<Response | Refusal> {
  const now = Date.now();
  const signed = await readSigned(c, now);
  if (signed instanceof Refusal) return signed;
  return c.var.isolate.get(deliveryLimit).run(now, () => settle(c, signed, now));
}

/** Hands a signed delivery to the Desk: its articles, or why it cannot be read. */
async function settle(c: AppContext, signed: Signed, now: number): Promise<Response | Refusal> {
  const { publisher, deliveryId, scheme, dialect, items } = signed;
  const events: Delivery['events'] = [];
  if (items instanceof Refusal) events.push({ kind: 'refused', issues: issuesOf(items) });
  else for (const item of items) events.push(await toEvent(item, publisher, now));
  const receipt = await deskOf(c.env).receive({
    publisher: publisher.id,
    id: deliveryId,
    arrival: { ...(dialect && { source: dialect.name }), signature: scheme, milliseconds: Date.now() - now },
    events,
  });
  if (receipt.status !== 'refused') return answer(receipt);
  if (items instanceof Refusal) return items;
  return new Refusal('invalid', { issues: receipt.outcomes.flatMap(({ issues = [] }) => issues) });
}

/** `POST /webhooks/{publisher}/preview`: what a delivery would become. Checks all that a delivery is checked for. */
export async function previewWebhook(c: AppContext): Promise<Response | Refusal> {
  const now = Date.now();
  const signed = await readSigned(c, now);
  if (signed instanceof Refusal) return signed;
  if (signed.items instanceof Refusal) return signed.items;
  return previewItems(signed.items, signed.publisher, c.env.ORIGIN, now);
}

/** `GET /webhooks/{publisher}/deliveries`: the delivery log, for the publisher itself or the operator. */
export async function listDeliveries(c: AppContext): Promise<Response | Refusal> {
  const publisher = c.req.param('publisher') ?? '';
  if (!(await isAdmin(c.req.header('Authorization'), c.env.ADMIN_TOKEN))) {
    const request = { headers: c.req.raw.headers, body: new Uint8Array(), now: Date.now() };
    const signed = await authenticate(c, publisher, request);
    if (signed instanceof Refusal) return signed;
  }
  const before = c.req.query('before') ?? String(Number.MAX_SAFE_INTEGER);
  const limit = c.req.query('limit') ?? '50';
  const status = DELIVERY_STATUSES.find((each) => each === c.req.query('status'));
  const since = v.safeParse(v.optional(instant), c.req.query('since'));
  if (
    !/^\d{1,16}$/.test(before) ||
    !/^([1-9]\d?|100)$/.test(limit) ||
    (c.req.query('status') !== undefined && status === undefined) ||
    !since.success
  ) {
    return new Refusal('invalid-parameters', {
      detail: `limit is 1 to 100, before is the next of the page before, status is one of ${DELIVERY_STATUSES.join(', ')}, since is an RFC 3339 time.`,
    });
  }
  const { deliveries, next } = await deskOf(c.env).deliveries(publisher, {
    before: Number(before),
    limit: Number(limit),
    ...(status && { status }),
    ...(since.output && { since: since.output }),
  });
  return Response.json({ deliveries, next: next === null ? null : String(next) }, { headers: NO_STORE });
}

interface Signed extends Authenticated {
  /** Absent when the body could not even be told to be in a dialect. */
  dialect?: Dialect;
  items: Item[] | Refusal;
}

/** The steps every signed body goes through, in order: bounded read, signature over the raw bytes, then its dialect. */
async function readSigned(c: AppContext, now: number): Promise<Signed | Refusal> {
  const body = await readBody(c.req.raw, BODY_LIMIT);
  if (body === undefined) return tooLarge(BODY_LIMIT);
  const { headers } = c.req.raw;
  const token = c.req.param('token');
  const authenticated = await authenticate(c, c.req.param('publisher') ?? '', {
    ...{ headers, body, now },
    ...(token !== undefined && { token }),
  });
  if (authenticated instanceof Refusal) return authenticated;
  const { publisher } = authenticated;
  // Behind the signature: nobody else can use a publisher's share up.
  const { success } = await c.env.DELIVERY_LIMIT.limit({ key: publisher.id });
  if (!success) return tooMany();
  const payload = readPayload(headers, body);
  if (payload instanceof Refusal) return { ...authenticated, items: payload };
  const dialect = dialectOf(payload, publisher.source);
  if (dialect instanceof Refusal) return { ...authenticated, items: dialect };
  return { ...authenticated, dialect, items: bounded(dialect.read(payload)) };
}

function bounded(items: Item[] | Refusal): Item[] | Refusal {
  if (items instanceof Refusal || (items.length > 0 && items.length <= MAX_ARTICLES)) return items;
  const message =
    items.length === 0
      ? 'holds no article'
      : `holds ${items.length} articles; send at most ${MAX_ARTICLES} at once`;
  if (items.length > 0) return new Refusal('invalid', { issues: [{ path: '', message }] });
  return [{ path: '', event: { kind: 'ignored', why: { path: '', message } } }];
}

/** One article's outcome is the answer itself; several are listed in the delivery's order. */
function answer({ status, outcomes }: Receipt): Response {
  const shown = outcomes.map(({ warnings, ...outcome }) =>
    warnings.length === 0 ? outcome : { ...outcome, warnings },
  );
  const document = shown.length === 1 ? shown[0] : { status, articles: shown };
  return Response.json(document, { status: httpStatus(status), headers: NO_STORE });
}

const httpStatus = (status: DeliveryStatus): number => (status === 'accepted' ? 202 : 200);

const issuesOf = ({ details, reason }: Refusal) => [
  ...(details.issues ?? [{ path: '', message: details.detail ?? reason }]),
];

const tooMany = () =>
  new Refusal('too-many-requests', {
    detail: 'This publisher sent more deliveries than it may; send them again later.',
    headers: { 'Retry-After': String(RATE_LIMIT_SECONDS) },
  });
