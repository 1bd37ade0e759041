/** Events remembered per article and kind. A publisher whose system sends no times rarely changes an article as often. */
const MAX_EVENTS = 200;

/** What distinguishes an event from others of its article. */
export type Mark = { kind: 'contents' | 'withdrawals'; key: string };

interface Row extends Record<string, SqlStorageValue> {
  contents: string;
  withdrawals: string;
}

/**
 * The table `timeless_events`: of an article, the newest revisions and withdrawals that came without a usable time, and
 * under a signature without a time. Nothing but this memory distinguishes such an event from a replay of it.
 */
export class TimelessEvents {
  readonly #sql: SqlStorage;
  readonly #maxEvents: number;

  constructor(sql: SqlStorage, maxEvents = MAX_EVENTS) {
    this.#sql = sql;
    this.#maxEvents = maxEvents;
  }

  has(articleId: string, { kind, key }: Mark): boolean {
    return this.#read(articleId)[kind].includes(key);
  }

  /** Adds events, the newest first; the oldest beyond the limit are forgotten. */
  add(articleId: string, kind: Mark['kind'], keys: readonly string[]): void {
    const known = this.#read(articleId);
    known[kind] = [...new Set([...keys, ...known[kind]])].slice(0, this.#maxEvents);
    this.#sql.exec(
      'INSERT OR REPLACE INTO timeless_events VALUES (?, ?, ?)',
      articleId,
      JSON.stringify(known.contents),
      JSON.stringify(known.withdrawals),
    );
  }

  #read(articleId: string): Record<Mark['kind'], string[]> {
    const [row] = this.#sql
      .exec<Row>('SELECT contents, withdrawals FROM timeless_events WHERE article_id = ?', articleId)
      .toArray();
    if (row === undefined) return { contents: [], withdrawals: [] };
    return { contents: JSON.parse(row.contents), withdrawals: JSON.parse(row.withdrawals) };
  }
}
