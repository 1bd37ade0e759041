import { readBody } from '../access/bounded-body.ts';
import { checkOutbound } from '../access/outbound.ts';
import { sealSecret, subscriptionOwner } from '../access/secrets.ts';
import { TokenBucket } from '../access/token-bucket.ts';
import { type AppContext, outboundRules, subscriptionsOf } from '../bindings.ts';
import type { Issue } from '../domain/draft.ts';
import { Refusal, tooLarge } from '../domain/refusal.ts';
import { NO_STORE } from '../http/problem.ts';
import { pathOfTopic } from './topic.ts';

/** A request to the hub is a few URLs. */
const BODY_LIMIT = 16_384;

const DEFAULT_LEASE = 10 * 86_400;
const MIN_LEASE_SECONDS = 3_600;
const MAX_LEASE_SECONDS = 30 * 86_400;

/** WebSub section 5.1: hub.secret must be less than 200 bytes. */
const MAX_SECRET_BYTES = 199;

/** A request renders its topic to see whether it is a feed, so each isolate limits requests. */
const hubRequests = () => new TokenBucket(50, 10);

const PARAMETERS = ['hub.mode', 'hub.topic', 'hub.callback', 'hub.secret', 'hub.lease_seconds'] as const;

/**
 * `POST /hub`: asks for or ends a subscription (W3C WebSub section 5.1). 202 says that the request is in order and
 * that the subscriber's intent will be verified; whatever is wrong with it is 400 at once. Parameters that the hub
 * does not know are ignored.
 */
export async function receiveHubRequest(c: AppContext): Promise<Response | Refusal> {
  if (!c.var.isolate.get(hubRequests).take(Date.now())) return tooMany();
  const form = await readForm(c);
  if (form instanceof Refusal) return form;
  const { mode, topic, callback, secret, leaseSeconds, issues } = readParameters(form, c);
  const path = issues.length === 0 ? await pathOf(c, mode, topic) : undefined;
  if (issues.length === 0 && path === undefined) {
    issues.push({ path: 'hub.topic', message: 'must be the rel=self URL of a feed of this site' });
  }
  if (issues.length > 0 || path === undefined) return new Refusal('invalid-hub-request', { issues });
  const sealed =
    secret === '' ? null : await sealSecret(c.env.SECRETS_KEY, subscriptionOwner(topic, callback), secret);
  const taken = await subscriptionsOf(c.env).request({
    mode,
    topic,
    path,
    callback,
    secret: sealed,
    leaseSeconds,
  });
  return taken ? new Response(null, { status: 202, headers: NO_STORE }) : tooMany();
}

/** The path of a topic. To end a subscription none is needed, because its feed may be gone. */
const pathOf = async (c: AppContext, mode: string, topic: string): Promise<string | undefined> =>
  mode === 'unsubscribe' ? '' : pathOfTopic(topic, c.env.ORIGIN, c.var.render);

/** WebSub section 5.1: the form is in UTF-8, as `application/x-www-form-urlencoded`. */
async function readForm(c: AppContext): Promise<URLSearchParams | Refusal> {
  const [type = ''] = (c.req.header('Content-Type') ?? '').toLowerCase().split(';');
  if (type.trim() === 'application/x-www-form-urlencoded') {
    const body = await readBody(c.req.raw, BODY_LIMIT);
    return body === undefined ? tooLarge(BODY_LIMIT) : new URLSearchParams(new TextDecoder().decode(body));
  }
  return new Refusal('unsupported-media-type', { detail: 'Send application/x-www-form-urlencoded.' });
}

function readParameters(form: URLSearchParams, c: AppContext) {
  const issues: Issue[] = PARAMETERS.filter((name) => form.getAll(name).length > 1).map((path) => ({
    path,
    message: 'must be given once',
  }));
  const given = (name: (typeof PARAMETERS)[number]): string => form.get(name) ?? '';
  const [asked, topic, secret] = [given('hub.mode'), given('hub.topic'), given('hub.secret')];
  const mode = asked === 'unsubscribe' ? 'unsubscribe' : 'subscribe';
  if (asked !== mode) issues.push({ path: 'hub.mode', message: 'must be subscribe or unsubscribe' });
  if (topic === '') issues.push({ path: 'hub.topic', message: 'is missing' });
  const callback = checkOutbound(given('hub.callback'), outboundRules(c.env));
  if ('refused' in callback) issues.push({ path: 'hub.callback', message: callback.refused });
  if (new TextEncoder().encode(secret).length > MAX_SECRET_BYTES) {
    issues.push({ path: 'hub.secret', message: `must have at most ${MAX_SECRET_BYTES} bytes` });
  }
  const lease = given('hub.lease_seconds');
  if (!/^\d{0,15}$/.test(lease)) {
    issues.push({ path: 'hub.lease_seconds', message: 'must be a number of seconds' });
  }
  const leaseSeconds = Math.min(
    MAX_LEASE_SECONDS,
    Math.max(MIN_LEASE_SECONDS, Number(lease || DEFAULT_LEASE)),
  );
  return { mode, topic, callback: String(callback), secret, leaseSeconds, issues } as const;
}

const tooMany = () =>
  new Refusal('too-many-requests', {
    detail: 'Rate limit exceeded; retry after 60 s.',
    headers: { 'Retry-After': '60' },
  });
