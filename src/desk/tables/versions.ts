import type { Instant } from '../../domain/article.ts';
import type { CardContent, Revision, VersionSummary } from '../contract/messages.ts';
import { MAX_ROW_BYTES, OTHER_COLUMNS_BYTES } from './bodies.ts';

/** The earlier versions that are kept of an article, their size as stored, and that of all articles together. */
interface VersionLimits {
  maxVersions: number;
  maxBytes: number;
  maxSiteBytes: number;
}

const LIMITS: VersionLimits = { maxVersions: 20, maxBytes: 256_000, maxSiteBytes: 1_000_000_000 };

/** How many rows one call of `trim` reads or changes. */
const ROWS_PER_STEP = 500;

const NOTHING_MEASURED = { after: { at: '', id: '' }, total: 0 };

/** An earlier version of an article. */
export interface EarlierVersion {
  version: number;
  replacedAt: Instant;
  /** Its times as they were stored. */
  publishedAt: Instant;
  updatedAt: Instant;
  revision: Revision;
}

/** An element of the column `entries`. The gzips follow each other in the same order in the column `gzips`. */
interface Entry extends Omit<EarlierVersion, 'revision'> {
  hash: string;
  card: CardContent;
  bytes: number;
  gzipBytes: number;
}

interface Stored {
  entry: Entry;
  gzip: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

/**
 * The table `versions`: what an article was before. One row has all earlier versions of an article, the oldest first, so
 * that an update writes at most two rows for its version, whatever it pushes out.
 */
export class Versions {
  readonly #sql: SqlStorage;
  readonly #limits: VersionLimits;
  /** How far `trim` has measured, and what it found. After a restart it begins anew. */
  #measured = NOTHING_MEASURED;

  constructor(sql: SqlStorage, limits: Partial<VersionLimits> = {}) {
    this.#sql = sql;
    this.#limits = { ...LIMITS, ...limits };
    if (this.#limits.maxBytes + OTHER_COLUMNS_BYTES > MAX_ROW_BYTES)
      throw new Error(
        `A row holds ${MAX_ROW_BYTES} bytes; the limit of versions is ${this.#limits.maxBytes}.`,
      );
  }

  /** Keeps a version that was replaced, unless it is too large alone. The oldest beyond the limits are deleted. */
  add(id: string, { revision, ...times }: EarlierVersion): void {
    const { hash, card, bytes, detail } = revision;
    const entry = { ...times, hash, card, bytes, gzipBytes: detail.byteLength };
    const version = { entry, gzip: detail };
    if (bytesOf(version) <= this.#limits.maxBytes) this.#store(id, [...this.#load(id), version]);
  }

  /** The earlier versions of an article, the newest first. */
  list(id: string): VersionSummary[] {
    return this.#load(id)
      .map(({ entry: { version, replacedAt, publishedAt, updatedAt, card, bytes } }) => ({
        ...{ version, headline: card.headline, publishedAt, updatedAt, replacedAt, bytes },
      }))
      .reverse();
  }

  find(id: string, version: number): EarlierVersion | undefined {
    const found = this.#load(id).find(({ entry }) => entry.version === version);
    if (found === undefined) return undefined;
    const { hash, card, bytes, gzipBytes: _, ...times } = found.entry;
    return { ...times, revision: { hash, card, bytes, detail: found.gzip } };
  }

  forget(id: string): void {
    this.#sql.exec('DELETE FROM versions WHERE article_id = ?', id);
  }

  /**
   * Measures all versions, some rows a call, and then deletes the oldest beyond the site's limit, as many a call.
   * @returns whether it must be called again
   */
  trim(): boolean {
    const { after, total } = this.#measured;
    const rows = this.#sql
      .exec<{ id: string; at: Instant; bytes: number }>(
        `SELECT article_id AS id, oldest_at AS at, bytes FROM versions
         WHERE (oldest_at, article_id) > (?, ?) ORDER BY oldest_at, article_id LIMIT ?`,
        after.at,
        after.id,
        ROWS_PER_STEP,
      )
      .toArray();
    const last = rows.at(-1);
    if (last !== undefined) {
      const sum = rows.reduce((bytes, row) => bytes + row.bytes, total);
      this.#measured = { after: last, total: sum };
      return true;
    }
    let left = total;
    for (let count = 0; left > this.#limits.maxSiteBytes && count < ROWS_PER_STEP; count += 1)
      left -= this.#deleteOldest();
    const isMore = left > this.#limits.maxSiteBytes;
    this.#measured = isMore ? { after, total: left } : NOTHING_MEASURED;
    return isMore;
  }

  /** @returns the size of what was deleted; the whole rest when nothing is left */
  #deleteOldest(): number {
    const [oldest] = this.#sql
      .exec<{ id: string }>(
        "SELECT article_id AS id FROM versions WHERE oldest_at > '' ORDER BY oldest_at LIMIT 1",
      )
      .toArray();
    if (oldest === undefined) return Number.POSITIVE_INFINITY;
    const [first, ...others] = this.#load(oldest.id);
    this.#store(oldest.id, others);
    return first === undefined ? 0 : bytesOf(first);
  }

  #load(id: string): Stored[] {
    const [row] = this.#sql
      .exec<{ entries: string; gzips: ArrayBuffer }>(
        'SELECT entries, gzips FROM versions WHERE article_id = ?',
        id,
      )
      .toArray();
    if (row === undefined) return [];
    let start = 0;
    return (JSON.parse(row.entries) as Entry[]).map((entry) => {
      const gzip = new Uint8Array(row.gzips, start, entry.gzipBytes);
      start += entry.gzipBytes;
      return { entry, gzip };
    });
  }

  /** Stores the newest of these versions that fit into the limits of an article. */
  #store(id: string, versions: readonly Stored[]): void {
    let bytes = 0;
    let first = versions.length;
    for (; first > 0 && versions.length - first < this.#limits.maxVersions; first -= 1) {
      const version = versions[first - 1];
      if (version === undefined || bytes + bytesOf(version) > this.#limits.maxBytes) break;
      bytes += bytesOf(version);
    }
    const kept = versions.slice(first);
    const [oldest] = kept;
    if (oldest === undefined) {
      this.forget(id);
      return;
    }
    const gzips = new Uint8Array(kept.reduce((sum, { gzip }) => sum + gzip.byteLength, 0));
    let start = 0;
    for (const { gzip } of kept) {
      gzips.set(gzip, start);
      start += gzip.byteLength;
    }
    this.#sql.exec(
      `INSERT INTO versions (article_id, oldest_at, bytes, entries, gzips) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (article_id) DO UPDATE SET oldest_at = ?2, bytes = ?3, entries = ?4, gzips = ?5`,
      id,
      oldest.entry.replacedAt,
      bytes,
      JSON.stringify(kept.map(({ entry }) => entry)),
      gzips as unknown as ArrayBuffer,
    );
  }
}

/** What a version takes in its row. */
const bytesOf = ({ entry, gzip }: Stored): number =>
  encoder.encode(JSON.stringify(entry)).length + 1 + gzip.byteLength;
