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

/** How long a delivery stays in the log, and with it how long a repeated delivery id is known as `duplicate`. */
const KEPT_DAYS = 30;

/** How many rows one pruning takes away at most, so that it never holds up the Desk. */
const PRUNED_AT_ONCE = 2_000;

/** How many rows of one publisher are kept, however young, give or take `TRIMMED_EVERY`. */
const KEPT_ROWS = 20_000;
const TRIMMED_EVERY = 250;

/** How many issues of an article are kept: enough to mend it by, and a row holds 2 MB at most. */
const KEPT_ISSUES = 20;

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

/** The log of what publishers delivered and what became of it. */
export class Deliveries {
  readonly #sql: SqlStorage;
  readonly #keptRows: number;
  /** How many rows of a publisher this instance has written. */
  readonly #written = new Map<string, number>();

  constructor(sql: SqlStorage, keptRows = KEPT_ROWS) {
    this.#sql = sql;
    this.#keptRows = keptRows;
  }

  /** The articles a delivery id was settled with; undefined when no such delivery was settled before. */
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

  /** Writes a row for a delivery; `outcomes` are of its articles. */
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

  /** Newest first; `before` and `next` are numbers of the log's rows. */
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

  /** Rows are numbered in the order of their receipt: the first one received then or later. */
  #firstSince(since: Instant): number {
    const [row] = this.#sql
      .exec<{ number: number }>(
        'SELECT number FROM deliveries WHERE received_at >= ? ORDER BY received_at, number LIMIT 1',
        since,
      )
      .toArray();
    return row?.number ?? Number.MAX_SAFE_INTEGER;
  }

  /** Forgets the publisher's oldest rows beyond the bound. Finding them walks the bound, so that is done seldom. */
  #trim(publisher: string): void {
    const written = this.#written.get(publisher) ?? 0;
    this.#written.set(publisher, written + 1);
    if (written % TRIMMED_EVERY !== 0) return;
    this.#sql.exec(
      `DELETE FROM deliveries WHERE publisher = ?1 AND number <=
         (SELECT number FROM deliveries WHERE publisher = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)`,
      publisher,
      this.#keptRows,
    );
  }
}

function toArticle({ status, article, issues = [] }: Outcome): LoggedArticle {
  return {
    status,
    ...(article && { article: { id: article.id, version: article.version } }),
    ...(issues.length > 0 && { issues: issues.slice(0, KEPT_ISSUES) }),
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
