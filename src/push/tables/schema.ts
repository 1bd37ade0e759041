/**
 * The schema of Subscriptions as a list of migrations: append migrations, never change one. docs/storage.md explains each
 * table. Times are milliseconds since the epoch. `deliveries.subject` is an article's id, empty for a feed.
 */
export const MIGRATIONS: readonly string[] = [
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
];
