import type { Job } from '../../store/alarm.ts';
import type { Outbox } from '../projection/outbox.ts';
import { withdrawnSince } from '../projection/projection.ts';
import type { Tables } from '../tables/tables.ts';

/** The interval of pruning departures, the delivery log and versions, which takes longer than the rest. */
const INTERVAL_MS = 3_600_000;

/** Deletes rows that are no longer needed: old standings, departures, log entries and versions. */
export class Pruning implements Job {
  readonly #tables: Pick<Tables, 'trending' | 'memberships' | 'deliveryLog' | 'settings' | 'versions'>;
  readonly #outbox: Pick<Outbox, 'add'>;
  #prunedAt = 0;
  #trimmedAt = 0;

  constructor(
    tables: Pick<Tables, 'trending' | 'memberships' | 'deliveryLog' | 'settings' | 'versions'>,
    outbox: Pick<Outbox, 'add'>,
  ) {
    this.#tables = tables;
    this.#outbox = outbox;
  }

  /** Sets no alarm of its own: rows grow old where others come, and then the alarm rings. */
  nextDue(): undefined {
    return undefined;
  }

  run(now: number): void {
    const { trending, memberships, deliveryLog, settings, versions } = this.#tables;
    // KV names no article without a standing, or its withdrawal would not find the key.
    if (trending.prune(now)) this.#outbox.add({ kind: 'trending' }, now);
    if (Math.abs(now - this.#trimmedAt) >= INTERVAL_MS && !versions.trim()) this.#trimmedAt = now;
    if (Math.abs(now - this.#prunedAt) < INTERVAL_MS) return;
    memberships.pruneDepartures(withdrawnSince(settings.site(), now));
    if (!deliveryLog.prune(now)) this.#prunedAt = now;
  }
}
