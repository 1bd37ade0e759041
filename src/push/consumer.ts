import { type Bindings, subscriptionsOf } from '../bindings.ts';
import type { Announcement } from '../desk/contract/messages.ts';
import { logFailure } from '../log.ts';
import type { Store } from '../store/store.ts';
import { deliverArticle } from './article-delivery.ts';
import { deliverFeed, type RenderedFeed, renderTopic } from './feed-delivery.ts';
import type { DeliveryResult, PendingDelivery, PushMessage, Render } from './messages.ts';
import type { Postponed } from './post.ts';
import { verify } from './verification.ts';

/** A Worker may have six connections open at once; more requests would only wait. */
const MAX_CONCURRENT = 6;

/** Queues, "Limits": a message may be delayed by 12 hours. A longer wait takes several messages. */
const MAX_DELAY_SECONDS = 43_200;

/** How deliveries read this site: the content they send, and the partners they send it to. */
interface SiteReads {
  render: Render;
  store: Store;
}

type PushBatch = MessageBatch<PushMessage>;
type PushQueueMessage = Message<PushMessage>;

/**
 * Handles a batch of the push queue. A message that fails is retried after a pause of `PUSH_PAUSES`, and finally goes to
 * the dead-letter queue, whose batches also come here.
 */
export async function consume(batch: PushBatch, env: Bindings, site: SiteReads): Promise<void> {
  if (batch.queue.endsWith('-dead')) return suspend(batch, env);
  await Promise.all([announce(batch, env), verifyAll(batch, env, site), deliverAll(batch, env, site)]);
}

/** Suspends the subscriptions of deliveries that failed every attempt, until the operator resumes them. */
async function suspend(batch: PushBatch, env: Bindings): Promise<void> {
  const messages = batch.messages.map((message) => message.body);
  const numbers = messages.flatMap((message) => (message.kind === 'deliver' ? [message.delivery] : []));
  await subscriptionsOf(env).suspend(numbers);
  for (const message of messages) logFailure('push message abandoned', 'every attempt failed', message);
}

async function announce(batch: PushBatch, env: Bindings): Promise<void> {
  const messages = batch.messages.filter(({ body }) => body.kind === 'feed' || body.kind === 'article');
  if (messages.length === 0) return;
  await acknowledge(messages, env, async () => {
    await subscriptionsOf(env).announce(messages.map((message) => message.body as Announcement));
    return [];
  });
}

async function verifyAll(batch: PushBatch, env: Bindings, { render }: SiteReads): Promise<void> {
  await forEach(batch.messages, async (message) => {
    const { body } = message;
    if (body.kind !== 'verify') return;
    await acknowledge([message], env, async () => {
      await verify(body.intent, env, render);
      return [];
    });
  });
}

async function deliverAll(batch: PushBatch, env: Bindings, site: SiteReads): Promise<void> {
  const messages = new Map(
    batch.messages.flatMap((message) =>
      message.body.kind === 'deliver' ? [[message.body.delivery, message]] : [],
    ),
  );
  if (messages.size === 0) return;
  await acknowledge([...messages.values()], env, async () => {
    const deliveries = await subscriptionsOf(env).claim([...messages.keys()]);
    const failed = await attemptAll(deliveries, env, site);
    return failed.map((number) => messages.get(number));
  });
}

/** Attempts deliveries and reports the results. @returns the numbers of those that failed */
async function attemptAll(deliveries: PendingDelivery[], env: Bindings, site: SiteReads): Promise<number[]> {
  const feeds = new Map<string, Promise<RenderedFeed>>();
  const feedOf = (topic: string): Promise<RenderedFeed> => {
    const feed = feeds.get(topic) ?? renderTopic(topic, env, site.render);
    feeds.set(topic, feed);
    return feed;
  };
  const results: DeliveryResult[] = [];
  await forEach(deliveries, async (delivery) => {
    const result = await attempt(delivery, feedOf, env, site);
    if (!('wait' in result)) results.push(result);
  });
  if (results.length > 0) await subscriptionsOf(env).settle(results);
  return results.filter(({ result }) => result === 'failed').map(({ number }) => number);
}

/** Attempts one delivery. Never throws, so that the others of the batch continue. */
async function attempt(
  delivery: PendingDelivery,
  feedOf: (topic: string) => Promise<RenderedFeed>,
  env: Bindings,
  site: SiteReads,
): Promise<DeliveryResult | Postponed> {
  const { number, sequence } = delivery;
  try {
    const result =
      delivery.kind === 'feed'
        ? await deliverFeed(delivery, await feedOf(delivery.topic), env)
        : await deliverArticle(delivery, env, site);
    // A new message, because a retry would count as a failed attempt.
    if ('wait' in result) {
      const delaySeconds = Math.min(result.wait, MAX_DELAY_SECONDS);
      await env.PUSH_QUEUE.send({ kind: 'deliver', delivery: number }, { delaySeconds });
    }
    return result;
  } catch (error) {
    logFailure('delivery failed', error);
    return { number, sequence, result: 'failed', problem: 'internal error' };
  }
}

/** Acknowledges messages when `work` resolves, and retries those it returns; retries all when it throws. */
async function acknowledge(
  messages: readonly PushQueueMessage[],
  env: Bindings,
  work: () => Promise<readonly (PushQueueMessage | undefined)[]>,
): Promise<void> {
  let failed: readonly (PushQueueMessage | undefined)[] = messages;
  try {
    failed = await work();
  } catch (error) {
    logFailure('push messages failed', error);
  }
  for (const message of messages) {
    if (failed.includes(message)) message.retry({ delaySeconds: pauseAfter(message.attempts, env) });
    else message.ack();
  }
}

/** The pause after a message's nth attempt, of `PUSH_PAUSES`. */
function pauseAfter(attempts: number, { PUSH_PAUSES }: Pick<Bindings, 'PUSH_PAUSES'>): number {
  const pauses = PUSH_PAUSES.split(',').map(Number);
  return pauses[attempts - 1] ?? pauses.at(-1) ?? 0;
}

/** Processes all items, at most `MAX_CONCURRENT` at once. */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: MAX_CONCURRENT }, worker));
}
