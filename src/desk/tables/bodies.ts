import { expandedSize } from '../contract/detail.ts';

/** Durable Objects, "Limits": a row holds at most 2 MB. The local workerd does not check it. */
export const MAX_ROW_BYTES = 2_000_000;

/** What a row needs besides its contents: the article's id, the hash, the size. */
export const OTHER_COLUMNS_BYTES = 1_000;

/** An article whose body the Desk does not have. */
export interface Lacking {
  id: string;
  version: number;
  contentHash: string;
  /** The size of the whole content as JSON in UTF-8. */
  bytes: number;
  operatorWithdrew: boolean;
}

/** An object in R2 that has gzip of a detail's JSON, as the Desk records it. */
export interface ArchivedObject {
  key: string;
  /** The size of the object. */
  bytes: number;
  /** The SHA-256 of its bytes, in hexadecimal. */
  sha256: string;
}

/** The body of an article's newest content, when it was moved to R2. */
export interface ArchivedBody {
  id: string;
  version: number;
  contentHash: string;
  object: ArchivedObject;
}

/**
 * The table `bodies`: every article's newest body, as gzip of its detail's JSON. A row belongs to the content with its
 * hash, and counts only while that is its article's content: an earlier release, which does not know this table, may have
 * changed the article. `archived_bodies` has those that were moved to R2, under the same rule; a body is in one of them.
 */
export class Bodies {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Stores the body of an article's newest content. Throws when it exceeds a row. */
  write(id: string, contentHash: string, gzip: Uint8Array<ArrayBuffer>): void {
    if (gzip.byteLength + OTHER_COLUMNS_BYTES > MAX_ROW_BYTES)
      throw new Error(`The body of ${id} has ${gzip.byteLength} bytes; a row holds ${MAX_ROW_BYTES}.`);
    this.#sql.exec(
      `INSERT INTO bodies (article_id, content_hash, bytes, gzip) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (article_id) DO UPDATE SET content_hash = ?2, bytes = ?3, gzip = ?4, damaged = 0`,
      id,
      contentHash,
      expandedSize(gzip),
      gzip as unknown as ArrayBuffer,
    );
    this.#sql.exec('DELETE FROM details WHERE article_id = ?', id);
    this.#sql.exec('DELETE FROM archived_bodies WHERE article_id = ?', id);
  }

  /** The compressed bodies of these articles' newest contents, each with the article's version. */
  find(
    ids: readonly string[],
  ): { id: string; version: number; contentHash: string; gzip: ArrayBuffer; damaged: number }[] {
    return this.#sql
      .exec<{ id: string; version: number; contentHash: string; gzip: ArrayBuffer; damaged: number }>(
        `SELECT articles.id AS id, version, bodies.content_hash AS contentHash, gzip, damaged FROM json_each(?) CROSS JOIN articles ON articles.id = value
         CROSS JOIN bodies ON article_id = articles.id AND bodies.content_hash = articles.content_hash`,
        JSON.stringify(ids),
      )
      .toArray();
  }

  /** The bodies of these articles' newest contents that are in R2, each with the article's version. */
  archived(ids: readonly string[]): ArchivedBody[] {
    return this.#sql
      .exec<Omit<ArchivedBody, 'object'> & ArchivedObject & Record<string, SqlStorageValue>>(
        `SELECT articles.id AS id, version, articles.content_hash AS contentHash,
           object_key AS key, object_bytes AS bytes, sha256
         FROM json_each(?) CROSS JOIN articles ON articles.id = value
         CROSS JOIN archived_bodies ON article_id = articles.id AND archived_bodies.content_hash = articles.content_hash`,
        JSON.stringify(ids),
      )
      .toArray()
      .map(({ key, bytes, sha256, ...body }) => ({ ...body, object: { key, bytes, sha256 } }));
  }

  /** The compressed body of an article's newest content; undefined when it is not in this table. */
  held(id: string): { contentHash: string; gzip: ArrayBuffer } | undefined {
    const [row] = this.#sql
      .exec<{ contentHash: string; gzip: ArrayBuffer }>(
        `SELECT bodies.content_hash AS contentHash, gzip FROM articles
         CROSS JOIN bodies ON article_id = articles.id AND bodies.content_hash = articles.content_hash
         WHERE articles.id = ?`,
        id,
      )
      .toArray();
    return row;
  }

  /** The keys of the objects that the bodies of these articles are in, of whatever content. */
  objectKeys(ids: readonly string[]): string[] {
    return this.#sql
      .exec<{ key: string }>(
        'SELECT object_key AS key FROM json_each(?) CROSS JOIN archived_bodies ON article_id = value',
        JSON.stringify(ids),
      )
      .toArray()
      .map(({ key }) => key);
  }

  /** Whether this table has a body of an article, of whatever content. */
  isHeld(id: string): boolean {
    return this.#sql.exec('SELECT 1 FROM bodies WHERE article_id = ?', id).toArray().length > 0;
  }

  /**
   * Forgets the bodies in R2 that a backup named as lost and that its later pages had, or no longer had.
   * @returns the keys of their objects
   */
  dropRestored(): string[] {
    return this.#sql
      .exec<{ key: string }>(
        `DELETE FROM archived_bodies
         WHERE EXISTS (SELECT 1 FROM bodies WHERE bodies.article_id = archived_bodies.article_id)
           OR NOT EXISTS (SELECT 1 FROM articles WHERE id = archived_bodies.article_id
             AND articles.content_hash = archived_bodies.content_hash AND publisher_withdrew = 0)
         RETURNING object_key AS key`,
      )
      .toArray()
      .map(({ key }) => key);
  }

  /**
   * Replaces a body by the name of its object in R2, if it is still the body of the article's newest content.
   * @returns whether it was
   */
  archive(id: string, contentHash: string, object: ArchivedObject): boolean {
    if (this.held(id)?.contentHash !== contentHash) return false;
    // In this order: a backup records the changes of a row one after the other, and the last one counts.
    const { bytes } = this.#sql
      .exec<{ bytes: number }>('DELETE FROM bodies WHERE article_id = ? RETURNING bytes', id)
      .one();
    // Not replaced: what `INSERT OR REPLACE` deletes fires no trigger, which would forget its object.
    this.#sql.exec('DELETE FROM archived_bodies WHERE article_id = ?', id);
    this.#sql.exec(
      `INSERT INTO archived_bodies (article_id, content_hash, bytes, object_key, object_bytes, sha256)
       VALUES (?, ?, ?, ?, ?, ?)`,
      ...[id, contentHash, bytes, object.key, object.bytes, object.sha256],
    );
    return true;
  }

  /**
   * Records whether R2 has lost the object of a body: it is gone, or has other bytes. The body is then taken from its
   * publisher, who may send it again. @returns whether the body still is in this object
   */
  markLost(id: string, objectKey: string, isLost: boolean): boolean {
    const lost = isLost ? 1 : 0;
    const [row] = this.#sql
      .exec<{ lost: number }>(
        'SELECT lost FROM archived_bodies WHERE article_id = ? AND object_key = ?',
        id,
        objectKey,
      )
      .toArray();
    if (row !== undefined && row.lost !== lost)
      this.#sql.exec('UPDATE archived_bodies SET lost = ? WHERE article_id = ?', lost, id);
    return row !== undefined;
  }

  /**
   * Records whether a body cannot be expanded. Then the Desk counts as without it: it is taken from KV, or from its
   * publisher, who may send it again.
   */
  markDamaged(id: string, contentHash: string, isDamaged: boolean): void {
    this.#sql.exec(
      'UPDATE bodies SET damaged = ? WHERE article_id = ? AND content_hash = ?',
      isDamaged ? 1 : 0,
      id,
      contentHash,
    );
  }

  /** Whether any object is in R2 or must be deleted there, and whether R2 has lost any. */
  archiveState(): { isUsed: boolean; hasLost: boolean } {
    const exists = (query: string) => this.#sql.exec(`${query} LIMIT 1`).toArray().length > 0;
    return {
      isUsed:
        exists("SELECT 1 FROM archived_bodies WHERE article_id > ''") ||
        exists("SELECT 1 FROM archive_deletions WHERE object_key > ''"),
      hasLost: exists("SELECT 1 FROM archived_bodies WHERE lost = 1 AND article_id > ''"),
    };
  }

  /** Whether the Desk has the body of an article's content, or R2 has it. */
  has(id: string, contentHash: string | null): boolean {
    return (
      this.#sql
        .exec(
          `SELECT 1 FROM bodies WHERE article_id = ?1 AND content_hash = ?2 AND damaged = 0
           UNION ALL SELECT 1 FROM archived_bodies WHERE article_id = ?1 AND content_hash = ?2 AND lost = 0
           UNION ALL SELECT 1 FROM details WHERE article_id = ?1`,
          id,
          contentHash,
        )
        .toArray().length > 0
    );
  }

  /** Those of these articles that have content whose body is neither whole in this table nor in R2. */
  lacking(ids: readonly string[]): Lacking[] {
    return this.#sql
      .exec<Omit<Lacking, 'operatorWithdrew'> & { operatorWithdrew: number }>(
        `SELECT articles.id AS id, version, articles.content_hash AS contentHash, articles.bytes AS bytes,
           operator_withdrew AS operatorWithdrew
         FROM json_each(?) CROSS JOIN articles ON articles.id = value
         LEFT JOIN bodies ON bodies.article_id = articles.id AND bodies.content_hash = articles.content_hash
         LEFT JOIN archived_bodies ON archived_bodies.article_id = articles.id
           AND archived_bodies.content_hash = articles.content_hash
         WHERE articles.content_hash IS NOT NULL AND publisher_withdrew = 0
           AND (bodies.article_id IS NULL OR damaged = 1) AND archived_bodies.article_id IS NULL`,
        JSON.stringify(ids),
      )
      .toArray()
      .map((row) => ({ ...row, operatorWithdrew: row.operatorWithdrew === 1 }));
  }

  /** The bodies that an earlier release stored as JSON, in its table `details`. */
  earlier(ids: readonly string[]): Map<string, string> {
    const rows = this.#sql.exec<{ id: string; detail: string }>(
      'SELECT article_id AS id, detail FROM json_each(?) CROSS JOIN details ON article_id = value',
      JSON.stringify(ids),
    );
    return new Map(rows.toArray().map(({ id, detail }) => [id, detail]));
  }

  /** Deletes an article's body. The object that it may have in R2 is deleted later, by the table `archive_deletions`. */
  forget(id: string): void {
    this.#sql.exec('DELETE FROM bodies WHERE article_id = ?', id);
    this.#sql.exec('DELETE FROM details WHERE article_id = ?', id);
    this.#sql.exec('DELETE FROM archived_bodies WHERE article_id = ?', id);
  }
}
