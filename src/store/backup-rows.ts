/** What a backup has of the tables of a Durable Object: which tables, and how a row is written as JSON. */

/** A table whose rows are in a backup. */
export interface BackedUpTable {
  name: string;
  /** The columns of its primary key, in their order. */
  key: readonly string[];
  /** Columns that are unique together, if `INSERT OR REPLACE` relies on it: it deletes rows that fire no trigger. */
  unique?: readonly string[];
  /** Rows that belong to this deployment, not to its site: they are in no backup, and an import leaves them alone. */
  local?: { column: string; values: readonly string[] };
  /** Whether a new site has rows in it. */
  startsWithRows?: boolean;
  /** The bytes that a row's owner adds to it before it is in a page, because the database only names them. */
  bytesOutside?: (row: Readonly<Record<string, SqlStorageValue>>) => number;
}

/** The values of a key's columns. */
export type Key = (string | number)[];

/** A column's value: bytes are an object with their base64. */
type Value = string | number | null | { base64: string };

/** A line of a backup: a row as it is, or the key of a row that is no more. A later line of a row replaces an earlier one. */
export type Entry = { table: string; row: Readonly<Record<string, Value>> } | { table: string; deleted: Key };

/** Entries as lines of JSON. */
export const linesOf = (entries: readonly Entry[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

/** `String.fromCharCode` takes its bytes as arguments, of which there must not be too many. */
const BYTES_AT_ONCE = 8_192;

/** A value of SQLite as JSON can write it. */
export function toValue(value: SqlStorageValue): Value {
  if (!(value instanceof ArrayBuffer)) return value;
  const bytes = new Uint8Array(value);
  let binary = '';
  for (let start = 0; start < bytes.length; start += BYTES_AT_ONCE)
    binary += String.fromCharCode(...bytes.subarray(start, start + BYTES_AT_ONCE));
  return { base64: btoa(binary) };
}

/** A value for SQLite from one of a backup. @returns undefined when it is none */
export function fromValue(value: unknown): SqlStorageValue | undefined {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object' || !('base64' in value) || typeof value.base64 !== 'string') return undefined;
  try {
    return Uint8Array.from(atob(value.base64), (character) => character.charCodeAt(0)).buffer;
  } catch {
    return undefined;
  }
}
