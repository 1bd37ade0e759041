import type { Schema } from '../../store/migrations.ts';

/**
 * The schema of Subscriptions as a list of migrations: append migrations, never change one. docs/storage.md explains each
 * table. Times are milliseconds since the epoch. `deliveries.subject` is an article's id, empty for a feed.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE subscriptions (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('feed', 'articles')),
    topic TEXT NOT NULL,
    path TEXT NOT NULL,
    callback TEXT NOT NULL,
    host TEXT NOT NULL,
    secret TEXT,
    lease_until INTEGER,
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    created_at INTEGER NOT NULL,
    suspended_at INTEGER,
    problem TEXT,
    delivered TEXT,
    UNIQUE (kind, topic, callback)
  ) WITHOUT ROWID;
  CREATE INDEX subscriptions_by_path ON subscriptions (kind, path);
  CREATE INDEX subscriptions_by_host ON subscriptions (host);
  CREATE INDEX subscriptions_by_lease ON subscriptions (lease_until) WHERE lease_until IS NOT NULL;

  CREATE TABLE intents (
    id TEXT PRIMARY KEY,
    mode TEXT NOT NULL CHECK (mode IN ('subscribe', 'unsubscribe')),
    topic TEXT NOT NULL,
    path TEXT NOT NULL,
    callback TEXT NOT NULL,
    host TEXT NOT NULL,
    secret TEXT,
    lease_seconds INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    pending INTEGER NOT NULL DEFAULT 1
  ) WITHOUT ROWID;
  CREATE INDEX intents_by_time ON intents (created_at);
  CREATE INDEX intents_by_host ON intents (host, created_at);
  CREATE INDEX intents_by_pair ON intents (topic, callback) WHERE pending = 1;

  CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription TEXT NOT NULL,
    subject TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    changed_at TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    queued_at INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    UNIQUE (subscription, subject)
  );
  CREATE INDEX deliveries_by_queueing ON deliveries (queued_at);

  CREATE TABLE shown (
    subscription TEXT NOT NULL,
    article_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (subscription, article_id)
  ) WITHOUT ROWID;
  `,
  // New columns have defaults and existing tables of fixed width have none, so that the previous release still works.
  `
  ALTER TABLE deliveries ADD COLUMN token INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE deliveries ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE deliveries ADD COLUMN retry_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE deliveries ADD COLUMN is_extra INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE deliveries ADD COLUMN claimed_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE deliveries ADD COLUMN attempted_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE deliveries ADD COLUMN lost_at INTEGER NOT NULL DEFAULT 0;
  UPDATE deliveries SET lost_at = queued_at + 46800000 WHERE queued_at > 0;
  CREATE INDEX deliveries_by_loss ON deliveries (lost_at) WHERE lost_at > 0;
  CREATE INDEX deliveries_by_claim ON deliveries (claimed_at) WHERE claimed_at > 0;

  CREATE TABLE slow_receivers (
    subscription TEXT PRIMARY KEY,
    server TEXT NOT NULL,
    since INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX slow_receivers_by_server ON slow_receivers (server);

  CREATE TABLE extra_attempts (
    server TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE renewals (
    intent TEXT PRIMARY KEY,
    begun INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;

  CREATE INDEX subscriptions_by_variant ON subscriptions (path, topic)
    WHERE kind = 'feed' AND instr(topic, '?') > 0;
  `,
  `
  CREATE TABLE retries (
    job TEXT PRIMARY KEY,
    attempts INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
];

/** The first release that had subscriptions can still work with the newest schema. */
export const SCHEMA: Schema = { migrations: MIGRATIONS, oldestReader: 1 };
