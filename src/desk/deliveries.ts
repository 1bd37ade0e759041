import type { Instant } from '../article/article.ts';
import type { Issue } from '../article/draft.ts';
import type { DeliveryStatus, LoggedDelivery } from './messages.ts';

const DAY = 86_400_000;

/** How long a delivery stays in the log, and with it how long a repeated delivery id is known as `duplicate`. */
const KEPT_DAYS = 30;

/** How many rows one pruning takes away at most, so that it never holds up the Desk. */
const PRUNED_AT_ONCE = 2_000;

interface Row extends Record<string, SqlStorageValue> {
  number: number;
  id: string;
  at: Instant;
  status: DeliveryStatus;
  article_id: string | null;
  version: number | null;
  issues: string | null;
}

/** The log of what publishers delivered and what became of it. */
export class Deliveries {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The article a delivery id was settled with; undefined when no such delivery was settled before. */
  settled(
    publisher: string,
    deliveryId: string,
  ): { articleId: string | null; version: number | null } | undefined {
    const [row] = this.#sql
      .exec<{ articleId: string | null; version: number | null }>(
        `SELECT article_id AS articleId, version FROM deliveries
         WHERE publisher = ? AND delivery_id = ? AND status IN ('accepted', 'unchanged', 'stale', 'ignored')`,
        publisher,
        deliveryId,
      )
      .toArray();
    return row;
  }

  log(
    publisher: string,
    delivery: { id: string; at: Instant; status: DeliveryStatus },
    article: { id: string; version: number } | undefined,
    issues: readonly Issue[] = [],
  ): void {
    this.#sql.exec(
      `INSERT INTO deliveries (publisher, delivery_id, received_at, status, article_id, version, issues)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      publisher,
      delivery.id,
      delivery.at,
      delivery.status,
      article?.id ?? null,
      article?.version ?? null,
      issues.length === 0 ? null : JSON.stringify(issues),
    );
  }

  /** Newest first; `before` and `next` are numbers of the log's rows. */
  page(
    publisher: string,
    before: number,
    limit: number,
  ): { deliveries: LoggedDelivery[]; next: number | null } {
    const rows = this.#sql
      .exec<Row>(
        `SELECT number, delivery_id AS id, received_at AS at, status, article_id, version, issues FROM deliveries
         WHERE publisher = ? AND number < ? ORDER BY number DESC LIMIT ?`,
        publisher,
        before,
        limit + 1,
      )
      .toArray();
    const shown = rows.slice(0, limit);
    return {
      deliveries: shown.map(toLogged),
      next: rows.length > limit ? (shown.at(-1)?.number ?? null) : null,
    };
  }

  /** Forgets what is past its time. @returns whether there may be more to forget at once */
  prune(now: number): boolean {
    const end = new Date(now - KEPT_DAYS * DAY).toISOString();
    const pruned = this.#sql.exec(
      `DELETE FROM deliveries WHERE number IN
         (SELECT number FROM deliveries WHERE received_at < ? ORDER BY received_at LIMIT ${PRUNED_AT_ONCE})`,
      end,
    );
    return pruned.rowsWritten >= PRUNED_AT_ONCE;
  }
}

function toLogged(row: Row): LoggedDelivery {
  return {
    id: row.id,
    at: row.at,
    status: row.status,
    ...(row.article_id !== null && row.version !== null
      ? { article: { id: row.article_id, version: row.version } }
      : {}),
    ...(row.issues === null ? {} : { issues: JSON.parse(row.issues) as Issue[] }),
  };
}
