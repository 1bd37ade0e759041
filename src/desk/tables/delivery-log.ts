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

/** For this long, a repeated delivery id is recognized as a `duplicate`. */
const RETENTION_DAYS = 30;

/** One pruning deletes at most this many rows, so that it never blocks the Desk. */
const MAX_PRUNED = 2_000;

/** At most this many rows are kept per publisher, plus up to `TRIM_INTERVAL`. */
const MAX_ROWS = 20_000;
const TRIM_INTERVAL = 250;

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

/** The table `deliveries`: the deliveries of publishers and their outcomes. */
export class DeliveryLog {
  readonly #sql: SqlStorage;
  readonly #maxRows: number;
  /** How many rows this instance has written, by publisher. */
  readonly #written = new Map<string, number>();

  constructor(sql: SqlStorage, maxRows = MAX_ROWS) {
    this.#sql = sql;
    this.#maxRows = maxRows;
  }

  /** The outcomes of the articles of an earlier delivery with this id; undefined when none was settled. */
  settled(publisher: string, deliveryId: string): LoggedArticle[] | undefined {
    const [row] = this.#sql
      .exec<Row>(
        `SELECT ${COLUMNS} FROM deliveries
         WHERE publisher = ? AND delivery_id = ? AND status IN ('accepted', 'unchanged', 'stale', 'ignored')`,
        publisher,
        deliveryId,
      )
      .toArray();
    return row && articlesOf(row);
  }

  /** Logs a delivery with the outcomes of its articles. */
  log(
    publisher: string,
    delivery: { id: string; at: Instant; status: DeliveryStatus } & Arrival,
    outcomes: readonly Outcome[],
  ): void {
    const articles = outcomes.map(toArticle);
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

  /** Deletes rows older than `RETENTION_DAYS`. @returns whether more may be left */
  prune(now: number): boolean {
    const end = new Date(now - RETENTION_DAYS * DAY).toISOString();
    const pruned = this.#sql.exec(
      `DELETE FROM deliveries WHERE number IN
         (SELECT number FROM deliveries WHERE received_at < ? ORDER BY received_at LIMIT ${MAX_PRUNED})`,
      end,
    );
    return pruned.rowsWritten >= MAX_PRUNED;
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

  /** Deletes a publisher's oldest rows beyond the limit. Finding them scans all its rows, so it runs rarely. */
  #trim(publisher: string): void {
    const written = this.#written.get(publisher) ?? 0;
    this.#written.set(publisher, written + 1);
    if (written % TRIM_INTERVAL !== 0) return;
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
