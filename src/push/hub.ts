import * as v from 'valibot';
import { checkOutbound, type OutboundRules } from '../access/outbound.ts';
import { sealSecret, subscriptionOwner } from '../access/secrets.ts';
import { TokenBucket } from '../access/token-bucket.ts';
import { type AppContext, outboundRules, subscriptionsOf } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import { described, operation } from '../http/operation.ts';
import { NO_STORE } from '../http/problem.ts';
import { FORM, readForm } from '../http/request-body.ts';
import { KnownSubscriptions } from './known-subscriptions.ts';
import { canonicalTopic, pathOfTopic } from './topic.ts';

const DEFAULT_LEASE_SECONDS = 10 * 86_400;
const MIN_LEASE_SECONDS = 3_600;
const MAX_LEASE_SECONDS = 30 * 86_400;

/** WebSub section 5.1: hub.secret must be less than 200 bytes. */
const MAX_SECRET_BYTES = 199;

/** A request for a new subscription renders its topic to see whether it is a feed, so each isolate limits them. */
const newSubscriptions = () => new TokenBucket(50, 10);

/**
 * Each isolate limits how often it asks whether a subscription exists. The topic of one that does is not rendered. Beyond
 * the limit, the isolate asks only about subscriptions whose hashes it knows.
 */
const lookups = () => new TokenBucket(200, 100);
const knownSubscriptions = () => new KnownSubscriptions();

/** The form of a hub request. The deployment's rules decide which callbacks are allowed. */
const formSchema = (rules: OutboundRules) =>
  v.object({
    'hub.mode': v.picklist(['subscribe', 'unsubscribe'], 'must be subscribe or unsubscribe'),
    'hub.topic': described(
      v.pipe(v.string(), v.nonEmpty('is required')),
      'The `rel=self` URL of a feed of this site.',
    ),
    'hub.callback': described(
      v.pipe(
        v.string(),
        v.rawCheck(({ dataset, addIssue }) => {
          const url = checkOutbound(String(dataset.value), rules);
          if ('refused' in url) addIssue({ message: url.refused });
        }),
        v.transform((text) => String(checkOutbound(text, rules))),
        v.string(),
      ),
      'The subscriber’s URL, for verification and deliveries.',
    ),
    'hub.secret': described(
      v.optional(
        v.pipe(v.string(), v.maxBytes(MAX_SECRET_BYTES, `must be at most ${MAX_SECRET_BYTES} bytes`)),
        '',
      ),
      'The secret that signs deliveries (`X-Hub-Signature`).',
    ),
    'hub.lease_seconds': described(
      v.optional(v.pipe(v.string(), v.regex(/^\d{0,15}$/, 'must be a whole number of seconds')), ''),
      `The duration of the subscription: ${MIN_LEASE_SECONDS} to ${MAX_LEASE_SECONDS}, by default ${DEFAULT_LEASE_SECONDS}.`,
    ),
  });

/** The hub of W3C WebSub section 5.1. Ignores unknown parameters, as the specification requires. */
export const receiveHubRequest = operation(
  {
    id: 'askHub',
    tag: 'Partners',
    summary: 'Subscribe to a feed, or unsubscribe',
    description:
      'A [WebSub](https://www.w3.org/TR/websub/) hub. It verifies the subscriber’s intent before it sends anything.',
    rawBody: {
      description: 'A request as in WebSub section 5.1.',
      content: { [FORM]: formSchema({ origin: '', allowPrivate: false }) },
    },
    answers: { 202: { description: 'The request is valid; the hub verifies the subscriber’s intent next.' } },
    problems: [
      'invalid-hub-request',
      'request-timeout',
      'too-large',
      'unsupported-media-type',
      'too-many-requests',
    ],
  },
  async (c) => {
    const form = await readForm(c, formSchema(outboundRules(c.env, c.req.url)));
    if (form instanceof Refusal) return form;
    if ('issues' in form) return new Refusal('invalid-hub-request', { issues: form.issues });
    const { 'hub.mode': mode, 'hub.topic': topic, 'hub.callback': callback, 'hub.secret': secret } = form;
    const path = pathOfTopic(topic, c.env.ORIGIN);
    if (path === undefined) return noTopic();
    if (!(await isKnown(c, topic, callback))) {
      if (!c.var.isolate.get(newSubscriptions).take(Date.now())) return tooMany();
      const canonical =
        mode === 'unsubscribe'
          ? topic
          : await canonicalTopic(topic, c.env.ORIGIN, (path) => c.var.render(path, 'pages'));
      if (canonical !== topic) return noTopic(canonical);
    }
    const sealed =
      secret === '' ? null : await sealSecret(c.env.SECRETS_KEY, subscriptionOwner(topic, callback), secret);
    const taken = await subscriptionsOf(c.env).request({
      mode,
      topic,
      path,
      callback,
      secret: sealed,
      leaseSeconds: leaseOf(form['hub.lease_seconds']),
    });
    return taken ? new Response(null, { status: 202, headers: NO_STORE }) : tooMany();
  },
);

/** Whether a subscription exists. Strangers cannot spend what subscribers need to renew. */
async function isKnown(c: AppContext, topic: string, callback: string): Promise<boolean> {
  const subscriptions = subscriptionsOf(c.env);
  const { isolate } = c.var;
  const mayAsk =
    isolate.get(lookups).take(Date.now()) ||
    (await isolate.get(knownSubscriptions).mayHave(topic, callback, () => subscriptions.hashes()));
  return mayAsk && subscriptions.knows(topic, callback);
}

const leaseOf = (seconds: string): number =>
  Math.min(MAX_LEASE_SECONDS, Math.max(MIN_LEASE_SECONDS, Number(seconds || DEFAULT_LEASE_SECONDS)));

/** @param canonical the feed's own URL, if the topic is another spelling of it */
const noTopic = (canonical?: string) => {
  const own = canonical === undefined ? '' : `, which is ${canonical}`;
  const message = `must be the rel=self URL of one of this site’s feeds${own}`;
  return new Refusal('invalid-hub-request', { issues: [{ path: 'hub.topic', message }] });
};

const tooMany = () =>
  new Refusal('too-many-requests', {
    detail: 'Rate limit exceeded; retry after 60 s.',
    headers: { 'Retry-After': '60' },
  });
