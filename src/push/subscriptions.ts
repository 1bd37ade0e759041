import { DurableObject } from 'cloudflare:workers';
import type { Announcement } from '../desk/contract/messages.ts';
import { logFailure } from '../log.ts';
import { runMigrations } from '../store/migrations.ts';
import { Deliveries } from './deliveries.ts';
import { Intents } from './intents.ts';
import type {
  Intent,
  IntentRequest,
  ListedSubscription,
  Outcome,
  PartnerEndpoint,
  PushMessage,
  Work,
} from './messages.ts';
import { MIGRATIONS } from './schema.ts';
import { Subscribers } from './subscribers.ts';

export interface SubscriptionsEnv {
  PUSH_QUEUE: Queue<PushMessage>;
}

/** Queues, "Limits": a batch takes 100 messages. */
const BATCH = 100;

const RETRY_PAUSE = 5_000;

/**
 * Who is subscribed to what, and what is owed to them. It calls nobody: the queue's consumer does, and reports.
 * Whatever is owed is a row until it is delivered, and the alarm queues what no message is under way for.
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

  // --- the hub

  /** Takes a request to be verified. @returns whether there was room for it within the rate */
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
   * An intent to be verified, if it is still wanted, with the reason to deny it, if there is one. Nobody is asked
   * to confirm the end of a subscription that does not exist.
   */
  intent(id: string): { intent: Intent; denial?: string } | undefined {
    const intent = this.#intents.find(id);
    if (intent === undefined) return undefined;
    if (intent.mode === 'unsubscribe') {
      return this.#subscribers.has(intent.topic, intent.callback) ? { intent } : undefined;
    }
    const denial = this.#subscribers.full(intent);
    return { intent, ...(denial !== undefined && { denial }) };
  }

  /** Does what the subscriber confirmed it wants. */
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

  /** Forgets an intent that was not confirmed. */
  discard(id: string): void {
    this.#intents.settle(id);
  }

  // --- deliveries

  /** Owes what changed to everybody who subscribed to it, and queues it. */
  async announce(announcements: Announcement[]): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      this.#subscribers.expire(Date.now());
      for (const announcement of announcements) this.#deliveries.owe(announcement);
    });
    await this.#dispatch();
  }

  /** All that making these deliveries takes; those that are not to be made any more are left out. */
  claim(numbers: number[]): Work[] {
    return this.ctx.storage.transactionSync(() => this.#deliveries.claim(numbers, Date.now()));
  }

  /** Writes down what became of attempts. */
  async settle(outcomes: Outcome[]): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const outcome of outcomes) {
        if (outcome.result === 'ended') this.#end(outcome.number, outcome.problem);
        else this.#deliveries.settle(outcome, Date.now());
      }
    });
    await this.#dispatch();
  }

  /** Suspends the subscriptions of deliveries that were tried often enough. What is owed to them is kept. */
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

  // --- the operator

  /** Subscriptions in the order of their ids, after the id `after`. */
  list(after: string, limit: number): { subscriptions: ListedSubscription[]; next: string | null } {
    return this.#subscribers.list(after, limit);
  }

  /** Takes a subscription up again and delivers what is owed to it. @returns whether there is one */
  async resume(id: string): Promise<boolean> {
    const found = this.ctx.storage.transactionSync(() => {
      if (!this.#subscribers.resume(id)) return false;
      this.#deliveries.renew(id);
      return true;
    });
    await this.#dispatch();
    return found;
  }

  /** Sets where a partner is told of articles; what was owed to an earlier endpoint goes to this one. */
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

  /** A subscription that its receiver ended is forgotten; a partner's endpoint is the operator's to remove. */
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

  /** Queues what no message is under way for. Never throws: the alarm tries again. */
  #dispatch(): Promise<void> {
    // One at a time, so that no delivery is queued by two at once; who comes meanwhile is served by the loop below.
    this.#dispatching ??= this.#queueAll().finally(() => {
      this.#dispatching = undefined;
    });
    return this.#dispatching;
  }

  async #queueAll(): Promise<void> {
    let pause = 0;
    try {
      for (;;) {
        const numbers = this.#deliveries.unqueued(BATCH);
        if (numbers.length === 0) break;
        await this.env.PUSH_QUEUE.sendBatch(
          numbers.map((delivery) => ({ body: { kind: 'deliver', delivery } })),
        );
        this.#deliveries.queued(numbers, Date.now());
      }
    } catch (error) {
      logFailure('push queue took nothing', error);
      pause = RETRY_PAUSE;
    }
    this.#arm(pause);
  }

  /** Sets the alarm for whatever comes first: a lease's end, a lost message, what could not be queued. */
  #arm(pause = RETRY_PAUSE): void {
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
