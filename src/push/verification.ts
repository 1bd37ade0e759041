import { toHex } from '../access/encoding.ts';
import { checkOutbound, send } from '../access/outbound.ts';
import { type Bindings, outboundRules, subscriptionsOf } from '../bindings.ts';
import type { FoundIntent, Intent, Render } from './messages.ts';
import { canonicalTopic } from './topic.ts';

/** The challenge has 64 characters; a longer response cannot echo it. */
const BOUNDS = { milliseconds: 10_000, bytes: 256 };

/**
 * Asks a callback to confirm an intent (WebSub section 5.3), or reports that the subscription is denied (section 5.2).
 * Only a 2xx response with the exact echo confirms.
 * Renders the topic of a renewal within a budget that strangers cannot spend.
 * @param onSend called when all that is left is to wait for the callback
 */
export async function verify(
  { intent, isRenewal, denial: limitDenial }: FoundIntent,
  env: Bindings,
  render: Render,
  onSend: () => void,
): Promise<void> {
  const subscriptions = subscriptionsOf(env);
  const denial =
    limitDenial ??
    (await denialOf(intent, env, (path) => render(path, isRenewal ? 'pages for renewals' : 'pages')));
  onSend();
  if (denial !== undefined) {
    await deny(env, intent, denial);
  } else if (await isConfirmed(env, intent)) {
    const lateDenial = await subscriptions.confirm(intent.id);
    if (lateDenial !== undefined) await deny(env, intent, lateDenial);
    return;
  }
  await subscriptions.discard(intent.id);
}

/** Reports to a subscriber that its subscription is denied or has ended. Sent once; the response is ignored. */
export async function deny(
  env: Bindings,
  { topic, callback }: { topic: string; callback: string },
  reason: string,
): Promise<void> {
  await ask(env, callback, { 'hub.mode': 'denied', 'hub.topic': topic, 'hub.reason': reason });
}

/** Why an intent cannot be fulfilled; undefined when it can. */
async function denialOf(intent: Intent, env: Bindings, render: Render): Promise<string | undefined> {
  if (intent.mode === 'unsubscribe') return undefined;
  const canonical = await canonicalTopic(intent.topic, env.ORIGIN, render);
  return canonical === intent.topic ? undefined : 'The topic is no longer a feed of this site.';
}

async function isConfirmed(env: Bindings, { mode, topic, callback, leaseSeconds }: Intent): Promise<boolean> {
  const challenge = toHex(crypto.getRandomValues(new Uint8Array(32)));
  const echo = await ask(env, callback, {
    'hub.mode': mode,
    'hub.topic': topic,
    'hub.challenge': challenge,
    ...(mode === 'subscribe' && { 'hub.lease_seconds': String(leaseSeconds) }),
  });
  return echo === challenge;
}

/**
 * Sends parameters to a callback, after the callback's own query (WebSub section 5.3).
 * @returns the body of a 2xx response
 */
async function ask(
  env: Bindings,
  callback: string,
  parameters: Record<string, string>,
): Promise<string | undefined> {
  const url = checkOutbound(callback, outboundRules(env));
  if ('refused' in url) return undefined;
  url.search += `${url.search === '' ? '?' : '&'}${new URLSearchParams(parameters)}`;
  const sent = await send(url, { headers: { 'User-Agent': 'Dateline' } }, BOUNDS);
  return sent.kind === 'accepted' ? sent.text : undefined;
}
