import type { Instant } from '../../domain/article.ts';
import type { DialectName, SignatureName } from '../../domain/publisher.ts';
import type {
  Arrival,
  DeliveryStatus,
  LoggedArticle,
  LoggedDelivery,
  LogQuery,
  Outcome,
} from '../contract/messages.ts';

const DAY = 86_400_000;

/** For this long, a delivery is logged, and a repeated delivery id is recognized as a `duplicate`. */
const RETENTION_DAYS = 30;

/** One pruning deletes at most this many rows, so that it never blocks the Desk. */
const MAX_PRUNED = 2_000;

/** At most this many rows are kept per publisher, plus up to `TRIM_INTERVAL`. */
const MAX_ROWS = 20_000;
const TRIM_INTERVAL = 250;

/**
 * Parts of these rows that deliveries without a result may take. Anyone who has seen a delivery can repeat it under a
 * signature without a time, and must not push out what was stored.
 */
const MAX_PARTS = { duplicate: 1 / 20, refused: 1 / 4 } as const;

/** The statuses after which a delivery's id is settled: sent again, it is a `duplicate`. */
const SETTLED: readonly DeliveryStatus[] = ['accepted', 'unchanged', 'stale', 'ignored'];

/** Issues stored per article; a row holds at most 2 MB. */
const MAX_ISSUES = 20;

interface Row extends Record<string, SqlStorageValue> {
  number: number;
  id: string;
  at: Instant;
  status: DeliveryStatus;
  article_id: string | null;
  version: number | null;
  issues: string | null;
  articles: string | null;
  source: DialectName | null;
  signature: SignatureName | null;
  milliseconds: number | null;
}

const COLUMNS = `number, delivery_id AS id, received_at AS at, status, article_id, version, issues, articles,
  source, signature, milliseconds`;

/** An article of a settled delivery, in the version that the delivery left; undefined when it had none. */
type SettledArticle = { id: string; version: number } | undefined;

/**
 * The tables `deliveries` and `settled_deliveries`: the deliveries of publishers with their outcomes, for people to read,
 * and the ids that are settled. Trimming the log forgets no id.
 */
export class DeliveryLog {
  readonly #sql: SqlStorage;
  readonly #maxRows: number;
  /** How many rows this instance has written, by publisher. */
  readonly #written = new Map<string, number>();
  /** The last settled id that pruning looked at, and when it had looked at all. */
  #prunedTo = { publisher: '', id: '' };
  #prunedAt = Number.NEGATIVE_INFINITY;

  constructor(sql: SqlStorage, maxRows = MAX_ROWS) {
    this.#sql = sql;
    this.#maxRows = maxRows;
  }

  /** The articles of an earlier delivery with this id, in its order; undefined when none was settled. */
  settled(publisher: string, deliveryId: string): SettledArticle[] | undefined {
    const [row] = this.#sql
      .exec<{ articles: string }>(
        'SELECT articles FROM settled_deliveries WHERE publisher = ? AND delivery_id = ?',
        publisher,
        deliveryId,
      )
      .toArray();
    if (row === undefined) return undefined;
    const articles = JSON.parse(row.articles) as [id: string | null, version: number | null][];
    return articles.map(([id, version]) => (id === null || version === null ? undefined : { id, version }));
  }

  /** Logs a delivery with the outcomes of its articles. Of an id's duplicates, it logs at most one a day. */
  log(
    publisher: string,
    delivery: { id: string; at: Instant; status: DeliveryStatus } & Arrival,
    outcomes: readonly Outcome[],
  ): void {
    const { id, at, status } = delivery;
    if (status === 'duplicate' && !this.#isFirstToday(publisher, id, at)) return;
    const articles = outcomes.map(toArticle);
    if (SETTLED.includes(status)) {
      this.#sql.exec(
        'INSERT INTO settled_deliveries (publisher, delivery_id, settled_at, articles) VALUES (?, ?, ?, ?)',
        ...[publisher, id, at],
        JSON.stringify(articles.map(({ article }) => [article?.id ?? null, article?.version ?? null])),
      );
    }
    const [only] = articles.length === 1 ? articles : [];
    this.#sql.exec(
      `INSERT INTO deliveries (publisher, delivery_id, received_at, status, article_id, version, issues, articles,
         source, signature, milliseconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      publisher,
      delivery.id,
      delivery.at,
      delivery.status,
      only?.article?.id ?? null,
      only?.article?.version ?? null,
      only?.issues ? JSON.stringify(only.issues) : null,
      only ? null : JSON.stringify(articles),
      delivery.source ?? null,
      delivery.signature,
      delivery.milliseconds,
    );
    this.#trim(publisher);
  }

  /** A page of a publisher's log, newest first; `before` and `next` are row numbers. */
  page(
    publisher: string,
    { before, limit, status, since }: LogQuery,
  ): { deliveries: LoggedDelivery[]; next: number | null } {
    const from = since === undefined ? 0 : this.#firstSince(since);
    const rows = this.#sql
      .exec<Row>(
        `SELECT ${COLUMNS} FROM deliveries
         WHERE publisher = ? ${status === undefined ? '' : 'AND status = ?'} AND number >= ? AND number < ?
         ORDER BY number DESC LIMIT ?`,
        ...[publisher, ...(status === undefined ? [] : [status]), from, before, limit + 1],
      )
      .toArray();
    const shown = rows.slice(0, limit);
    return {
      deliveries: shown.map(toLogged),
      next: rows.length > limit ? (shown.at(-1)?.number ?? null) : null,
    };
  }

  /** Deletes rows and settled ids older than `RETENTION_DAYS`, in bounded steps. @returns whether more may be left */
  prune(now: number): boolean {
    const end = new Date(now - RETENTION_DAYS * DAY).toISOString();
    const pruned = this.#sql.exec(
      `DELETE FROM deliveries WHERE number IN
         (SELECT number FROM deliveries WHERE received_at < ? ORDER BY received_at LIMIT ${MAX_PRUNED})`,
      end,
    );
    const hasMoreIds = this.#pruneSettled(now, end);
    return pruned.rowsWritten >= MAX_PRUNED || hasMoreIds;
  }

  /**
   * Walks the settled ids in their order, once a day: an index by time would be another row for each delivery.
   * @returns whether the walk goes on
   */
  #pruneSettled(now: number, end: Instant): boolean {
    if (Math.abs(now - this.#prunedAt) < DAY) return false;
    const { publisher, id } = this.#prunedTo;
    const step = this.#sql
      .exec<{ publisher: string; id: string }>(
        `SELECT publisher, delivery_id AS id FROM settled_deliveries WHERE (publisher, delivery_id) > (?, ?)
         ORDER BY publisher, delivery_id LIMIT ${MAX_PRUNED}`,
        publisher,
        id,
      )
      .toArray();
    const last = step.at(-1);
    if (last !== undefined) {
      this.#sql.exec(
        `DELETE FROM settled_deliveries
         WHERE (publisher, delivery_id) > (?, ?) AND (publisher, delivery_id) <= (?, ?) AND settled_at < ?`,
        ...[publisher, id, last.publisher, last.id, end],
      );
    }
    const goesOn = last !== undefined && step.length === MAX_PRUNED;
    this.#prunedTo = goesOn ? last : { publisher: '', id: '' };
    if (!goesOn) this.#prunedAt = now;
    return goesOn;
  }

  #isFirstToday(publisher: string, id: string, at: Instant): boolean {
    const marked = this.#sql.exec(
      `UPDATE settled_deliveries SET repeated_at = ?3
       WHERE publisher = ?1 AND delivery_id = ?2 AND (repeated_at IS NULL OR substr(repeated_at, 1, 10) <> substr(?3, 1, 10))`,
      ...[publisher, id, at],
    );
    return marked.rowsWritten > 0;
  }

  /** The number of the first row received at `since` or later; rows are numbered in the order of receipt. */
  #firstSince(since: Instant): number {
    const [row] = this.#sql
      .exec<{ number: number }>(
        'SELECT number FROM deliveries WHERE received_at >= ? ORDER BY received_at, number LIMIT 1',
        since,
      )
      .toArray();
    return row?.number ?? Number.MAX_SAFE_INTEGER;
  }

  /** Deletes a publisher's oldest rows beyond the limits. Finding them scans all its rows, so it runs rarely. */
  #trim(publisher: string): void {
    const written = this.#written.get(publisher) ?? 0;
    this.#written.set(publisher, written + 1);
    if (written % TRIM_INTERVAL !== 0) return;
    // First these, so that they push out no others.
    for (const [status, part] of Object.entries(MAX_PARTS)) {
      this.#sql.exec(
        `DELETE FROM deliveries WHERE publisher = ?1 AND status = ?2 AND number <=
           (SELECT number FROM deliveries WHERE publisher = ?1 AND status = ?2 ORDER BY number DESC LIMIT 1 OFFSET ?3)`,
        ...[publisher, status, Math.ceil(this.#maxRows * part)],
      );
    }
    this.#sql.exec(
      `DELETE FROM deliveries WHERE publisher = ?1 AND number <=
         (SELECT number FROM deliveries WHERE publisher = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)`,
      publisher,
      this.#maxRows,
    );
  }
}

function toArticle({ status, article, issues = [] }: Outcome): LoggedArticle {
  return {
    status,
    ...(article && { article: { id: article.id, version: article.version } }),
    ...(issues.length > 0 && { issues: issues.slice(0, MAX_ISSUES) }),
  };
}

function articlesOf(row: Row): LoggedArticle[] {
  if (row.articles !== null) return JSON.parse(row.articles) as LoggedArticle[];
  return [
    {
      status: row.status,
      ...(row.article_id !== null &&
        row.version !== null && { article: { id: row.article_id, version: row.version } }),
      ...(row.issues !== null && { issues: JSON.parse(row.issues) }),
    },
  ];
}

function toLogged(row: Row): LoggedDelivery {
  const articles = articlesOf(row);
  const { id, at, status, source, signature, milliseconds } = row;
  return {
    ...{ id, at, status },
    ...(source !== null && { source }),
    ...(signature !== null && { signature }),
    ...(milliseconds !== null && { milliseconds }),
    ...(row.articles === null ? { ...articles[0], status } : { articles }),
  };
}
