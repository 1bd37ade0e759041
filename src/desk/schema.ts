import { runMigrations } from '../store/migrations.ts';

/**
 * The Desk's tables. docs/storage.md explains each with an example. Instants are ISO 8601 text in UTC, which sorts
 * as time; times the Desk only computes with (`*_at` of the outbox) are milliseconds since the epoch.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    publisher TEXT NOT NULL,
    source_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('published', 'embargoed', 'withdrawn')),
    sequence INTEGER UNIQUE,
    changed_at TEXT NOT NULL,
    revised_at TEXT NOT NULL,
    content_hash TEXT,
    card TEXT,
    bytes INTEGER NOT NULL DEFAULT 0,
    published_at TEXT,
    updated_at TEXT,
    embargo_until TEXT,
    expires_at TEXT,
    publisher_withdrew INTEGER NOT NULL DEFAULT 0,
    operator_withdrew INTEGER NOT NULL DEFAULT 0,
    withdrawn_at TEXT,
    reason TEXT
  ) WITHOUT ROWID;
  CREATE INDEX articles_by_embargo ON articles (embargo_until) WHERE status = 'embargoed';
  CREATE INDEX articles_by_expiry ON articles (expires_at) WHERE status = 'published' AND expires_at IS NOT NULL;

  CREATE TABLE details (
    article_id TEXT PRIMARY KEY,
    detail TEXT NOT NULL,
    kept_until INTEGER
  );
  CREATE INDEX details_by_end ON details (kept_until) WHERE kept_until IS NOT NULL;

  CREATE TABLE memberships (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    published_at TEXT NOT NULL,
    article_id TEXT NOT NULL,
    PRIMARY KEY (kind, name, published_at, article_id)
  ) WITHOUT ROWID;
  CREATE INDEX memberships_by_article ON memberships (article_id);

  CREATE TABLE scopes (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (kind, name)
  ) WITHOUT ROWID;

  CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    publisher TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    received_at TEXT NOT NULL,
    status TEXT NOT NULL,
    article_id TEXT,
    version INTEGER,
    issues TEXT
  );
  CREATE INDEX deliveries_by_publisher ON deliveries (publisher, number);
  CREATE INDEX deliveries_by_time ON deliveries (received_at);
  CREATE UNIQUE INDEX deliveries_settled ON deliveries (publisher, delivery_id)
    WHERE status IN ('accepted', 'unchanged', 'stale', 'ignored');

  CREATE TABLE outbox (
    key TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    rank INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    pending INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    put_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT
  ) WITHOUT ROWID;
  CREATE INDEX outbox_due ON outbox (rank, due_at) WHERE pending = 1;
  CREATE INDEX outbox_done ON outbox (put_at) WHERE pending = 0;

  CREATE TABLE publishers (
    id TEXT PRIMARY KEY,
    record TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE announcements (
    key TEXT PRIMARY KEY,
    message TEXT NOT NULL,
    revision INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX announcements_due ON announcements (due_at);
  `,
];

/** Brings a Desk's database to the newest schema. Runs in the constructor, before any call is served. */
export const migrate = (storage: DurableObjectStorage): void => runMigrations(storage, MIGRATIONS);
