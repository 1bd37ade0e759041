import { type Bindings, subscriptionsOf } from '../bindings.ts';
import type { Announcement } from '../desk/contract/messages.ts';
import { logFailure } from '../log.ts';
import type { Store } from '../store/store.ts';
import { deliverArticle } from './article-delivery.ts';
import type { Early } from './delivery.ts';
import { deliverFeed, type Rendered, renderFeed } from './feed-delivery.ts';
import type { Outcome, PushMessage, Render, Work } from './messages.ts';
import { verify } from './verification.ts';

/** A Worker has six connections open at once; more requests would only wait in line. */
const AT_ONCE = 6;

/** Queues, "Limits": a message may be delayed by 12 hours; who must wait longer is looked at in between. */
const MAX_DELAY_SECONDS = 43_200;

/** How deliveries read this site: what they send, and whom they send it to. */
interface SiteReads {
  render: Render;
  store: Store;
}

type PushBatch = MessageBatch<PushMessage>;

/** What the push queue brings. A message that fails comes again after a pause, at last to the dead-letter queue. */
export async function consume(batch: PushBatch, env: Bindings, site: SiteReads): Promise<void> {
  if (batch.queue.endsWith('-dead')) return bury(batch, env);
  await Promise.all([announce(batch, env), verifyAll(batch, env, site), deliverAll(batch, env, site)]);
}

/** Whose deliveries end here was tried for as long as we try: it is suspended until the operator resumes it. */
async function bury(batch: PushBatch, env: Bindings): Promise<void> {
  const messages = batch.messages.map((message) => message.body);
  const numbers = messages.flatMap((message) => (message.kind === 'deliver' ? [message.delivery] : []));
  await subscriptionsOf(env).suspend(numbers);
  for (const message of messages) logFailure('push message given up', 'every attempt failed', message);
}

async function announce(batch: PushBatch, env: Bindings): Promise<void> {
  const messages = batch.messages.filter(({ body }) => body.kind === 'feed' || body.kind === 'article');
  if (messages.length === 0) return;
  await settled(messages, env, async () => {
    await subscriptionsOf(env).announce(messages.map((message) => message.body as Announcement));
    return [];
  });
}

async function verifyAll(batch: PushBatch, env: Bindings, site: SiteReads): Promise<void> {
  await eachOf(batch.messages, async (message) => {
    const { body } = message;
    if (body.kind !== 'verify') return;
    await settled([message], env, async () => {
      await verify(body.intent, env, site.render);
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
  await settled([...messages.values()], env, async () => {
    const works = await subscriptionsOf(env).claim([...messages.keys()]);
    const failed = await attempt(works, env, site);
    return failed.map((number) => messages.get(number));
  });
}

/** Makes the deliveries and reports what became of them. @returns the numbers of those that failed */
async function attempt(works: Work[], env: Bindings, site: SiteReads): Promise<number[]> {
  const feeds = new Map<string, Promise<Rendered>>();
  const rendered = (topic: string): Promise<Rendered> => {
    const feed = feeds.get(topic) ?? renderFeed(topic, env, site.render);
    feeds.set(topic, feed);
    return feed;
  };
  const outcomes: Outcome[] = [];
  await eachOf(works, async (work) => {
    const outcome = await attemptOne(work, () => rendered(work.topic), env, site);
    if (!('wait' in outcome)) outcomes.push(outcome);
  });
  if (outcomes.length > 0) await subscriptionsOf(env).settle(outcomes);
  return outcomes.filter(({ result }) => result === 'failed').map(({ number }) => number);
}

async function attemptOne(
  work: Work,
  rendered: () => Promise<Rendered>,
  env: Bindings,
  site: SiteReads,
): Promise<Outcome | Early> {
  try {
    const outcome =
      work.kind === 'feed'
        ? await deliverFeed(work, await rendered(), env)
        : await deliverArticle(work, env, site);
    // A message of its own: waiting for ourselves is none of the receiver's attempts.
    if ('wait' in outcome) {
      const delaySeconds = Math.min(outcome.wait, MAX_DELAY_SECONDS);
      await env.PUSH_QUEUE.send({ kind: 'deliver', delivery: work.number }, { delaySeconds });
    }
    return outcome;
  } catch (error) {
    // Of one delivery only: the others of its batch go on.
    logFailure('delivery failed', error);
    return { number: work.number, sequence: work.sequence, result: 'failed', problem: 'failed here' };
  }
}

/** Takes messages as done when `work` is, but for those it gives back to come again; all do when it throws. */
async function settled(
  messages: readonly Message<PushMessage>[],
  env: Bindings,
  work: () => Promise<readonly (Message<PushMessage> | undefined)[]>,
): Promise<void> {
  let again: readonly (Message<PushMessage> | undefined)[] = messages;
  try {
    again = await work();
  } catch (error) {
    logFailure('push messages failed', error);
  }
  for (const message of messages) {
    if (again.includes(message)) message.retry({ delaySeconds: pauseAfter(message.attempts, env) });
    else message.ack();
  }
}

/** The pause after a message's nth attempt, of `PUSH_PAUSES`. */
function pauseAfter(attempts: number, { PUSH_PAUSES }: Pick<Bindings, 'PUSH_PAUSES'>): number {
  const pauses = PUSH_PAUSES.split(',').map(Number);
  return pauses[attempts - 1] ?? pauses.at(-1) ?? 0;
}

async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
