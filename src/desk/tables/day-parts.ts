import type { Instant } from '../../domain/article.ts';
import type { Position } from '../../feeds/cursor.ts';

/** The rows of the index of `memberships` that are skipped at once to find where a part starts. */
const MAX_SKIPPED = 50_000;

/** How long starts are used although the day has changed meanwhile: an article may be in no part for so long. */
const MAX_AGE_MS = 60_000;

const MAX_DAYS = 100;

interface Starts {
  changedAt: Instant;
  readAt: number;
  partSize: number;
  /** The last article before each part after the first, by the part's index. */
  before: Map<number, Position>;
}

/**
 * Where the parts of a day start, for days with more articles than a sitemap lists. Finding the start of a late part
 * means to skip all rows before it, so starts are remembered, and each call skips at most `MAX_SKIPPED` rows.
 */
export class DayParts {
  readonly #sql: SqlStorage;
  readonly #maxSkipped: number;
  /** By the day's first instant. */
  readonly #days = new Map<Instant, Starts>();

  constructor(sql: SqlStorage, maxSkipped = MAX_SKIPPED) {
    this.#sql = sql;
    this.#maxSkipped = maxSkipped;
  }

  /**
   * The position after which a part of a day starts; undefined for its first part, null when the day has no such part.
   * @param index counts from 0
   * @returns `later` when the start is not known yet: then the next call starts where this one ended
   */
  startOf(
    day: { from: Instant; to: Instant; changedAt: Instant },
    index: number,
    partSize: number,
    now: number,
  ): Position | undefined | null | 'later' {
    if (index === 0) return undefined;
    const { before } = this.#startsOf(day, partSize, now);
    const known = Math.max(0, ...[...before.keys()].filter((each) => each <= index));
    const steps = Math.min(index - known, Math.max(1, Math.floor(this.#maxSkipped / partSize)));
    if (steps > 0) {
      const last = this.#skip(day, before.get(known), steps * partSize);
      if (last === undefined) return null;
      before.set(known + steps, last);
    }
    return before.get(index) ?? 'later';
  }

  #startsOf(
    { from, changedAt }: { from: Instant; changedAt: Instant },
    partSize: number,
    now: number,
  ): Starts {
    const held = this.#days.get(from);
    const isCurrent = held?.changedAt === changedAt || Math.abs(now - (held?.readAt ?? 0)) < MAX_AGE_MS;
    if (held !== undefined && held.partSize === partSize && isCurrent) return held;
    const starts = { changedAt, readAt: now, partSize, before: new Map() };
    this.#days.delete(from);
    this.#days.set(from, starts);
    for (const oldest of this.#days.keys()) {
      if (this.#days.size <= MAX_DAYS) break;
      this.#days.delete(oldest);
    }
    return starts;
  }

  /** The position of the last of `count` articles after a position; undefined when there are fewer. */
  #skip(
    { from, to }: { from: Instant; to: Instant },
    after: Position | undefined,
    count: number,
  ): Position | undefined {
    const [row] = this.#sql
      .exec<{ publishedAt: Instant; id: string }>(
        `SELECT published_at AS publishedAt, article_id AS id FROM memberships
         WHERE kind = 'all' AND name = '' AND published_at >= ? AND (published_at, article_id) < (?, ?)
         ORDER BY published_at DESC, article_id DESC LIMIT 1 OFFSET ?`,
        from,
        after?.publishedAt ?? to,
        after?.id ?? '',
        count - 1,
      )
      .toArray();
    return row;
  }
}
