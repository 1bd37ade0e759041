import type { Instant } from '../../domain/article.ts';

/** Events remembered per article and kind. A publisher whose system sends no times rarely changes an article as often. */
const MAX_EVENTS = 200;

/**
 * What events are recognized by: revisions by their normalized content and by their source, which no setting and no
 * release changes; withdrawals by the bytes of their delivery.
 */
const KINDS = ['contents', 'sources', 'withdrawals'] as const;
type Kind = (typeof KINDS)[number];

/** The key of an event among others of its kind: a hash, and the event's own time. */
export const eventKey = (hash: string, time: Instant | undefined): string =>
  time === undefined ? hash : `${hash}@${time}`;

const timeIn = (key: string): string | undefined => {
  const at = key.lastIndexOf('@');
  return at < 0 ? undefined : key.slice(at + 1);
};

/** What is remembered of an article: the keys of its events, the newest first. */
interface Remembered extends Readonly<Record<Kind, readonly string[]>> {
  /** The source of the content that was stored last, and the hash of that content. */
  held: readonly [source: string, contentHash: string] | null;
}

interface Row extends Record<Kind, string> {
  [column: string]: SqlStorageValue;
  held: string | null;
}

/**
 * The table `timeless_events`: of an article, the newest revisions and withdrawals that came under a signature without a
 * time. Nothing but this memory distinguishes such an event from a replay of it.
 */
export class TimelessEvents {
  readonly #sql: SqlStorage;
  readonly #maxEvents: number;

  constructor(sql: SqlStorage, maxEvents = MAX_EVENTS) {
    this.#sql = sql;
    this.#maxEvents = maxEvents;
  }

  /** What is remembered of an article. */
  of(articleId: string): Remembered {
    const [row] = this.#sql
      .exec<Row>(`SELECT ${KINDS.join(', ')}, held FROM timeless_events WHERE article_id = ?`, articleId)
      .toArray();
    if (row === undefined) return { contents: [], sources: [], withdrawals: [], held: null };
    return {
      contents: JSON.parse(row.contents),
      sources: JSON.parse(row.sources),
      withdrawals: JSON.parse(row.withdrawals),
      held: row.held === null ? null : JSON.parse(row.held),
    };
  }

  /**
   * Adds events, the newest first; the oldest beyond the limit are forgotten.
   * @param held of the content that is stored now (`Remembered`)
   * @param revisedAt the time of the stored article: older events are stale by their own times, and are forgotten
   */
  add(
    articleId: string,
    events: Partial<Record<Kind, readonly string[]>>,
    {
      held,
      revisedAt = '',
    }: { held?: NonNullable<Remembered['held']>; revisedAt?: Instant | undefined } = {},
  ): void {
    const known = this.of(articleId);
    const lists = KINDS.map((kind) =>
      [...new Set([...(events[kind] ?? []), ...known[kind]])]
        .filter((key) => (timeIn(key) ?? revisedAt) >= revisedAt)
        .slice(0, this.#maxEvents),
    );
    const source = held ?? known.held;
    this.#sql.exec(
      `INSERT OR REPLACE INTO timeless_events (article_id, ${KINDS.join(', ')}, held) VALUES (?, ?, ?, ?, ?)`,
      articleId,
      ...lists.map((keys) => JSON.stringify(keys)),
      source === null ? null : JSON.stringify(source),
    );
  }
}
