import { type Bindings, subscriptionsOf } from '../bindings.ts';
import type { Announcement } from '../desk/contract/messages.ts';
import type { Isolate } from '../isolate.ts';
import { logFailure } from '../log.ts';
import type { Store } from '../store/store.ts';
import { deliverArticle } from './article-delivery.ts';
import { deliverFeed, type RenderedTopics, renderedTopics, renderTopic } from './feed-delivery.ts';
import {
  type DeliverMessage,
  type DeliveryResult,
  type FoundIntent,
  type Intent,
  type Lane,
  type Outcome,
  type PendingDelivery,
  type PushMessage,
  type Render,
  SLOW_AFTER_MS,
} from './messages.ts';
import { runTasks, type Task } from './pool.ts';
import { postponedFor, TIMED_OUT, Unsendable } from './post.ts';
import { serverOf } from './server.ts';
import { pauseAfter } from './tables/deliveries.ts';
import { verify } from './verification.ts';

/** How long a delivery waits that did not start because its server was late, or did not respond, in seconds. */
const LATE_PAUSE = 10;
const UNANSWERED_PAUSE = 60;

/** How deliveries read this site: the content they send, and the partners they send it to. */
interface SiteReads {
  render: Render;
  store: Store;
  isolate: Isolate;
}

type PushBatch = MessageBatch<PushMessage>;
type PushQueueMessage = Message<PushMessage>;

/** A delivery to attempt, or a subscriber to verify. */
type PushTask = Task & ({ delivery: PendingDelivery } | { intent: Intent });

/**
 * Handles a batch of a push queue. A message whose handling fails is retried after a pause of `PUSH_PAUSES`, and finally
 * goes to the dead-letter queue, whose batches also come here. A delivery that fails is not such a message: Subscriptions
 * plans its next attempt.
 *
 * A batch of the fast queue does not wait for receivers that are late. Their attempts continue after it has ended
 * (`queue_consumer_no_wait_for_wait_until` in wrangler.toml).
 */
export async function consume(
  batch: PushBatch,
  env: Bindings,
  site: SiteReads,
  ctx: Pick<ExecutionContext, 'waitUntil'>,
): Promise<void> {
  if (batch.queue.endsWith('-dead')) return suspend(batch, env);
  const lane: Lane = batch.queue.endsWith('-slow') ? 'slow' : 'fast';
  const [, deliveries, verifications] = await Promise.all([
    announce(batch, env),
    claim(batch, env, lane),
    findIntents(batch, env),
  ]);
  const results: DeliveryResult[] = [];
  const topics = site.isolate.get(renderedTopics);
  const tasks: PushTask[] = [
    ...deliveries.map((delivery) => deliveryTask(delivery, results, topics, env, site)),
    ...verifications.map((found) => verificationTask(found, env, site)),
  ];
  if (tasks.length === 0) return;
  const rest = await runTasks(tasks, lane === 'slow' ? Number.POSITIVE_INFINITY : SLOW_AFTER_MS);
  const lateServers = new Set(rest.late.map(({ server }) => server));
  const pauseOf = ({ server }: PushTask) => (lateServers.has(server) ? LATE_PAUSE : 0);
  const postponed = [
    ...rest.unstarted.map((task) => ({ task, wait: pauseOf(task) })),
    ...rest.unanswered.map((task) => ({ task, wait: UNANSWERED_PAUSE })),
  ];
  await Promise.all([
    settle(
      [
        ...results.splice(0),
        ...rest.late.flatMap((task) => resultsOf(task, { result: 'late' })),
        ...postponed.flatMap(({ task, wait }) => resultsOf(task, { result: 'postponed', wait })),
      ],
      env,
    ),
    ...postponed.map(({ task, wait }) => verifyLater(task, wait, env)),
  ]);
  ctx.waitUntil(rest.ended.then(() => settle(results, env)));
}

/** Suspends the subscriptions of deliveries that were never handled, until the operator resumes them. */
async function suspend(batch: PushBatch, env: Bindings): Promise<void> {
  const messages = batch.messages.map((message) => message.body);
  await subscriptionsOf(env).suspend(messages.filter((message) => message.kind === 'deliver'));
  for (const message of messages) logFailure('push message abandoned', 'every attempt failed', message);
}

async function announce(batch: PushBatch, env: Bindings): Promise<void> {
  const messages = batch.messages.filter(({ body }) => body.kind === 'feed' || body.kind === 'article');
  await handle(messages, env, [], async () => {
    await subscriptionsOf(env).announce(messages.map((message) => message.body as Announcement));
    return [];
  });
}

/** The deliveries that a batch asks to attempt. */
function claim(batch: PushBatch, env: Bindings, lane: Lane): Promise<PendingDelivery[]> {
  const messages = batch.messages.filter(({ body }) => body.kind === 'deliver');
  return handle(messages, env, [], () =>
    subscriptionsOf(env).claim(
      messages.map((message) => message.body as DeliverMessage),
      lane,
    ),
  );
}

/** The intents that a batch asks to verify. */
function findIntents(batch: PushBatch, env: Bindings): Promise<FoundIntent[]> {
  const messages = batch.messages.filter(({ body }) => body.kind === 'verify');
  return handle(messages, env, [], () =>
    subscriptionsOf(env).intents(
      messages.flatMap(({ body }) => (body.kind === 'verify' ? [body.intent] : [])),
    ),
  );
}

function deliveryTask(
  delivery: PendingDelivery,
  results: DeliveryResult[],
  topics: RenderedTopics,
  env: Bindings,
  site: SiteReads,
): PushTask {
  return {
    delivery,
    server: serverOf(delivery.callback),
    async run(onSend) {
      const outcome = await attempt(delivery, topics, env, site, onSend);
      results.push(resultOf(delivery, outcome));
      return outcome.result !== 'failed' || outcome.problem !== TIMED_OUT;
    },
  };
}

/**
 * Attempts one delivery. Never throws, so that the others of the batch continue. What fails before the receiver is asked
 * is this site's failure, and no attempt. Only what is `Unsendable` counts as one.
 */
async function attempt(
  delivery: PendingDelivery,
  topics: RenderedTopics,
  env: Bindings,
  { render, store }: SiteReads,
  onSend: () => void,
): Promise<Outcome> {
  try {
    if (delivery.kind === 'articles')
      return await deliverArticle(delivery, env, { render, store, topics }, onSend);
    const feed = await topics.get(delivery, () => renderTopic(delivery.topic, env, render));
    return await deliverFeed(delivery, feed, env, onSend);
  } catch (error) {
    logFailure('delivery failed', error);
    if (error instanceof Unsendable) return { result: 'failed', problem: error.message };
    return postponedFor('internal error', delivery);
  }
}

function verificationTask(found: FoundIntent, env: Bindings, { render }: SiteReads): PushTask {
  const { intent } = found;
  return {
    intent,
    server: serverOf(intent.callback),
    async run(onSend) {
      try {
        await verify(found, env, render, onSend);
      } catch (error) {
        logFailure('verification failed', error);
        await verifyLater({ intent }, UNANSWERED_PAUSE, env);
      }
      return true;
    },
  };
}

/** Queues a verification that could not be made. */
async function verifyLater(
  task: PushTask | { intent: Intent },
  delaySeconds: number,
  env: Bindings,
): Promise<void> {
  if (!('intent' in task)) return;
  try {
    await env.PUSH_QUEUE.send({ kind: 'verify', intent: task.intent.id }, { delaySeconds });
  } catch (error) {
    logFailure('verification abandoned', error);
  }
}

/** The result of a task that is a delivery. */
const resultsOf = (task: PushTask, outcome: Outcome): DeliveryResult[] =>
  'delivery' in task ? [resultOf(task.delivery, outcome)] : [];

function resultOf(delivery: PendingDelivery, outcome: Outcome): DeliveryResult {
  const { number, token, sequence, deliveryId } = delivery;
  return { number, token, sequence, deliveryId, ...outcome };
}

/** Reports results. When that fails, the claims of the deliveries expire, and they are attempted again. */
async function settle(results: DeliveryResult[], env: Bindings): Promise<void> {
  if (results.length === 0) return;
  try {
    await subscriptionsOf(env).settle(results);
  } catch (error) {
    logFailure('push results not recorded', error, { count: results.length });
  }
}

/** Acknowledges messages when `work` resolves; retries all when it throws, and returns `otherwise`. */
async function handle<Result>(
  messages: readonly PushQueueMessage[],
  env: Bindings,
  otherwise: Result,
  work: () => Promise<Result>,
): Promise<Result> {
  if (messages.length === 0) return otherwise;
  try {
    const result = await work();
    for (const message of messages) message.ack();
    return result;
  } catch (error) {
    logFailure('push messages failed', error);
    for (const message of messages)
      message.retry({ delaySeconds: pauseAfter(message.attempts, env.PUSH_PAUSES) });
    return otherwise;
  }
}
