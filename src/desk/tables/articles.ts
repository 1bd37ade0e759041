import type { Instant, Status } from '../../domain/article.ts';
import type { StoredCard } from '../../feeds/stored-feed.ts';
import type { CardContent, Change, Revision } from '../contract/messages.ts';
import type { ArticleMark } from '../contract/recovery.ts';
import type { HeldArticle } from '../contract/revision.ts';

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  publisher: string;
  version: number;
  status: Status;
  sequence: number | null;
  changed_at: Instant;
  revised_at: Instant;
  sent_at: Instant | null;
  content_hash: string | null;
  card: string | null;
  language: string | null;
  bytes: number;
  published_at: Instant | null;
  updated_at: Instant | null;
  embargo_until: Instant | null;
  expires_at: Instant | null;
  publisher_withdrew: number;
  operator_withdrew: number;
  withdrawn_at: Instant | null;
  reason: string | null;
}

/** The permanent record of an article. */
export interface ArticleRecord extends HeldArticle {
  id: string;
  publisher: string;
  version: number;
  status: Status;
  /** Its place in the site-wide sequence of changes; null until it is first published. */
  sequence: number | null;
  changedAt: Instant;
  /** Null when the Desk never had one, or when its words were deleted. */
  card: CardContent | null;
  /** The language of the article, also when its card was deleted. */
  language: string | null;
  /** The size of the whole content as JSON in UTF-8. */
  bytes: number;
  updatedAt: Instant | null;
  withdrawnAt: Instant | null;
  reason: string | null;
}

/** What KV shows of an article: the state of its key. */
export interface ShownArticle {
  id: string;
  version: number;
  status: Status;
  sequence: number;
  changedAt: Instant;
}

/** A mark without the lists, which other tables have. */
type UnlistedMark = Omit<ArticleMark, 'lists'>;

/** The revision time of a tombstone that any revision replaces: of an article that a recovery removed. */
const BEFORE_ALL = new Date(0).toISOString();

/** Whether a recovery removed an article, and nothing was received of it since. */
export const isRemoved = ({
  revisedAt,
  isWordless,
}: Pick<ArticleMark, 'revisedAt' | 'isWordless'>): boolean => isWordless && revisedAt === BEFORE_ALL;

/** No id comes after it. */
const LAST_ID = '~';

/** How many changes a site, and an article, may have had since the backup that replaces it. */
const SEQUENCES_LEFT_OUT = 1_000_000;
const VERSIONS_LEFT_OUT = 1_000;

const LEAST_SEQUENCE = leastNumber('sequence');
const LEAST_VERSION = leastNumber('version');

function leastNumber(name: 'sequence' | 'version'): string {
  return `COALESCE((SELECT value ->> '${name}' FROM settings WHERE name = 'numbers'), 0)`;
}

const COLUMNS = `id, publisher, version, status, sequence, changed_at, revised_at, sent_at, content_hash, card, language, bytes, published_at,
  updated_at, embargo_until, expires_at, publisher_withdrew, operator_withdrew, withdrawn_at, reason`;

/** Binds a list of ids as JSON. */
const NOT_IN = 'id NOT IN (SELECT value FROM json_each(?))';

/** The table `articles`: what the Desk knows of each article besides its body. */
export class Articles {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(id: string): ArticleRecord | undefined {
    const [row] = this.#sql.exec<Row>(`SELECT ${COLUMNS} FROM articles WHERE id = ?`, id).toArray();
    return row && toRecord(row);
  }

  /** Writes a new version. Its status and sequence number are written by `settle` in the same transaction. */
  writeRevision(
    id: string,
    revision: Revision,
    times: { revisedAt: Instant; publishedAt: Instant; updatedAt: Instant; sentAt?: Instant | null },
  ): void {
    const { card } = revision;
    this.#sql.exec(
      `INSERT INTO articles (id, publisher, source_id, version, status, changed_at, revised_at, content_hash, card, bytes,
         published_at, updated_at, embargo_until, expires_at, sent_at)
       VALUES (?1, ?2, ?3, 1, 'embargoed', ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
       ON CONFLICT (id) DO UPDATE SET version = version + 1, revised_at = ?4, content_hash = ?5, card = ?6,
         bytes = ?7, published_at = ?8, updated_at = ?9, embargo_until = ?10, expires_at = ?11, sent_at = ?12,
         publisher_withdrew = 0, withdrawn_at = NULL, reason = NULL`,
      id,
      card.publisher,
      card.sourceId,
      times.revisedAt,
      revision.hash,
      JSON.stringify(card),
      revision.bytes,
      times.publishedAt,
      times.updatedAt,
      card.embargoUntil ?? null,
      card.expiresAt ?? null,
      times.sentAt ?? null,
    );
  }

  /**
   * Writes the publisher's own withdrawal, of an article or of an id never seen. The trigger `publisher_withdrew` deletes
   * the article's words from every table.
   */
  writeWithdrawal(id: string, publisher: string, sourceId: string, revisedAt: Instant): void {
    this.#sql.exec(
      `INSERT INTO articles (id, publisher, source_id, version, status, changed_at, revised_at, publisher_withdrew)
       VALUES (?1, ?2, ?3, 1, 'withdrawn', ?4, ?4, 1)
       ON CONFLICT (id) DO UPDATE SET version = version + 1, revised_at = ?4, sent_at = NULL, publisher_withdrew = 1`,
      id,
      publisher,
      sourceId,
      revisedAt,
    );
  }

  /** Writes the operator's withdrawal, or its end. */
  writeTakedown(id: string, withdrawn: boolean, reason: string | null): void {
    this.#sql.exec(
      'UPDATE articles SET version = version + 1, operator_withdrew = ?, reason = ? WHERE id = ?',
      withdrawn ? 1 : 0,
      reason,
      id,
    );
  }

  /** Deletes the words of a withdrawn article's card. The same content is then new content. */
  erase(id: string, language: string | null): void {
    this.#sql.exec(
      'UPDATE articles SET card = NULL, content_hash = NULL, language = ? WHERE id = ?',
      language,
      id,
    );
  }

  /** The newest changes before a sequence number, newest first, each with all that a recovery keeps of its article. */
  marksBefore(sequence: number, limit: number): UnlistedMark[] {
    return this.#sql
      .exec<Row & { source_id: string; has_words: number; sequence: number }>(
        `SELECT ${COLUMNS}, source_id, card IS NOT NULL AS has_words,
           COALESCE(CASE WHEN json_valid(card) THEN card ->> '$.language' END, language) AS language
         FROM articles WHERE sequence < ? ORDER BY sequence DESC LIMIT ?`,
        sequence,
        limit,
      )
      .toArray()
      .map((row) => ({
        ...{ id: row.id, publisher: row.publisher, sourceId: row.source_id, version: row.version },
        ...{
          sequence: row.sequence,
          status: row.status,
          changedAt: row.changed_at,
          revisedAt: row.revised_at,
        },
        ...{ publishedAt: row.published_at, embargoUntil: row.embargo_until, expiresAt: row.expires_at },
        publisherWithdrew: row.publisher_withdrew === 1,
        operatorWithdrew: row.operator_withdrew === 1,
        ...{ withdrawnAt: row.withdrawn_at, reason: row.reason, language: row.language },
        isWordless: row.has_words === 0,
      }));
  }

  /**
   * Applies to an article, as a new version, what was true of it before a recovery: it stays withdrawn, and its expiry and
   * embargo are the stricter ones. The trigger `publisher_withdrew` deletes the words of what its publisher withdrew.
   */
  applyMark(mark: UnlistedMark): void {
    const isWithdrawn = mark.publisherWithdrew || mark.operatorWithdrew;
    this.#sql.exec(
      `UPDATE articles SET version = MAX(version, ?2) + 1,
         publisher_withdrew = MAX(publisher_withdrew, ?3), operator_withdrew = MAX(operator_withdrew, ?4),
         revised_at = iif(?5, MAX(revised_at, ?6), revised_at),
         expires_at = COALESCE(MIN(expires_at, ?7), expires_at, ?7),
         embargo_until = COALESCE(MAX(embargo_until, ?8), embargo_until, ?8),
         withdrawn_at = COALESCE(?9, withdrawn_at), reason = COALESCE(?10, reason)
       WHERE id = ?1`,
      mark.id,
      mark.version,
      mark.publisherWithdrew ? 1 : 0,
      mark.operatorWithdrew ? 1 : 0,
      isWithdrawn ? 1 : 0,
      mark.revisedAt,
      mark.expiresAt,
      mark.embargoUntil,
      mark.withdrawnAt,
      mark.reason,
    );
  }

  /** Writes only a new version, higher than any that was used before a recovery. */
  outdate(id: string, version: number): void {
    this.#sql.exec('UPDATE articles SET version = MAX(version, ?) + 1 WHERE id = ?', version, id);
  }

  /**
   * Writes the tombstone of an article that the Desk had before a recovery and no longer knows. What its publisher had
   * withdrawn stays so. Any other one counts as expired at `now`, until any revision of it arrives; one that the operator
   * had withdrawn also as withdrawn by its publisher, because nothing of it can be restored.
   */
  writeLost(mark: UnlistedMark, now: Instant): void {
    const isWithdrawn = mark.publisherWithdrew || mark.operatorWithdrew;
    this.#sql.exec(
      `INSERT INTO articles (id, publisher, source_id, version, status, changed_at, revised_at, published_at, expires_at,
         publisher_withdrew, operator_withdrew, withdrawn_at, reason, language)
       VALUES (?1, ?2, ?3, ?4 + 1, 'withdrawn', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)`,
      mark.id,
      mark.publisher,
      mark.sourceId,
      mark.version,
      now,
      isWithdrawn ? mark.revisedAt : BEFORE_ALL,
      mark.publishedAt,
      isWithdrawn ? null : now,
      isWithdrawn ? 1 : 0,
      mark.operatorWithdrew ? 1 : 0,
      mark.withdrawnAt,
      mark.reason,
      mark.language,
    );
  }

  /** Corrects an article's times, as a new version or within its version. */
  writeTimes(
    id: string,
    times: { revisedAt: Instant; publishedAt: Instant; updatedAt: Instant },
    isNewVersion: boolean,
  ): void {
    this.#sql.exec(
      `UPDATE articles SET revised_at = ?2, published_at = ?3, updated_at = ?4, version = version + ?5 WHERE id = ?1`,
      id,
      times.revisedAt,
      times.publishedAt,
      times.updatedAt,
      isNewVersion ? 1 : 0,
    );
  }

  /** Updates the time by which revisions are compared, when nothing else changed. */
  advance(id: string, revisedAt: Instant): void {
    this.#sql.exec('UPDATE articles SET revised_at = ?, sent_at = NULL WHERE id = ?', revisedAt, id);
  }

  /**
   * Writes an article's status, its place in the site-wide sequence and the time of the change. Its version is at least
   * that of `raiseNumbers`. @returns its record
   */
  settle(id: string, status: Status, sequence: number | null, now: Instant): ArticleRecord {
    const settled = this.#sql.exec<Row>(
      `UPDATE articles SET status = ?2, sequence = ?3, changed_at = ?4, version = MAX(version, ${LEAST_VERSION}),
         withdrawn_at = CASE WHEN ?2 = 'withdrawn' THEN COALESCE(withdrawn_at, ?4) END
       WHERE id = ?1 RETURNING ${COLUMNS}`,
      id,
      status,
      sequence,
      now,
    );
    return toRecord(settled.one());
  }

  /** The sequence number of the newest change on the site. */
  lastSequence(): number {
    return this.#sql.exec<{ last: number }>('SELECT COALESCE(MAX(sequence), 0) AS last FROM articles').one()
      .last;
  }

  /** The number of the next change on the site. */
  nextSequence(): number {
    return this.#sql
      .exec<{ next: number }>(
        `SELECT MAX(COALESCE(MAX(sequence), 0) + 1, ${LEAST_SEQUENCE}) AS next FROM articles`,
      )
      .one().next;
  }

  /**
   * From now on, sequence numbers and versions are higher than those that a site may have given after the state that these
   * tables have: clients that know them would otherwise miss changes, or take new content for what they hold.
   */
  raiseNumbers(): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO settings
       SELECT 'numbers', json_object('sequence', COALESCE(MAX(sequence), 0) + ?, 'version', COALESCE(MAX(version), 0) + ?)
       FROM articles`,
      SEQUENCES_LEFT_OUT,
      VERSIONS_LEFT_OUT,
    );
  }

  /** The ids of articles whose embargo has ended, or that have expired, at `now`; without those in `except`. */
  due(now: Instant, limit: number, except: readonly string[] = []): string[] {
    const ended = [
      `SELECT id FROM articles WHERE status = 'embargoed' AND embargo_until <= ? AND ${NOT_IN} LIMIT ?`,
      `SELECT id FROM articles WHERE status = 'published' AND expires_at <= ? AND ${NOT_IN} LIMIT ?`,
    ];
    return ended.flatMap((query) => this.#ids(query, now, JSON.stringify(except), limit));
  }

  /** The ids that follow an id, in their order. */
  idsAfter(id: string, limit: number): string[] {
    return this.#ids('SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT ?', id, limit);
  }

  /** The articles and tombstones that KV should have, with ids after one, up to another, in their order. */
  shownBetween(after: string, upTo: string | undefined, limit: number): ShownArticle[] {
    return this.#sql
      .exec<ShownArticle & Record<string, SqlStorageValue>>(
        `SELECT id, version, status, sequence, changed_at AS changedAt FROM articles
         WHERE id > ? AND id <= ? AND sequence IS NOT NULL AND status <> 'embargoed'
         ORDER BY id LIMIT ?`,
        after,
        upTo ?? LAST_ID,
        limit,
      )
      .toArray();
  }

  /** The newest changes before a sequence number, newest first. */
  changedBefore(sequence: number, limit: number): { id: string; sequence: number }[] {
    return this.#sql
      .exec<{ id: string; sequence: number }>(
        'SELECT id, sequence FROM articles WHERE sequence < ? ORDER BY sequence DESC LIMIT ?',
        sequence,
        limit,
      )
      .toArray();
  }

  /** The oldest changes after a sequence number, oldest first. An article is here once, at its newest change. */
  oldestAfter(sequence: number, limit: number): { id: string; sequence: number; changedAt: Instant }[] {
    return this.#sql
      .exec<{ id: string; sequence: number; changedAt: Instant }>(
        `SELECT id, sequence, changed_at AS changedAt FROM articles
         WHERE sequence > ? ORDER BY sequence LIMIT ?`,
        sequence,
        limit,
      )
      .toArray();
  }

  /** When the next embargo ends or article expires, in milliseconds since the epoch; without those in `except`. */
  nextDue(except: readonly string[] = []): number | undefined {
    const { due } = this.#sql
      .exec<{ due: string | null }>(
        `SELECT MIN(due) AS due FROM (
           SELECT MIN(embargo_until) AS due FROM articles WHERE status = 'embargoed' AND ${NOT_IN}
           UNION ALL
           SELECT MIN(expires_at) FROM articles
           WHERE status = 'published' AND expires_at IS NOT NULL AND ${NOT_IN})`,
        ...Array(2).fill(JSON.stringify(except)),
      )
      .one();
    return due === null ? undefined : Date.parse(due);
  }

  /**
   * Every article's newest change after the sequence number `after`, oldest first. An article has one row, which moves
   * to the end when it changes and is never pruned: a client that follows from any cursor gets all changes.
   * @returns `next`, the cursor to continue from, or null at the end
   */
  changesAfter(after: number, limit: number): { changes: Change[]; next: number | null } {
    const rows = this.#sql
      .exec<{ seq: number; id: string; version: number; status: Status; at: Instant }>(
        `SELECT sequence AS seq, id, version, status, changed_at AS at FROM articles
         WHERE sequence > ? ORDER BY sequence LIMIT ?`,
        after,
        limit + 1,
      )
      .toArray();
    const changes = rows.slice(0, limit).map(({ seq, id, version, status, at }): Change => {
      // For clients, an article that was embargoed after publication is withdrawn until its release.
      return { seq, kind: status === 'published' ? 'upsert' : 'withdraw', id, version, at };
    });
    return { changes, next: rows.length > limit ? (changes.at(-1)?.seq ?? null) : null };
  }

  #ids(query: string, ...bindings: SqlStorageValue[]): string[] {
    const rows = this.#sql.exec<{ id: string }>(query, ...bindings).toArray();
    return rows.map(({ id }) => id);
  }
}

function toRecord(row: Row): ArticleRecord {
  const card = row.card === null ? null : (JSON.parse(row.card) as CardContent);
  return {
    id: row.id,
    publisher: row.publisher,
    version: row.version,
    status: row.status,
    sequence: row.sequence,
    changedAt: row.changed_at,
    revisedAt: row.revised_at,
    sentAt: row.sent_at,
    contentHash: row.content_hash,
    card,
    language: card?.language ?? row.language,
    bytes: row.bytes,
    publishedAt: row.published_at,
    updatedAt: row.updated_at,
    embargoUntil: row.embargo_until,
    expiresAt: row.expires_at,
    publisherWithdrew: row.publisher_withdrew === 1,
    operatorWithdrew: row.operator_withdrew === 1,
    withdrawnAt: row.withdrawn_at,
    reason: row.reason,
  };
}

/** An article's card as KV stores it; undefined for a withdrawal of an unknown article. */
export function storedCard(article: ArticleRecord): StoredCard | undefined {
  const { card, publishedAt, updatedAt } = article;
  if (card === null || publishedAt === null || updatedAt === null) return undefined;
  return {
    id: article.id,
    version: article.version,
    status: article.status,
    ...card,
    publishedAt,
    updatedAt,
  };
}
