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
import { MEDIA_TYPES, type Payload, readPayload } from '../dialects/payload.ts';
import { dialectOf } from '../dialects/registry.ts';
import { draftSchema, instant, sharedIssues, type Warning } from '../domain/draft.ts';
import { type PublisherSettings, SIGNATURE_NAMES } from '../domain/publisher.ts';
import { Refusal } from '../domain/refusal.ts';
import { described, json, operation } from '../http/operation.ts';
import { wholeNumber } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import { deliveriesInFlight, processing } from './admission.ts';
import {
  type Admitted,
  type Authenticated,
  admit,
  authenticate,
  authenticateAnew,
  unauthorized,
} from './authentication.ts';
import { sourceOf, toEvent } from './events.ts';
import { previewItems } from './preview.ts';
import { deliveriesSchema, previewSchema, receiptSchema } from './response-schemas.ts';

/** The largest delivery accepted: 1 MiB. */
export const BODY_LIMIT = 1_048_576;

/** Articles in one delivery. The Desk takes all of them in one transaction, and an isolate has little time. */
const MAX_ARTICLES = 100;

/** The period of the rate limit in wrangler.toml. */
const RATE_LIMIT_SECONDS = 60;

const publisher = described(v.string(), 'The publisher’s id.', 'ganga-times');

const nativePayload = v.pipe(
  v.object({
    type: described(v.string(), 'The type of the event.', 'article.published'),
    timestamp: v.exactOptional(described(v.string(), 'When the event happened.', '2026-11-22T10:00:00Z')),
    data: v.exactOptional(draftSchema),
  }),
  v.title('NativePayload'),
  v.description('The payload for custom integrations. docs/publishers describes those of each CMS.'),
);

/** JSON of a standard of its own, which is never the native payload. */
const otherJson = described(
  v.union([v.looseObject({}), v.array(v.looseObject({}))]),
  'JSON Feed, schema.org and the like.',
);

/** The bodies of each kind, as far as they have one schema. */
const PAYLOADS = {
  json: nativePayload,
  form: described(v.record(v.string(), v.string()), 'The fields of a post, as a WordPress hook sends them.'),
  html: v.string(),
  xml: v.string(),
  text: v.string(),
} as const;

const suffixes = MEDIA_TYPES.flatMap(({ suffix }) => (suffix === undefined ? [] : [`\`${suffix}\``]));

const delivery = {
  description: `One or several articles in the format of the publisher’s CMS. The native payload is \`{type, timestamp, data}\`. Other media types that end in ${suffixes.join(' or ')} are read as such.`,
  content: Object.fromEntries(
    MEDIA_TYPES.flatMap(({ kind, types }) =>
      types.map((type) => [type, type.endsWith('+json') ? otherJson : PAYLOADS[kind]]),
    ),
  ),
};

const received = {
  tag: 'Publishers',
  description:
    'A 2xx response means that the delivery is stored durably. Until then, retry with the same delivery id; a duplicate changes nothing.',
  rawBody: delivery,
  answers: {
    200: json(receiptSchema, 'Nothing new was stored: `duplicate`, `unchanged`, `stale` or `ignored`.'),
    202: json(receiptSchema, 'Stored as a new version, which appears in feeds within about a second.'),
  },
  problems: [
    'unauthorized',
    'malformed',
    'invalid',
    'request-timeout',
    'too-large',
    'unsupported-media-type',
    'too-many-requests',
  ],
} as const;

export const receiveWebhook = operation(
  {
    ...received,
    id: 'receiveWebhook',
    summary: 'Send articles with a signature',
    security: SIGNATURE_NAMES,
    path: v.object({ publisher }),
  },
  (c, { path }) => receive(c, path),
);

export const receiveWebhookByToken = operation(
  {
    ...received,
    id: 'receiveWebhookByToken',
    summary: 'Send articles with the secret in the URL',
    description: `For systems that can send neither a signature nor a header. ${received.description}`,
    path: v.object({
      publisher,
      token: described(v.string(), 'The publisher’s secret, when its signature scheme is `token`.'),
    }),
  },
  (c, { path }) => receive(c, path),
);

/** Receives a signed delivery. A 2xx response means that it is durable; KV follows. */
function receive(c: AppContext, sender: Sender): Promise<Response | Refusal> {
  return withSigned(c, sender, (signed) => settle(c, signed));
}

/** Passes a signed delivery to the Desk: its articles, or why it cannot be read. */
async function settle(c: AppContext, signed: Signed): Promise<Response | Refusal> {
  const { publisher, dialect, items, now } = signed;
  const events: Delivery['events'] = [];
  /** Of each event, what was left out. */
  const left: Warning[][] = [];
  if (items instanceof Refusal) events.push({ kind: 'refused', issues: issuesOf(items) });
  else {
    // The body tells a single article from others; each of several has a source of its own.
    const hasSources = items.length > 1 && signed.bodyHash !== undefined;
    const arounds = new Map<object | undefined, string>();
    for (const item of items) {
      const warnings: Warning[] = [];
      const event = await toEvent(item, publisher, warnings);
      const source = hasSources ? await sourceOf(item, arounds) : undefined;
      events.push('revision' in event && source !== undefined ? { ...event, source } : event);
      left.push(warnings);
    }
  }
  const deliveryBy = ({ deliveryId, signer, bodyHash }: Authenticated): Delivery => ({
    publisher: publisher.id,
    id: deliveryId,
    arrival: {
      ...(dialect && { source: dialect.name }),
      signature: signer.settings.scheme,
      milliseconds: Date.now() - now,
    },
    ...(bodyHash !== undefined && { bodyHash }),
    events,
  });
  const desk = deskOf(c.env);
  let receipt = await desk.receiveSigned(deliveryBy(signed), signed.signer);
  if (receipt === 'unauthorized') {
    // KV had an old record. By the present one, the same body may still be signed by this publisher.
    const again = await authenticateAnew(c, signed.admitted, signed.body);
    if (again instanceof Refusal) return again;
    receipt = await desk.receiveSigned(deliveryBy(again), again.signer);
  }
  if (receipt === 'unauthorized') return unauthorized();
  if (receipt.status !== 'refused') return answer(receipt, left);
  if (receipt.retryAfter !== undefined) return tooMuchWaits(receipt.retryAfter);
  if (items instanceof Refusal) return items;
  return new Refusal('invalid', {
    issues: receipt.outcomes.flatMap(({ issues = [] }) => issues),
  });
}

export const previewWebhook = operation(
  {
    id: 'previewWebhook',
    tag: 'Publishers',
    summary: 'Preview a delivery',
    description: 'Runs every check that a delivery goes through, and stores nothing.',
    security: SIGNATURE_NAMES,
    path: v.object({ publisher }),
    rawBody: delivery,
    answers: { 200: json(previewSchema, 'The normalized article and its warnings, or a list of several.') },
    problems: received.problems,
  },
  (c, { path }) =>
    withSigned(c, path, async ({ items, publisher, now }) =>
      items instanceof Refusal ? items : previewItems(items, publisher, c.env.ORIGIN, now),
    ),
);

/** For the publisher itself or the operator. */
export const listDeliveries = operation(
  {
    id: 'listDeliveries',
    tag: 'Publishers',
    summary: 'List deliveries, newest first',
    description:
      'Takes a signature over an empty body, or the operator’s token. Entries are kept for 30 days, at most about 20,000 per publisher.',
    security: [...SIGNATURE_NAMES, 'operator'],
    path: v.object({ publisher }),
    authenticate: async (c, { publisher }) => {
      if (await isAdmin(c.req.header('Authorization'), c.env.ADMIN_TOKEN)) return undefined;
      const admitted = await admit(c, publisher, { headers: c.req.raw.headers, now: Date.now() });
      if (admitted instanceof Refusal) return admitted;
      const signed = await authenticate(c, admitted, new Uint8Array());
      if (signed instanceof Refusal) return signed;
      return (await deskOf(c.env).isSigner(signed.signer)) ? undefined : unauthorized();
    },
    query: v.object({
      before: v.exactOptional(
        described(
          wholeNumber(0, Number.MAX_SAFE_INTEGER, 'must be the next value of an earlier page'),
          'The `next` value of the previous page.',
        ),
      ),
      limit: v.optional(described(wholeNumber(1, 100), 'Deliveries per page.'), '50'),
      status: v.exactOptional(
        described(
          v.picklist(DELIVERY_STATUSES, `must be one of ${DELIVERY_STATUSES.join(', ')}`),
          'Only deliveries with this outcome.',
        ),
      ),
      since: v.exactOptional(described(instant, 'Only deliveries received at this time or later.')),
    }),
    answers: { 200: json(deliveriesSchema, 'A page of deliveries.') },
    problems: ['unauthorized'],
  },
  async (c, { path, query: { before = Number.MAX_SAFE_INTEGER, ...query } }) => {
    const { deliveries, next } = await deskOf(c.env).deliveries(path.publisher, { before, ...query });
    return Response.json({ deliveries, next: next === null ? null : String(next) }, { headers: NO_STORE });
  },
);

/** The publisher named in the path, and the secret if the path has one. */
interface Sender {
  publisher: string;
  token?: string;
}

interface Read {
  /** Absent when no dialect matches the body. */
  dialect?: Dialect;
  items: Item[] | Refusal;
}

interface Signed extends Authenticated, Read {
  admitted: Admitted;
  body: Uint8Array<ArrayBuffer>;
  /** When the request arrived, in milliseconds since the epoch. */
  now: number;
}

/**
 * The steps every signed body goes through, in order: the head of the request, a bounded read, the signature over the
 * raw bytes, the publisher's rate limit, and its dialect. The body counts as in flight until `work` is done.
 */
async function withSigned(
  c: AppContext,
  { publisher: id, token }: Sender,
  work: (signed: Signed) => Promise<Response | Refusal>,
): Promise<Response | Refusal> {
  const { isolate } = c.var;
  const now = Date.now();
  const { headers } = c.req.raw;
  const admitted = await admit(c, id, { headers, now, ...(token !== undefined && { token }) });
  if (admitted instanceof Refusal) return admitted;
  const inFlight = isolate.get(deliveriesInFlight);
  const held = await readBody(c.req.raw, { limit: BODY_LIMIT, inFlight, owner: admitted.publisher.id });
  if (held instanceof Refusal) return held;
  const { bytes: body, reservation } = held;
  try {
    const authenticated = await authenticate(c, admitted, body);
    if (authenticated instanceof Refusal) return authenticated;
    reservation.verified();
    // After the signature: nobody else can use up a publisher's limit.
    const { success } = await c.env.DELIVERY_LIMIT.limit({ key: authenticated.publisher.id });
    if (!success) return tooMany();
    return await isolate
      .get(processing)
      .run(body.length, () =>
        work({ ...authenticated, admitted, body, now, ...read(headers, body, authenticated) }),
      );
  } finally {
    reservation.release();
  }
}

/** Reads a body by its dialect. */
function read(
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
  { publisher, ignoresHeaders }: { publisher: PublisherSettings; ignoresHeaders: boolean },
): Read {
  const payload = readPayload(headers, body, { ignoresHeaders });
  if (payload instanceof Refusal) return { items: payload };
  const dialect = dialectOf(payload, publisher.source);
  if (dialect instanceof Refusal) return { items: dialect };
  return { dialect, items: itemsOf(dialect, payload) };
}

function itemsOf(dialect: Dialect, payload: Payload): Item[] | Refusal {
  const items = dialect.read(payload, { maxItems: MAX_ARTICLES });
  if (items instanceof Refusal) return items;
  if (items.length > 0) return withFewIssues(items);
  return [{ path: '', event: { kind: 'ignored', why: { path: '', message: 'contains no article' } } }];
}

/** Bounds the issues of articles that cannot be read. The Desk finds issues in others, and bounds all of them again. */
function withFewIssues(items: readonly Item[]): Item[] {
  const lists = sharedIssues(items.map(({ event }) => (event.kind === 'refused' ? event.issues : [])));
  return items.map((item, index) =>
    item.event.kind === 'refused' ? { ...item, event: { ...item.event, issues: lists[index] ?? [] } } : item,
  );
}

/** One article's outcome is the whole response; several are listed in the delivery's order. */
function answer({ status, outcomes }: Receipt, left: readonly Warning[][]): Response {
  const shown = outcomes.map(({ warnings: corrected, ...outcome }, index) => {
    const warnings = outcome.status === 'accepted' ? [...(left[index] ?? []), ...corrected] : corrected;
    return warnings.length === 0 ? outcome : { ...outcome, warnings };
  });
  const document = shown.length === 1 ? shown[0] : { status, articles: shown };
  return Response.json(document, { status: httpStatus(status), headers: NO_STORE });
}

const httpStatus = (status: DeliveryStatus): number => (status === 'accepted' ? 202 : 200);

const issuesOf = ({ details, reason }: Refusal) => [
  ...(details.issues ?? [{ path: '', message: details.detail ?? reason }]),
];

const tooMuchWaits = (seconds: number) =>
  new Refusal('too-many-requests', {
    detail: `Too many articles and feeds of this publisher wait to be written; send this delivery again after ${seconds} s. Its withdrawals were taken.`,
    headers: { 'Retry-After': String(seconds) },
  });

const tooMany = () =>
  new Refusal('too-many-requests', {
    detail: `Rate limit exceeded; retry after ${RATE_LIMIT_SECONDS} s.`,
    headers: { 'Retry-After': String(RATE_LIMIT_SECONDS) },
  });
