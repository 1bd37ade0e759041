import { toHex } from '../access/encoding.ts';
import { checkOutbound, send } from '../access/outbound.ts';
import { type Bindings, outboundRules, subscriptionsOf } from '../bindings.ts';
import type { Intent, Render } from './messages.ts';
import { pathOfTopic } from './topic.ts';

/** A subscriber echoes 64 characters; what is longer is not the echo. */
const BOUNDS = { milliseconds: 10_000, bytes: 256 };

/**
 * Asks the callback whether it wants what was asked for in its name (WebSub section 5.3), or tells it that it will
 * not get it (section 5.2). Anything but the exact echo with 2xx means no.
 */
export async function verify(id: string, env: Bindings, render: Render): Promise<void> {
  const subscriptions = subscriptionsOf(env);
  const found = await subscriptions.intent(id);
  if (found === undefined) return;
  const { intent } = found;
  const denial = found.denial ?? (await whyNot(intent, env, render));
  if (denial !== undefined) {
    await deny(env, intent, denial);
  } else if (await isWanted(env, intent)) {
    return subscriptions.confirm(id);
  }
  return subscriptions.discard(id);
}

/** Tells a subscriber that it gets nothing, or nothing more, of a topic. It is told once and need not answer. */
export async function deny(
  env: Bindings,
  { topic, callback }: { topic: string; callback: string },
  reason: string,
): Promise<void> {
  await ask(env, callback, { 'hub.mode': 'denied', 'hub.topic': topic, 'hub.reason': reason });
}

async function whyNot(intent: Intent, env: Bindings, render: Render): Promise<string | undefined> {
  if (intent.mode === 'unsubscribe') return undefined;
  const path = await pathOfTopic(intent.topic, env.ORIGIN, render);
  return path === undefined ? 'The topic is no feed of this site any more.' : undefined;
}

async function isWanted(env: Bindings, { mode, topic, callback, leaseSeconds }: Intent): Promise<boolean> {
  const challenge = toHex(crypto.getRandomValues(new Uint8Array(32)));
  const echo = await ask(env, callback, {
    'hub.mode': mode,
    'hub.topic': topic,
    'hub.challenge': challenge,
    ...(mode === 'subscribe' && { 'hub.lease_seconds': String(leaseSeconds) }),
  });
  return echo === challenge;
}

/** What a callback answers with 2xx. Its own query stays as it is, ours comes after it (WebSub section 5.3). */
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
