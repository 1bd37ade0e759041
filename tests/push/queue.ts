import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { subscriptionsOf } from '../../src/bindings.ts';
import type { PushMessage } from '../../src/push/messages.ts';
import type { Subscriptions } from '../../src/push/subscriptions.ts';

export const subscriptions = () => subscriptionsOf(env);

/** A push queue of the test's own: what it took, and whether it takes anything. */
export class TestQueue {
  readonly taken: PushMessage[] = [];
  readonly delays: (number | undefined)[] = [];
  broken = false;

  async send(message: PushMessage, options?: QueueSendOptions): Promise<void> {
    if (this.broken) throw new Error('Queue sendBatch failed: Internal Server Error');
    this.taken.push(message);
    this.delays.push(options?.delaySeconds);
  }

  async sendBatch(messages: Iterable<{ body: PushMessage }>): Promise<void> {
    for (const { body } of messages) await this.send(body);
  }

  /** The numbers of the deliveries that were queued. */
  get deliveries(): number[] {
    return this.taken.flatMap((message) => (message.kind === 'deliver' ? [message.delivery] : []));
  }
}

/** Gives Subscriptions a queue of the test's own, that no consumer reads. */
export async function withQueue(): Promise<TestQueue> {
  const queue = new TestQueue();
  await runInDurableObject(subscriptions(), (instance: Subscriptions) => {
    Object.defineProperty(instance, 'env', { value: { ...env, PUSH_QUEUE: queue }, configurable: true });
  });
  return queue;
}

export const sqlOf = <Result>(work: (sql: SqlStorage) => Result): Promise<Result> =>
  runInDurableObject(subscriptions(), (_instance: Subscriptions, state) => work(state.storage.sql));
