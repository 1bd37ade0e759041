import type { Instant } from '../../domain/article.ts';
import { logFailure } from '../../log.ts';
import type { Job } from '../../store/alarm.ts';
import type { Kv } from '../../store/kv.ts';
import { isCurrent, type Target, targetOf } from '../../store/records.ts';
import { type Expected, type Inventory, PREFIXES } from '../projection/inventory.ts';
import type { Outbox } from '../projection/outbox.ts';
import type { Repairs } from '../projection/repairs.ts';
import type { Bodies } from '../tables/bodies.ts';
import type { Settings } from '../tables/settings.ts';
import type { BodyMigration } from './body-migration.ts';

/** From the start of a scrub to that of the next. */
const INTERVAL_MS = 86_400_000;

/** Keys that one step lists in KV, and keys of the Desk that it compares with them. */
const KEYS_PER_STEP = 100;

/** Steps do not follow each other faster. */
const STEP_PAUSE_MS = 1_000;

/** No step is made while this many keys wait, so that new deliveries come first. */
const MAX_WAITING = 200;

interface Counts {
  startedAt: Instant;
  /** Keys that KV has or should have. */
  checked: number;
  /** Keys that KV has lost; that it has from another version; that the Desk does not know. */
  missing: number;
  different: number;
  unknown: number;
}

/** The state of the scrub: the row `scrub` of `settings`. */
interface State {
  /** The latest one that ended. */
  finished?: ScrubResult;
  /** The current or the latest one: the next starts a day after it. */
  counts: Counts;
  /** Where the current one is: the prefix, KV's cursor for the current page, and the last key compared. */
  at?: { prefix: number; cursor?: string; after: string };
}

export interface ScrubResult extends Counts {
  finishedAt: Instant;
}

interface Dependencies {
  settings: Settings;
  inventory: Inventory;
  repairs: Repairs;
  outbox: Pick<Outbox, 'backlog' | 'addAll'>;
  kv: Pick<Kv, 'list' | 'delete'>;
  bodies: Pick<Bodies, 'lacking'>;
  bodyMigration: Pick<BodyMigration, 'retry' | 'miss'>;
}

/**
 * Compares all of KV with the Desk once a day: lists the keys of each prefix in KV with their metadata, and the Desk's
 * own beside them. Queues what KV lacks or has from another version, and deletes what the Desk does not know. Records
 * articles whose body the Desk lacks; when it begins, the missing bodies are looked for again. Its cursor is a row of
 * `settings`, so it continues after a restart. Steps are idempotent.
 */
export class Scrub implements Job {
  readonly #dependencies: Dependencies;
  readonly #pauseMs: number;
  readonly #keysPerStep: number;
  #steppedAt = 0;

  constructor(
    dependencies: Dependencies,
    { pauseMs = STEP_PAUSE_MS, keysPerStep = KEYS_PER_STEP }: { pauseMs?: number; keysPerStep?: number } = {},
  ) {
    this.#dependencies = dependencies;
    this.#pauseMs = pauseMs;
    this.#keysPerStep = keysPerStep;
  }

  /** Starts a scrub now; one in progress starts over. */
  begin(now: number): void {
    this.#dependencies.bodyMigration.retry();
    const { finished } = this.#load() ?? {};
    const startedAt = new Date(now).toISOString();
    const counts = { startedAt, checked: 0, missing: 0, different: 0, unknown: 0 };
    this.#save({ ...(finished && { finished }), counts, at: { prefix: 0, after: '' } });
  }

  /** The result of the latest scrub that ended. */
  result(): ScrubResult | undefined {
    return this.#load()?.finished;
  }

  nextDue(now: number): number | undefined {
    const state = this.#load();
    if (state === undefined) return undefined;
    if (state.at === undefined) {
      // A start in the future is from before the clock was set back.
      return Math.min(Date.parse(state.counts.startedAt), now) + INTERVAL_MS;
    }
    const pause = this.#mustWait() ? STEP_PAUSE_MS : this.#pauseMs;
    return Math.min(this.#steppedAt, now) + pause;
  }

  /** Starts a scrub that is due, or runs a step of the current one. Throws when KV cannot be listed. */
  async run(now: number): Promise<void> {
    const due = this.nextDue(now);
    if (due === undefined || due > now) return;
    if (this.#load()?.at === undefined) this.begin(now);
    this.#steppedAt = now;
    if (!this.#mustWait()) await this.#step(now);
  }

  async #step(now: number): Promise<void> {
    const { inventory, kv } = this.#dependencies;
    const state = this.#load();
    const prefix = PREFIXES[state?.at?.prefix ?? PREFIXES.length];
    if (state?.at === undefined || prefix === undefined) return;
    const { cursor, after } = state.at;
    const page = await kv.list(prefix, this.#keysPerStep, cursor);
    // A scrub that began anew while this waited.
    if (this.#load()?.counts.startedAt !== state.counts.startedAt) return;
    const upTo = page.cursor === undefined ? undefined : page.keys.at(-1)?.name;
    const expected = inventory.range(prefix, after, upTo, this.#keysPerStep);
    // The Desk may have more keys than fit beside this page of KV: then the page is listed once more.
    const last = expected.length === this.#keysPerStep ? expected.at(-1)?.key : upTo;
    const listed = page.keys.filter(({ name }) => isBetween(name, after, last));
    await this.#compare(state, expected, listed, prefix, now);
    if (expected.length === this.#keysPerStep && last !== undefined && last !== upTo) {
      state.at = { ...state.at, after: last };
    } else if (page.cursor !== undefined) {
      state.at = { prefix: state.at.prefix, cursor: page.cursor, after: upTo ?? after };
    } else if (state.at.prefix + 1 < PREFIXES.length) {
      state.at = { prefix: state.at.prefix + 1, after: '' };
    } else {
      const finished = { ...state.counts, finishedAt: new Date(now).toISOString() };
      this.#save({ counts: state.counts, finished });
      const { missing, different, unknown } = finished;
      if (missing + different + unknown > 0) logFailure('KV differed from the Desk', 'repaired', finished);
      return;
    }
    this.#save(state);
  }

  /** Counts and repairs the differences between the Desk's keys and KV's. */
  async #compare(
    { counts }: State,
    expected: readonly Expected[],
    listed: readonly { name: string; metadata?: unknown }[],
    prefix: string,
    now: number,
  ): Promise<void> {
    const { repairs, kv, bodies, bodyMigration } = this.#dependencies;
    const ids = expected.flatMap(({ target }) => (target.kind === 'article' ? [target.id] : []));
    bodyMigration.miss(bodies.lacking(ids).map(({ id }) => id));
    const held = new Map(listed.map(({ name, metadata }) => [name, metadata]));
    const wanted = new Set(expected.map(({ key }) => key));
    const wrong: Target[] = [];
    for (const each of expected) {
      const isHeld = held.has(each.key);
      if (isHeld && isCurrent(held.get(each.key), each)) continue;
      if (repairs.queue([each.target], now) === 0) continue;
      counts[isHeld ? 'different' : 'missing'] += 1;
    }
    for (const { name } of listed) {
      if (wanted.has(name)) continue;
      const target = targetOf(name);
      // The outbox deletes what has no value.
      if (target !== undefined) wrong.push(target);
      // `site` and `trending` are whole keys; what only begins like them is not Dateline's.
      else if (prefix.endsWith(':')) {
        await kv.delete(name);
        counts.unknown += 1;
      }
    }
    counts.unknown += repairs.queue(wrong, now);
    counts.checked += new Set([...wanted, ...held.keys()]).size;
  }

  #mustWait(): boolean {
    const { pending, failing } = this.#dependencies.outbox.backlog();
    return pending - failing >= MAX_WAITING;
  }

  #load(): State | undefined {
    return this.#dependencies.settings.read('scrub');
  }

  #save(state: State): void {
    this.#dependencies.settings.write('scrub', state);
  }
}

const encoder = new TextEncoder();

/** Whether a key comes after one and not after another, in the order of KV and SQLite: by bytes of UTF-8. */
function isBetween(key: string, after: string, upTo: string | undefined): boolean {
  return compareBytes(key, after) > 0 && (upTo === undefined || compareBytes(key, upTo) <= 0);
}

function compareBytes(one: string, other: string): number {
  const [left, right] = [encoder.encode(one), encoder.encode(other)];
  for (const [index, byte] of left.entries()) {
    const difference = byte - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
