import { DurableObject } from 'cloudflare:workers';
import type { OutboundRules } from '../access/outbound.ts';
import type { Announcement } from '../desk/contract/messages.ts';
import type { RecoveryPlan } from '../desk/contract/recovery.ts';
import { logFailure } from '../log.ts';
import { Alarm } from '../store/alarm.ts';
import { linesOf } from '../store/backup-rows.ts';
import { ImportRunning, withDeadline } from '../store/failures.ts';
import { runMigrations, schemaVersion } from '../store/migrations.ts';
import { TableBackup } from '../store/table-backup.ts';
import { type PageFault, TableImport } from '../store/table-import.ts';
import type {
  DeliverMessage,
  DeliveryResult,
  FoundIntent,
  IntentRequest,
  Lane,
  ListedSubscription,
  PartnerEndpoint,
  PendingDelivery,
  PushCounts,
  PushMessage,
} from './messages.ts';
import { problemOfCallback } from './post.ts';
import { BACKED_UP } from './tables/backed-up.ts';
import { Clock } from './tables/clock.ts';
import { Deliveries, pauseAfter } from './tables/deliveries.ts';
import { Intents } from './tables/intents.ts';
import { RecoveryJournal } from './tables/recovery-journal.ts';
import { StoredRetries } from './tables/retries.ts';
import { SCHEMA } from './tables/schema.ts';
import { Subscribers } from './tables/subscribers.ts';

export interface SubscriptionsEnv {
  PUSH_QUEUE: Queue<PushMessage>;
  PUSH_SLOW_QUEUE: Queue<PushMessage>;
  /** Seconds between the attempts of a delivery, separated by commas. */
  PUSH_PAUSES: string;
}

/** Queues, "Limits": a batch takes 100 messages. */
const MAX_BATCH = 100;

/** The pause before the alarm retries after a failure of the queue. */
const RETRY_PAUSE_MS = 5_000;

/** A queue that takes longer to answer counts as failed. It may have taken the messages: tokens make a second one harmless. */
const QUEUE_TIMEOUT_MS = 10_000;

const LANES: readonly Lane[] = ['fast', 'slow'];

/**
 * A Durable Object that records subscriptions and their pending deliveries. It calls no receiver: the queue's consumer
 * does, and reports. The alarm queues deliveries that have no message in the queue.
 */
export class Subscriptions extends DurableObject<SubscriptionsEnv> {
  readonly #tables: { clock: Clock; intents: Intents; subscribers: Subscribers; deliveries: Deliveries };
  readonly #backup: TableBackup;
  readonly #imports: TableImport<object>;
  readonly #journal: RecoveryJournal;
  readonly #alarm: Alarm;
  readonly #dispatching = new Map<Lane, Promise<void>>();
  /** A test sets a shorter one. */
  queueTimeoutMs = QUEUE_TIMEOUT_MS;

  constructor(ctx: DurableObjectState, env: SubscriptionsEnv) {
    super(ctx, env);
    runMigrations(ctx.storage, SCHEMA);
    const { sql } = ctx.storage;
    this.#tables = {
      clock: new Clock(sql),
      intents: new Intents(sql),
      subscribers: new Subscribers(sql),
      deliveries: new Deliveries(sql, (attempts) => pauseAfter(attempts, this.env.PUSH_PAUSES)),
    };
    this.#backup = new TableBackup(ctx.storage, BACKED_UP);
    this.#imports = new TableImport(ctx.storage, BACKED_UP);
    this.#journal = new RecoveryJournal(sql);
    this.#alarm = this.#createAlarm(new StoredRetries(sql));
    if (this.#imports.isRunning) void this.#alarm.pause();
    this.#alarm.set();
  }

  // Everything but backup, restore and the Desk's recovery goes through these. They throw while the tables are written
  // from a backup.

  get #intents(): Intents {
    return this.#open().intents;
  }

  get #subscribers(): Subscribers {
    return this.#open().subscribers;
  }

  get #deliveries(): Deliveries {
    return this.#open().deliveries;
  }

  /** The time. Not asked in a transaction: a rollback would undo what the clock corrects. */
  #now(): number {
    return this.#open().clock.now();
  }

  #open() {
    if (this.#imports.isRunning) throw new ImportRunning();
    return this.#tables;
  }

  // --- for the hub

  /** Whether a subscription to this topic with this callback exists. */
  knows(topic: string, callback: string): boolean {
    return this.#subscribers.has(topic, callback);
  }

  /** The hashes of all subscriptions to feeds. */
  hashes(): Uint32Array {
    return this.#subscribers.hashes();
  }

  /**
   * Queues a request for verification. The end of a subscription that does not exist needs none.
   * @returns false when the rate limit is exceeded
   */
  async request(request: IntentRequest): Promise<boolean> {
    const now = this.#now();
    const planned = this.ctx.storage.transactionSync(() => {
      this.#intents.prune(now);
      if (this.#subscribers.has(request.topic, request.callback)) return this.#intents.renew(request, now);
      return request.mode === 'unsubscribe' ? 'unneeded' : this.#intents.add(request, now);
    });
    if (planned === undefined) return false;
    if (typeof planned === 'string') return true;
    this.#alarm.set();
    const { intent, delaySeconds } = planned;
    try {
      await withDeadline(
        this.queueTimeoutMs,
        'the push queue',
        this.env.PUSH_QUEUE.send({ kind: 'verify', intent }, { delaySeconds }),
      );
    } catch (error) {
      // No later request may rely on this message.
      this.#intents.settle(intent);
      throw error;
    }
    return true;
  }

  /**
   * An intent that waits for confirmation.
   * @returns undefined when it was settled or replaced, or would end a subscription that does not exist
   */
  intent(id: string): FoundIntent | undefined {
    const intent = this.#intents.begin(id, this.#now());
    if (intent === undefined) return undefined;
    const isRenewal = this.#subscribers.has(intent.topic, intent.callback);
    if (intent.mode === 'unsubscribe') return isRenewal ? { intent, isRenewal } : undefined;
    const denial = this.#subscribers.denialOf(intent);
    return { intent, isRenewal, ...(denial !== undefined && { denial }) };
  }

  /** The intents of several ids, with the ids. */
  intents(ids: string[]): (FoundIntent & { id: string })[] {
    return ids.flatMap((id) => {
      const found = this.intent(id);
      return found === undefined ? [] : [{ id, ...found }];
    });
  }

  /**
   * Fulfils an intent that its subscriber confirmed.
   * @returns why it is denied nevertheless: others were confirmed in the meantime
   */
  async confirm(id: string): Promise<string | undefined> {
    const now = this.#now();
    const denial = this.ctx.storage.transactionSync(() => {
      const intent = this.#intents.find(id);
      if (intent === undefined) return undefined;
      this.#intents.settle(id);
      this.#intents.supersede(id);
      if (intent.mode === 'unsubscribe') {
        this.#subscribers.unsubscribe(intent.topic, intent.callback);
        return undefined;
      }
      const denial = this.#subscribers.denialOf(intent);
      if (denial === undefined) this.#deliveries.renew(this.#subscribers.subscribe(intent, now));
      return denial;
    });
    await this.#dispatch();
    return denial;
  }

  /** Discards an intent that was not confirmed. */
  discard(id: string): void {
    this.#intents.settle(id);
  }

  // --- for the queue's consumer

  /** Records the deliveries of changes to their subscribers, and queues them. */
  async announce(announcements: Announcement[]): Promise<void> {
    const now = this.#now();
    this.ctx.storage.transactionSync(() => {
      this.#subscribers.expire(now);
      for (const announcement of announcements) this.#deliveries.owe(announcement, now);
    });
    await this.#dispatch();
  }

  /** The deliveries of these messages, without those that must not be attempted now. */
  async claim(messages: DeliverMessage[], lane: Lane): Promise<PendingDelivery[]> {
    const now = this.#now();
    const claimed = this.ctx.storage.transactionSync(() => this.#deliveries.claim(messages, lane, now));
    // Not awaited: a slow queue must not delay attempts.
    this.ctx.waitUntil(this.#dispatch());
    return claimed;
  }

  /** Records the results of attempts. */
  async settle(results: DeliveryResult[]): Promise<void> {
    const now = this.#now();
    this.ctx.storage.transactionSync(() => {
      for (const result of results) {
        if (result.result === 'ended') this.#end(result, now);
        else if (this.#deliveries.settle(result, now))
          this.#suspend(result, now, 'problem' in result ? result.problem : undefined);
      }
    });
    this.ctx.waitUntil(this.#dispatch());
  }

  /** Suspends the subscriptions of messages that ended in the dead-letter queue. Their pending deliveries are kept. */
  suspend(messages: DeliverMessage[]): void {
    const now = this.#now();
    this.ctx.storage.transactionSync(() => {
      for (const { delivery: number, token = 0 } of messages) this.#suspend({ number, token }, now);
    });
  }

  // --- for the operator

  /**
   * Subscriptions in the order of their ids, after the id `after`.
   * @param rules the deployment's rules for callbacks; those that they refuse have that as their problem
   */
  list(
    after: string,
    limit: number,
    rules?: OutboundRules,
  ): { subscriptions: ListedSubscription[]; next: string | null; counts: PushCounts } {
    const { subscriptions, next } = this.#subscribers.list(after, limit, (callback) =>
      rules === undefined ? undefined : problemOfCallback(callback, rules),
    );
    return { subscriptions, next, counts: this.#subscribers.counts() };
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
    const now = this.#now();
    this.ctx.storage.transactionSync(() => {
      this.#deliveries.renew(this.#subscribers.saveEndpoint(endpoint, now));
    });
    await this.#dispatch();
  }

  /** @returns whether the partner had an endpoint */
  removeEndpoint(partner: string): boolean {
    return this.ctx.storage.transactionSync(() => this.#subscribers.removeEndpoint(partner));
  }

  // --- for backup and restore

  schemaVersion(): number {
    return schemaVersion(this.ctx.storage);
  }

  /**
   * A page of the tables.
   * @param position the `next` of the page before; undefined for the first one
   * @returns undefined when the backup must begin again
   */
  exportPage(
    position: string | undefined,
    rows: number,
  ): { lines: string; rows: number; next: string | null } | undefined {
    this.#open();
    const page = this.#backup.page(position, this.#now(), { rows });
    this.#alarm.set();
    return page && { lines: linesOf(page.entries), rows: page.entries.length, next: page.next };
  }

  /** Starts an import. Until its end, every other method throws. @returns whether there were no subscriptions; else nothing is done */
  beginImport(): boolean {
    if (!this.#imports.isRunning && !this.#imports.isEmpty()) return false;
    this.#backup.stopRecording();
    this.#imports.begin({});
    void this.#alarm.pause();
    return true;
  }

  /** Writes a page of the tables. A page may be written twice. @returns what is wrong with it, and then nothing was written */
  importPage(lines: string): PageFault | undefined {
    return this.#imports.isRunning ? this.#imports.apply(lines, {}) : undefined;
  }

  /** Ends an import: what is owed is delivered. */
  async finishImport(): Promise<void> {
    if (!this.#imports.isRunning) return;
    this.#imports.finish({}, () => this.#deliveries.requeueAll());
    this.#alarm.resume();
    await this.#dispatch();
  }

  /**
   * Abandons an import: there are no subscriptions again.
   * @param isOfDesk whether the Desk's import has begun: then this one is abandoned even if it has ended before the Desk's
   */
  abandonImport(isOfDesk: boolean): void {
    if (!(this.#imports.isRunning || (isOfDesk && this.#imports.latest !== undefined))) return;
    this.#imports.abandon();
    this.#alarm.resume();
  }

  // --- for the Desk's point-in-time recovery (`RecoveryJournal` in the Desk's contract)

  recoveryPlan(): RecoveryPlan | undefined {
    return this.#journal.plan();
  }

  saveRecoveryPlan(plan: RecoveryPlan): void {
    this.ctx.storage.transactionSync(() => this.#journal.save(plan));
  }

  addRecoveryPage(page: number, marks: string): void {
    this.#journal.add(page, marks);
  }

  recoveryPage(page: number): string | undefined {
    return this.#journal.page(page);
  }

  // --- the alarm

  override alarm(): Promise<void> {
    return this.#alarm.ring();
  }

  /** The jobs of the alarm. One that fails is retried after a pause; the alarm itself never throws. */
  #createAlarm(retries: StoredRetries): Alarm {
    const transaction = (work: () => void) => this.ctx.storage.transactionSync(work);
    return new Alarm(
      this.ctx.storage,
      {
        backup: {
          nextDue: () => this.#backup.nextDue(this.#now()),
          run: () => this.#backup.run(this.#now()),
        },
        expire: {
          nextDue: () => this.#subscribers.nextExpiry(),
          run: () => this.#subscribers.expire(this.#now()),
        },
        prune: { nextDue: () => this.#intents.nextPruning(), run: () => this.#intents.prune(this.#now()) },
        recover: {
          nextDue: () => this.#deliveries.nextRecovery(),
          run: () => {
            const now = this.#now();
            transaction(() => this.#deliveries.recover(now));
          },
        },
        queue: {
          nextDue: () => (this.#deliveries.hasUnqueued() ? this.#now() + RETRY_PAUSE_MS : undefined),
          run: () => this.#queueLanes(),
        },
      },
      {
        name: 'push',
        retries,
      },
    );
  }

  /** Deletes a subscription that its receiver ended. A partner's endpoint is only suspended; the operator removes it. */
  #end({ number, token, sequence, problem }: DeliveryResult & { result: 'ended' }, now: number): void {
    const subscription = this.#deliveries.subscriptionOf(number, token);
    if (subscription === undefined) return;
    if (subscription.kind === 'feed') {
      this.#subscribers.remove(subscription.id);
      return;
    }
    this.#deliveries.settle({ number, token, sequence, result: 'failed', problem }, now);
    this.#subscribers.suspend(subscription.id, now);
    this.#deliveries.hold(number);
  }

  /** Suspends the subscription of a delivery that has no attempt left. */
  #suspend(
    { number, token }: Pick<PendingDelivery, 'number' | 'token'>,
    now: number,
    problem?: string,
  ): void {
    const subscription = this.#deliveries.subscriptionOf(number, token);
    if (subscription === undefined) return;
    this.#subscribers.suspend(subscription.id, now);
    this.#deliveries.hold(number);
    logFailure('subscription suspended', problem ?? 'every attempt failed', {
      subscription: subscription.id,
    });
  }

  /** Queues deliveries that have no message in a queue. What the queue does not take, the alarm tries again. */
  async #dispatch(): Promise<void> {
    await this.#queueLanes();
    this.#alarm.set();
  }

  async #queueLanes(): Promise<void> {
    // One loop at a time for each lane. It also serves calls made in the meantime.
    await Promise.all(LANES.map((lane) => this.#dispatching.get(lane) ?? this.#queueAll(lane)));
  }

  /**
   * Queues the deliveries of a lane. A row is marked before its message is sent, and the mark is removed if the queue did
   * not take it. What happens to the row in the meantime (a claim, a result, a newer plan) stays.
   */
  async #queueAll(lane: Lane): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#dispatching.set(lane, promise);
    const queue = lane === 'slow' ? this.env.PUSH_SLOW_QUEUE : this.env.PUSH_QUEUE;
    const transaction = <Result>(work: () => Result) => this.ctx.storage.transactionSync(work);
    const next = () => {
      const now = this.#now();
      return transaction(() => this.#deliveries.queue(lane, MAX_BATCH, now));
    };
    try {
      for (let messages = next(); messages.length > 0; messages = next()) {
        try {
          await withDeadline(this.queueTimeoutMs, 'the push queue', queue.sendBatch(messages));
        } catch (error) {
          logFailure('push queue rejected a batch', error, { lane });
          transaction(() => this.#deliveries.unqueue(messages));
          break;
        }
        const now = this.#now();
        transaction(() => this.#deliveries.confirmQueued(messages, now));
      }
    } finally {
      // No await since the last look at the rows: a later call starts a loop of its own.
      this.#dispatching.delete(lane);
      resolve();
    }
  }
}
