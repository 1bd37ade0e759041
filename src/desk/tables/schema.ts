import { runMigrations } from '../../store/migrations.ts';

/**
 * The Desk's schema as a list of migrations. Append migrations and never change one; the previous release must be able to
 * read the result. docs/storage.md explains each table.
 *
 * Instants are ISO 8601 text in UTC, which sorts as time. Times that the Desk only computes with (the outbox, purges,
 * announcements, deletions in R2, `kept_until`) are milliseconds since the epoch. `outbox.subject` holds a `Target` as JSON.
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

  CREATE TABLE departures (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    withdrawn_at TEXT NOT NULL,
    article_id TEXT NOT NULL,
    PRIMARY KEY (kind, name, withdrawn_at, article_id)
  ) WITHOUT ROWID;
  CREATE INDEX departures_by_article ON departures (article_id);
  CREATE INDEX departures_by_time ON departures (withdrawn_at);

  CREATE TABLE days (
    day TEXT PRIMARY KEY,
    articles INTEGER NOT NULL,
    changed_at TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TRIGGER listed_on_a_day AFTER INSERT ON memberships WHEN NEW.kind = 'all' BEGIN
    INSERT INTO days VALUES (substr(NEW.published_at, 1, 10), 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
    ON CONFLICT (day) DO UPDATE SET articles = articles + 1, changed_at = excluded.changed_at;
  END;
  CREATE TRIGGER taken_off_a_day AFTER DELETE ON memberships WHEN OLD.kind = 'all' BEGIN
    UPDATE days SET articles = articles - 1, changed_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    WHERE day = substr(OLD.published_at, 1, 10);
  END;

  CREATE TABLE scopes (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    changed_at TEXT NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
  ) WITHOUT ROWID;
  CREATE INDEX scopes_by_size ON scopes (kind, articles);

  CREATE TABLE trending (
    article_id TEXT PRIMARY KEY,
    standing REAL NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX trending_by_standing ON trending (standing);

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
  CREATE INDEX outbox_next ON outbox (due_at) WHERE pending = 1;
  CREATE INDEX outbox_done ON outbox (put_at) WHERE pending = 0;

  CREATE TABLE publishers (
    id TEXT PRIMARY KEY,
    record TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE partners (
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
  `
  ALTER TABLE deliveries ADD COLUMN source TEXT;
  ALTER TABLE deliveries ADD COLUMN signature TEXT;
  ALTER TABLE deliveries ADD COLUMN milliseconds INTEGER;
  ALTER TABLE deliveries ADD COLUMN articles TEXT;
  CREATE INDEX deliveries_by_status ON deliveries (publisher, status, number);
  `,
  'ALTER TABLE outbox ADD COLUMN waiting_since INTEGER NOT NULL DEFAULT 0',
  `
  CREATE TABLE purges (
    due_at INTEGER NOT NULL,
    article_id TEXT NOT NULL,
    PRIMARY KEY (due_at, article_id)
  ) WITHOUT ROWID;
  `,
  // A write to a table writes a row to each of its indexes, too.
  `
  DELETE FROM outbox WHERE pending = 0;
  DROP INDEX outbox_due;
  DROP INDEX outbox_next;
  DROP INDEX outbox_done;
  ALTER TABLE outbox DROP COLUMN pending;
  ALTER TABLE outbox DROP COLUMN put_at;
  CREATE INDEX outbox_due ON outbox (rank, due_at);
  DROP INDEX announcements_due;
  `,
  // Covers `/changes`: reading the articles' own rows, which contain the cards, would need many more pages.
  `
  CREATE INDEX articles_by_change ON articles (sequence, id, version, status, changed_at)
    WHERE sequence IS NOT NULL;
  `,
  // Renames a publisher's `furniture` to `boilerplate`. The outbox rewrites KV; until then `store/store.ts` reads both.
  `
  INSERT INTO outbox (key, subject, rank, revision, due_at, attempts, waiting_since)
  SELECT 'publisher:' || id, json_object('kind', 'publisher', 'id', id), 0, 1, 0, 0, strftime('%s', 'now') * 1000
  FROM publishers WHERE record -> '$.furniture' IS NOT NULL
  ON CONFLICT (key) DO UPDATE SET revision = revision + 1;
  UPDATE publishers
  SET record = json_remove(json_insert(record, '$.boilerplate', json(record -> '$.furniture')), '$.furniture')
  WHERE record -> '$.furniture' IS NOT NULL;
  `,
  // KV has these two keys from the beginning: a missing one then means that KV has lost it.
  `
  INSERT INTO outbox (key, subject, rank, revision, due_at, attempts, waiting_since)
  SELECT value, json_object('kind', value), iif(value = 'site', 0, 2), 1, 0, 0, CAST(unixepoch('subsec') * 1000 AS INTEGER)
  FROM json_each('["site", "trending"]') WHERE true
  ON CONFLICT (key) DO UPDATE SET revision = revision + 1;
  `,
  // Unlocks articles whose revision time is in the future. `MAX_AHEAD_MS` bounds the times that are written from now on.
  `
  UPDATE articles SET revised_at = MIN(changed_at, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
  WHERE revised_at > strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+5 minutes');
  `,
  // Settled ids outlive the rows of the log. Without the index, logging a delivery writes one row less.
  `
  CREATE TABLE IF NOT EXISTS settled_deliveries (
    publisher TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    settled_at TEXT NOT NULL,
    articles TEXT NOT NULL,
    repeated_at TEXT,
    PRIMARY KEY (publisher, delivery_id)
  ) WITHOUT ROWID;
  INSERT OR IGNORE INTO settled_deliveries (publisher, delivery_id, settled_at, articles)
  SELECT publisher, delivery_id, received_at,
    CASE WHEN articles IS NULL OR NOT json_valid(articles) THEN json_array(json_array(article_id, version))
      ELSE (SELECT json_group_array(json_array(value ->> '$.article.id', value ->> '$.article.version'))
            FROM json_each(deliveries.articles)) END
  FROM deliveries WHERE status IN ('accepted', 'unchanged', 'stale', 'ignored');
  DROP INDEX IF EXISTS deliveries_settled;

  CREATE TABLE IF NOT EXISTS timeless_events (
    article_id TEXT PRIMARY KEY,
    contents TEXT NOT NULL,
    withdrawals TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  // The names from which articles are withheld are compared without regard to case. A rebuild adds those of other scripts.
  `
  INSERT OR IGNORE INTO memberships
  SELECT kind, lower(trim(name)), published_at, article_id FROM memberships WHERE kind = 'withheld';
  INSERT OR IGNORE INTO departures
  SELECT kind, lower(trim(name)), withdrawn_at, article_id FROM departures WHERE kind = 'withheld';
  `,
  // The first comparison of KV with the Desk comes a day after this.
  `
  INSERT OR IGNORE INTO settings VALUES ('scrub', json_object('counts', json_object(
    'startedAt', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'checked', 0, 'missing', 0, 'different', 0, 'unknown', 0)));
  `,
  // `lane`: 0, or the order of an urgent key. Urgent keys alone have a row in the new index.
  `
  ALTER TABLE outbox ADD COLUMN lane INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE outbox ADD COLUMN urgent_since INTEGER;
  ALTER TABLE outbox ADD COLUMN publisher TEXT;
  ALTER TABLE outbox ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX outbox_urgent ON outbox (lane, due_at) WHERE lane > 0;
  `,
  // Every article's newest body. `details` stays for the previous release; whatever that release writes there after a
  // rollback is found again, because it deletes the row that says that every body was taken.
  `
  CREATE TABLE IF NOT EXISTS bodies (
    article_id TEXT PRIMARY KEY NOT NULL,
    content_hash TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    gzip BLOB NOT NULL
  );
  INSERT OR IGNORE INTO settings
  SELECT 'bodies', '{"after":"","checked":0,"missing":0,"missingIds":[],"isDone":true}'
  WHERE NOT EXISTS (SELECT 1 FROM articles);
  CREATE TRIGGER IF NOT EXISTS detail_inserted AFTER INSERT ON details BEGIN
    DELETE FROM settings WHERE name = 'bodies';
  END;
  CREATE TRIGGER IF NOT EXISTS detail_updated AFTER UPDATE OF detail ON details BEGIN
    DELETE FROM settings WHERE name = 'bodies';
  END;
  `,
  // A key that KV only gets again is announced to nobody.
  'ALTER TABLE outbox ADD COLUMN silent INTEGER NOT NULL DEFAULT 0',
  // The earlier versions of an article, in one row, so that an update writes at most two rows more. A publisher's withdrawal
  // deletes the article's words, also one that the previous release accepts; what a tombstone shows of the card stays.
  `
  CREATE TABLE IF NOT EXISTS versions (
    article_id TEXT PRIMARY KEY NOT NULL,
    oldest_at TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    entries TEXT NOT NULL,
    gzips BLOB NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS versions_by_age ON versions (oldest_at, article_id, bytes);

  ALTER TABLE articles ADD COLUMN language TEXT;
  UPDATE articles SET card = NULL, language = CASE WHEN json_valid(card) THEN card ->> '$.language' END
  WHERE publisher_withdrew = 1 AND card IS NOT NULL;
  DELETE FROM details WHERE article_id IN (SELECT id FROM articles WHERE publisher_withdrew = 1);
  DELETE FROM bodies WHERE article_id IN (SELECT id FROM articles WHERE publisher_withdrew = 1);
  CREATE TRIGGER IF NOT EXISTS publisher_withdrew AFTER UPDATE OF publisher_withdrew ON articles
  WHEN NEW.publisher_withdrew = 1 BEGIN
    UPDATE articles SET card = NULL,
      language = CASE WHEN json_valid(card) THEN card ->> '$.language' ELSE language END
    WHERE id = NEW.id;
    DELETE FROM bodies WHERE article_id = NEW.id;
    DELETE FROM details WHERE article_id = NEW.id;
    DELETE FROM versions WHERE article_id = NEW.id;
  END;
  `,
  // Bodies and versions in R2. Every object is named by a row of `archived_bodies`, by an entry of `versions`, or by a row of
  // `archive_deletions`. Triggers see to that, also while an earlier release runs, which does not know these tables.
  // An object that is no longer named is kept for 30 days: for so long a recovery may bring back a row that names it
  // (Durable Objects, "PITR API"). Ten minutes are `PUT_GRACE_MS`.
  `
  CREATE TABLE IF NOT EXISTS archived_bodies (
    article_id TEXT PRIMARY KEY NOT NULL,
    content_hash TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    object_key TEXT NOT NULL,
    object_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    lost INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS archived_bodies_lost ON archived_bodies (article_id) WHERE lost = 1;
  CREATE TABLE IF NOT EXISTS archive_deletions (
    object_key TEXT PRIMARY KEY NOT NULL,
    article_id TEXT NOT NULL,
    due_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS archive_deletions_due ON archive_deletions (due_at);
  CREATE INDEX IF NOT EXISTS archive_deletions_by_article ON archive_deletions (article_id);

  CREATE TRIGGER IF NOT EXISTS archived_body_deleted AFTER DELETE ON archived_bodies BEGIN
    INSERT OR REPLACE INTO archive_deletions
    VALUES (OLD.object_key, OLD.article_id, CAST(unixepoch('subsec') * 1000 AS INTEGER) + 30 * 86400000);
  END;
  CREATE TRIGGER IF NOT EXISTS archived_versions_deleted AFTER DELETE ON versions
  WHEN instr(OLD.entries, '"object":') > 0 BEGIN
    INSERT OR REPLACE INTO archive_deletions
    SELECT value ->> '$.object.key', OLD.article_id, CAST(unixepoch('subsec') * 1000 AS INTEGER) + 30 * 86400000
    FROM json_each(OLD.entries) WHERE value ->> '$.object.key' IS NOT NULL;
  END;
  CREATE TRIGGER IF NOT EXISTS archived_versions_updated AFTER UPDATE OF entries ON versions
  WHEN instr(OLD.entries, '"object":') > 0 OR instr(NEW.entries, '"object":') > 0 BEGIN
    INSERT OR REPLACE INTO archive_deletions
    SELECT value ->> '$.object.key', OLD.article_id, CAST(unixepoch('subsec') * 1000 AS INTEGER) + 30 * 86400000
    FROM json_each(OLD.entries) WHERE value ->> '$.object.key' IS NOT NULL;
    DELETE FROM archive_deletions
    WHERE object_key IN (SELECT value ->> '$.object.key' FROM json_each(NEW.entries));
  END;
  CREATE TRIGGER IF NOT EXISTS archived_versions_inserted AFTER INSERT ON versions
  WHEN instr(NEW.entries, '"object":') > 0 BEGIN
    DELETE FROM archive_deletions
    WHERE object_key IN (SELECT value ->> '$.object.key' FROM json_each(NEW.entries));
  END;

  DROP TRIGGER IF EXISTS publisher_withdrew;
  CREATE TRIGGER publisher_withdrew AFTER UPDATE OF publisher_withdrew ON articles
  WHEN NEW.publisher_withdrew = 1 BEGIN
    UPDATE articles SET card = NULL,
      language = CASE WHEN json_valid(card) THEN card ->> '$.language' ELSE language END
    WHERE id = NEW.id;
    DELETE FROM bodies WHERE article_id = NEW.id;
    DELETE FROM details WHERE article_id = NEW.id;
    DELETE FROM versions WHERE article_id = NEW.id;
    DELETE FROM archived_bodies WHERE article_id = NEW.id;
    UPDATE archive_deletions SET due_at = 0 WHERE article_id = NEW.id
      AND due_at > CAST(unixepoch('subsec') * 1000 AS INTEGER) + 10 * 60000;
  END;
  `,
  // The time of the publisher's newest event, where the operator's restore of a version is newer.
  'ALTER TABLE articles ADD COLUMN sent_at TEXT',
  // The lists on which KV may still name an article that has left them: a row goes when the list's key is written. Urgent
  // keys are written in turns of publishers; the expression is `TURN` in `projection/outbox.ts`.
  `
  CREATE TABLE IF NOT EXISTS left_lists (
    publisher TEXT NOT NULL,
    article_id TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (publisher, article_id, key)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS left_lists_by_key ON left_lists (key);
  CREATE TRIGGER IF NOT EXISTS list_written AFTER DELETE ON outbox BEGIN
    DELETE FROM left_lists WHERE key = OLD.key;
  END;
  CREATE INDEX IF NOT EXISTS outbox_turns ON outbox (iif(shared, '', COALESCE(publisher, '')), lane, due_at)
    WHERE lane > 0;
  `,
  // Until when an earlier write of the key may still be on its way: after a write before that, the row stays with revision
  // 0, and the key is written once more then. The previous release deletes such a row after that write.
  'ALTER TABLE outbox ADD COLUMN repeat_at INTEGER',
  // Settings and releases change what a source is normalized to, and so its hash.
  `
  ALTER TABLE timeless_events ADD COLUMN sources TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE timeless_events ADD COLUMN held TEXT;
  `,
  // Whether a body could not be expanded when it was last read.
  'ALTER TABLE bodies ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0',
];

/** See `Schema.oldestReader`: the release before version 9 wrote no `lane`, and does not need it. */
const OLDEST_READER = 8;

/** Migrates a Desk's database to the newest schema. */
export const migrate = (storage: DurableObjectStorage): void =>
  runMigrations(storage, { migrations: MIGRATIONS, oldestReader: OLDEST_READER });
