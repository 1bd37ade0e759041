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

/**
 * The table `bodies`: every article's newest body, as gzip of its detail's JSON. A row belongs to the content with its
 * hash, and counts only while that is its article's content: an earlier release, which does not know this table, may have
 * changed the article.
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
       ON CONFLICT (article_id) DO UPDATE SET content_hash = ?2, bytes = ?3, gzip = ?4`,
      id,
      contentHash,
      expandedSize(gzip),
      gzip as unknown as ArrayBuffer,
    );
    this.#sql.exec('DELETE FROM details WHERE article_id = ?', id);
  }

  /** The compressed bodies of these articles' newest contents, each with the article's version. */
  find(ids: readonly string[]): { id: string; version: number; gzip: ArrayBuffer }[] {
    return this.#sql
      .exec<{ id: string; version: number; gzip: ArrayBuffer }>(
        `SELECT articles.id AS id, version, gzip FROM json_each(?) CROSS JOIN articles ON articles.id = value
         CROSS JOIN bodies ON article_id = articles.id AND bodies.content_hash = articles.content_hash`,
        JSON.stringify(ids),
      )
      .toArray();
  }

  /** The compressed body of an article's content; undefined when it is not in this table. */
  read(id: string, contentHash: string): ArrayBuffer | undefined {
    const [row] = this.#sql
      .exec<{ gzip: ArrayBuffer }>(
        'SELECT gzip FROM bodies WHERE article_id = ? AND content_hash = ?',
        id,
        contentHash,
      )
      .toArray();
    return row?.gzip;
  }

  /** Whether the Desk has the body of an article's content. */
  has(id: string, contentHash: string | null): boolean {
    return (
      this.#sql
        .exec(
          `SELECT 1 FROM bodies WHERE article_id = ?1 AND content_hash = ?2
           UNION ALL SELECT 1 FROM details WHERE article_id = ?1`,
          id,
          contentHash,
        )
        .toArray().length > 0
    );
  }

  /** Those of these articles that have content whose body is not in this table. */
  lacking(ids: readonly string[]): Lacking[] {
    return this.#sql
      .exec<Omit<Lacking, 'operatorWithdrew'> & { operatorWithdrew: number }>(
        `SELECT articles.id AS id, version, articles.content_hash AS contentHash, articles.bytes AS bytes,
           operator_withdrew AS operatorWithdrew
         FROM json_each(?) CROSS JOIN articles ON articles.id = value
         LEFT JOIN bodies ON article_id = articles.id AND bodies.content_hash = articles.content_hash
         WHERE articles.content_hash IS NOT NULL AND publisher_withdrew = 0 AND article_id IS NULL`,
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

  /** Deletes an article's body. */
  forget(id: string): void {
    this.#sql.exec('DELETE FROM bodies WHERE article_id = ?', id);
    this.#sql.exec('DELETE FROM details WHERE article_id = ?', id);
  }
}
