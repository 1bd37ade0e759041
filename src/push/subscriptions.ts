import { DurableObject } from 'cloudflare:workers';
import type { Announcement } from '../desk/contract/messages.ts';
import { logFailure } from '../log.ts';
import { runMigrations } from '../store/migrations.ts';
import type {
  DeliveryResult,
  Intent,
  IntentRequest,
  ListedSubscription,
  PartnerEndpoint,
  PendingDelivery,
  PushMessage,
} from './messages.ts';
import { Deliveries } from './tables/deliveries.ts';
import { Intents } from './tables/intents.ts';
import { MIGRATIONS } from './tables/schema.ts';
import { Subscribers } from './tables/subscribers.ts';

export interface SubscriptionsEnv {
  PUSH_QUEUE: Queue<PushMessage>;
}

/** Queues, "Limits": a batch takes 100 messages. */
const MAX_BATCH = 100;

/** The pause before the alarm retries after a failure of the queue. */
const RETRY_PAUSE_MS = 5_000;

/**
 * A Durable Object that records subscriptions and their pending deliveries. It calls no receiver: the queue's consumer
 * does, and reports. The alarm queues deliveries that have no message in the queue.
 */
export class Subscriptions extends DurableObject<SubscriptionsEnv> {
  readonly #intents: Intents;
  readonly #subscribers: Subscribers;
  readonly #deliveries: Deliveries;
  #dispatching: Promise<void> | undefined;

  constructor(ctx: DurableObjectState, env: SubscriptionsEnv) {
    super(ctx, env);
    runMigrations(ctx.storage, MIGRATIONS);
    const { sql } = ctx.storage;
    this.#intents = new Intents(sql);
    this.#subscribers = new Subscribers(sql);
    this.#deliveries = new Deliveries(sql);
    this.#arm();
  }

  // --- for the hub

  /** Queues a request for verification. @returns false when the rate limit is exceeded */
  async request(request: IntentRequest): Promise<boolean> {
    const now = Date.now();
    const intent = this.ctx.storage.transactionSync(() => {
      this.#intents.prune(now);
      return this.#intents.add(request, now);
    });
    if (intent === undefined) return false;
    this.#arm();
    await this.env.PUSH_QUEUE.send({ kind: 'verify', intent });
    return true;
  }

  /**
   * An intent that waits for confirmation, with the reason to deny it, if any.
   * @returns undefined when it was settled or replaced, or would end a subscription that does not exist
   */
  intent(id: string): { intent: Intent; denial?: string } | undefined {
    const intent = this.#intents.find(id);
    if (intent === undefined) return undefined;
    if (intent.mode === 'unsubscribe') {
      return this.#subscribers.has(intent.topic, intent.callback) ? { intent } : undefined;
    }
    const denial = this.#subscribers.denialOf(intent);
    return { intent, ...(denial !== undefined && { denial }) };
  }

  /** Fulfils an intent that its subscriber confirmed. */
  async confirm(id: string): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      const intent = this.#intents.find(id);
      if (intent === undefined) return;
      this.#intents.settle(id);
      if (intent.mode === 'unsubscribe') this.#subscribers.unsubscribe(intent.topic, intent.callback);
      else this.#deliveries.renew(this.#subscribers.subscribe(intent, Date.now()));
    });
    await this.#dispatch();
  }

  /** Discards an intent that was not confirmed. */
  discard(id: string): void {
    this.#intents.settle(id);
  }

  // --- for the queue's consumer

  /** Records the deliveries of changes to their subscribers, and queues them. */
  async announce(announcements: Announcement[]): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      this.#subscribers.expire(Date.now());
      for (const announcement of announcements) this.#deliveries.owe(announcement);
    });
    await this.#dispatch();
  }

  /** The deliveries with these numbers, without those that must no longer be attempted. */
  claim(numbers: number[]): PendingDelivery[] {
    return this.ctx.storage.transactionSync(() => this.#deliveries.claim(numbers, Date.now()));
  }

  /** Records the results of attempts. */
  async settle(results: DeliveryResult[]): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const result of results) {
        if (result.result === 'ended') this.#end(result.number, result.problem);
        else this.#deliveries.settle(result, Date.now());
      }
    });
    await this.#dispatch();
  }

  /** Suspends the subscriptions of deliveries that failed every attempt. Their pending deliveries are kept. */
  suspend(numbers: number[]): void {
    this.ctx.storage.transactionSync(() => {
      for (const number of numbers) {
        const subscription = this.#deliveries.subscriptionOf(number);
        if (subscription === undefined) continue;
        this.#subscribers.suspend(subscription.id, Date.now());
        this.#deliveries.hold(number);
      }
    });
  }

  // --- for the operator

  /** Subscriptions in the order of their ids, after the id `after`. */
  list(after: string, limit: number): { subscriptions: ListedSubscription[]; next: string | null } {
    return this.#subscribers.list(after, limit);
  }

  /** Resumes a suspended subscription and its pending deliveries. @returns whether the subscription exists */
  async resume(id: string): Promise<boolean> {
    const found = this.ctx.storage.transactionSync(() => {
      if (!this.#subscribers.resume(id)) return false;
      this.#deliveries.renew(id);
      return true;
    });
    await this.#dispatch();
    return found;
  }

  /** Creates or replaces a partner's endpoint, which inherits pending deliveries. */
  async saveEndpoint(endpoint: PartnerEndpoint): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      this.#deliveries.renew(this.#subscribers.saveEndpoint(endpoint, Date.now()));
    });
    await this.#dispatch();
  }

  /** @returns whether the partner had an endpoint */
  removeEndpoint(partner: string): boolean {
    return this.ctx.storage.transactionSync(() => this.#subscribers.removeEndpoint(partner));
  }

  // --- the alarm

  override async alarm(): Promise<void> {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      this.#subscribers.expire(now);
      this.#intents.prune(now);
      this.#deliveries.recover(now);
    });
    await this.#dispatch();
  }

  /** Deletes a subscription that its receiver ended. A partner's endpoint is only suspended; the operator removes it. */
  #end(number: number, problem: string): void {
    const subscription = this.#deliveries.subscriptionOf(number);
    if (subscription === undefined) return;
    if (subscription.kind === 'feed') {
      this.#subscribers.remove(subscription.id);
      return;
    }
    this.#deliveries.settle({ number, sequence: 0, result: 'failed', problem }, Date.now());
    this.#subscribers.suspend(subscription.id, Date.now());
    this.#deliveries.hold(number);
  }

  /** Queues deliveries that have no message in the queue. Never throws: the alarm tries again. */
  #dispatch(): Promise<void> {
    // One at a time, so that no delivery is queued twice. The loop below also serves calls made in the meantime.
    this.#dispatching ??= this.#queueAll().finally(() => {
      this.#dispatching = undefined;
    });
    return this.#dispatching;
  }

  async #queueAll(): Promise<void> {
    let pause = 0;
    try {
      for (;;) {
        const numbers = this.#deliveries.unqueued(MAX_BATCH);
        if (numbers.length === 0) break;
        await this.env.PUSH_QUEUE.sendBatch(
          numbers.map((delivery) => ({ body: { kind: 'deliver', delivery } })),
        );
        this.#deliveries.markQueued(numbers, Date.now());
      }
    } catch (error) {
      logFailure('push queue rejected a batch', error);
      pause = RETRY_PAUSE_MS;
    }
    this.#arm(pause);
  }

  /** Sets the alarm for the earliest of: the end of a lease, pruning, a lost message, an unqueued delivery. */
  #arm(pause = RETRY_PAUSE_MS): void {
    const unqueued = this.#deliveries.unqueued(1).length > 0 ? Date.now() + pause : undefined;
    const dues = [
      this.#subscribers.nextExpiry(),
      this.#intents.nextPruning(),
      this.#deliveries.nextRecovery(),
      unqueued,
    ];
    const next = Math.min(...dues.map((due) => due ?? Number.POSITIVE_INFINITY));
    if (next !== Number.POSITIVE_INFINITY) void this.ctx.storage.setAlarm(next);
  }
}
