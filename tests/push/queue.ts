import { createMessageBatch, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { type Bindings, subscriptionsOf } from '../../src/bindings.ts';
import type { DeliverMessage, IntentRequest, PushMessage } from '../../src/push/messages.ts';
import type { Subscriptions } from '../../src/push/subscriptions.ts';

export const subscriptions = () => subscriptionsOf(env);

/** A push queue of the test's own: what it took, and whether it takes anything. */
export class TestQueue {
  readonly taken: PushMessage[] = [];
  readonly delays: (number | undefined)[] = [];
  broken = false;
  /** What happens after it has taken a batch: it answers late, or never, or with an error. */
  answer: () => Promise<void> = async () => {};

  async send(message: PushMessage, options?: QueueSendOptions): Promise<void> {
    if (this.broken) throw new Error('Queue sendBatch failed: Internal Server Error');
    this.taken.push(message);
    this.delays.push(options?.delaySeconds);
  }

  async sendBatch(messages: Iterable<{ body: PushMessage; delaySeconds?: number }>): Promise<void> {
    for (const { body, delaySeconds } of messages)
      await this.send(body, delaySeconds === undefined ? {} : { delaySeconds });
    await this.answer();
  }

  /** The messages of deliveries that were queued. */
  get deliveries(): DeliverMessage[] {
    return this.taken.filter((message) => message.kind === 'deliver');
  }
}

/** Gives Subscriptions a queue of the test's own for both lanes, that no consumer reads, and other pauses. */
export async function withQueue({
  slow,
  pauses,
}: {
  slow?: TestQueue;
  pauses?: string;
} = {}): Promise<TestQueue> {
  const queue = new TestQueue();
  await runInDurableObject(subscriptions(), (instance: Subscriptions) => {
    const value = {
      ...env,
      PUSH_QUEUE: queue,
      PUSH_SLOW_QUEUE: slow ?? queue,
      ...(pauses !== undefined && { PUSH_PAUSES: pauses }),
    };
    Object.defineProperty(instance, 'env', { value, configurable: true });
  });
  return queue;
}

/** The bindings of a consumer that sends to a queue of the test's own. */
export const bindingsWith = (queue: TestQueue, pauses: string = env.PUSH_PAUSES): Bindings => ({
  ...env,
  PUSH_QUEUE: queue as unknown as Queue<PushMessage>,
  PUSH_SLOW_QUEUE: queue as unknown as Queue<PushMessage>,
  PUSH_PAUSES: pauses,
});

/** Messages as a batch of a push queue. */
export function batchOf(
  bodies: readonly PushMessage[],
  { attempts = 1, name = 'dateline-push' } = {},
): MessageBatch<PushMessage> {
  const messages = bodies.map((body, n) => ({ id: String(n), timestamp: new Date(), attempts, body }));
  return createMessageBatch<PushMessage>(name, messages);
}

/** A request to subscribe for an hour, without a secret. */
export const intentTo = (
  topic: string,
  callback: string,
  change: Partial<IntentRequest> = {},
): IntentRequest => ({
  mode: 'subscribe',
  topic,
  path: '/feeds/all',
  callback,
  secret: null,
  leaseSeconds: 3_600,
  ...change,
});

export const sqlOf = <Result>(work: (sql: SqlStorage) => Result): Promise<Result> =>
  runInDurableObject(subscriptions(), (_instance: Subscriptions, state) => work(state.storage.sql));
