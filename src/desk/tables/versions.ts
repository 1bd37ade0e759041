import type { Instant } from '../../domain/article.ts';
import type { CardContent, Revision, VersionSummary } from '../contract/messages.ts';
import { type ArchivedObject, MAX_ROW_BYTES, OTHER_COLUMNS_BYTES } from './bodies.ts';

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

/** A compressed detail, or the object in R2 that has it. */
type StoredDetail = Uint8Array<ArrayBuffer> | ArchivedObject;

/** An earlier version of an article. */
export interface EarlierVersion {
  version: number;
  replacedAt: Instant;
  /** Its times as they were stored. */
  publishedAt: Instant;
  updatedAt: Instant;
  revision: Omit<Revision, 'detail'> & { detail: StoredDetail };
}

/**
 * An element of the column `entries`. The gzips follow each other in the same order in the column `gzips`. One that was
 * moved to R2 has no bytes there, and the entry names its object. Triggers rely on the name `object`.
 */
interface Entry extends Omit<EarlierVersion, 'revision'> {
  hash: string;
  card: CardContent;
  bytes: number;
  gzipBytes: number;
  object?: ArchivedObject;
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
    const version = storedWith({ ...times, hash, card, bytes, gzipBytes: 0 }, detail);
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
    const { hash, card, bytes, gzipBytes: _, object, ...times } = found.entry;
    return { ...times, revision: { hash, card, bytes, detail: object ?? found.gzip } };
  }

  /** The versions of an article whose bodies are in this table. */
  held(id: string): { version: number; hash: string; gzip: Uint8Array<ArrayBuffer> }[] {
    return this.#load(id).flatMap(({ entry: { version, hash, object }, gzip }) =>
      object === undefined ? [{ version, hash, gzip }] : [],
    );
  }

  /** The objects in R2 that have bodies of an article's versions. */
  objects(id: string): ArchivedObject[] {
    return this.#load(id).flatMap(({ entry: { object } }) => (object === undefined ? [] : [object]));
  }

  /** Replaces the body of a version by the name of its object in R2. @returns false when the version is no longer here */
  archive(id: string, version: number, hash: string, object: ArchivedObject): boolean {
    let isHere = false;
    const stored = this.#load(id).map((each) => {
      const { entry } = each;
      if (entry.version !== version || entry.hash !== hash || entry.object !== undefined) return each;
      isHere = true;
      return storedWith(entry, object);
    });
    if (isHere) this.#store(id, stored);
    return isHere;
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
    return row === undefined ? [] : storedIn(row);
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
    const { entries, gzips } = columnsOf(kept);
    this.#sql.exec(
      `INSERT INTO versions (article_id, oldest_at, bytes, entries, gzips) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (article_id) DO UPDATE SET oldest_at = ?2, bytes = ?3, entries = ?4, gzips = ?5`,
      id,
      oldest.entry.replacedAt,
      bytes,
      entries,
      gzips,
    );
  }
}

/** The columns that have the versions. */
interface Columns {
  entries: string;
  gzips: ArrayBuffer;
}

function storedIn({ entries, gzips }: Columns): Stored[] {
  let start = 0;
  return (JSON.parse(entries) as Entry[]).map((entry) => {
    const gzip = new Uint8Array(gzips, start, entry.gzipBytes);
    start += entry.gzipBytes;
    return { entry, gzip };
  });
}

function columnsOf(versions: readonly Stored[]): Columns {
  const gzips = new Uint8Array(versions.reduce((sum, { gzip }) => sum + gzip.byteLength, 0));
  let start = 0;
  for (const { gzip } of versions) {
    gzips.set(gzip, start);
    start += gzip.byteLength;
  }
  return { entries: JSON.stringify(versions.map(({ entry }) => entry)), gzips: gzips.buffer };
}

/** The objects in R2 that a row's column `entries` names. */
export const objectsIn = (entries: string): ArchivedObject[] =>
  entries.includes('"object":')
    ? (JSON.parse(entries) as Entry[]).flatMap(({ object }) => (object === undefined ? [] : [object]))
    : [];

/**
 * The columns of a row with the bodies that it only names, by the keys of their objects; without the versions whose bodies
 * are not among them. @returns undefined when no version is left
 */
export function withBodies(
  row: Columns,
  bodies: ReadonlyMap<string, Uint8Array<ArrayBuffer> | undefined>,
): (Columns & { oldest_at: Instant; bytes: number }) | undefined {
  const whole = storedIn(row).flatMap((each) => {
    const { object, ...entry } = each.entry;
    if (object === undefined) return [each];
    const gzip = bodies.get(object.key);
    return gzip === undefined ? [] : [storedWith(entry, gzip)];
  });
  const [oldest] = whole;
  if (oldest === undefined) return undefined;
  const bytes = whole.reduce((sum, each) => sum + bytesOf(each), 0);
  return { ...columnsOf(whole), oldest_at: oldest.entry.replacedAt, bytes };
}

const storedWith = (entry: Entry, detail: StoredDetail): Stored =>
  detail instanceof Uint8Array
    ? { entry: { ...entry, gzipBytes: detail.byteLength }, gzip: detail }
    : { entry: { ...entry, gzipBytes: 0, object: detail }, gzip: new Uint8Array() };

/** What a version takes in its row, or would take if it were not in R2: moving it pushes no other out. */
function bytesOf({ entry: { object, ...entry }, gzip }: Stored): number {
  const gzipBytes = object?.bytes ?? gzip.byteLength;
  return encoder.encode(JSON.stringify({ ...entry, gzipBytes })).length + 1 + gzipBytes;
}
