import { logFailure } from '../../log.ts';
import { type Entry, fromValue, toValue } from '../../store/backup-rows.ts';
import { forEachInParallel } from '../../store/concurrency.ts';
import { ArchiveFailure } from '../../store/failures.ts';
import type { ArchivedObject } from '../tables/bodies.ts';
import type { Tables } from '../tables/tables.ts';
import { objectsIn, withBodies } from '../tables/versions.ts';
import type { Archive } from './archive.ts';

/** How often a page is taken in all, when what it names changes while R2 is read. */
const MAX_ATTEMPTS = 5;

type Found = ReadonlyMap<string, Uint8Array<ArrayBuffer> | undefined>;
type Row = Extract<Entry, { row: unknown }>['row'];

interface Replacement {
  objects: readonly ArchivedObject[];
  /** The entry with the bytes that were found. @returns undefined when the tables no longer name an object that is lost */
  replaced(found: Found): Entry | undefined;
}

/** Puts the bodies that are in R2 into the pages of a backup, so that a backup needs no bucket. */
export class ArchivedEntries {
  readonly #tables: Pick<Tables, 'bodies' | 'versions'>;
  readonly #archive: Pick<Archive, 'get'>;

  constructor(tables: Pick<Tables, 'bodies' | 'versions'>, archive: Pick<Archive, 'get'>) {
    this.#tables = tables;
    this.#archive = archive;
  }

  /**
   * Completes a page.
   * @param take takes the page from the tables. It is called again when an object was deleted while R2 was read
   * @throws ArchiveFailure when R2 does not answer
   */
  async complete<Page extends { entries: Entry[] }>(take: () => Page | undefined): Promise<Page | undefined> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const page = take();
      if (page === undefined) return undefined;
      const replacements = page.entries.map((entry) => this.#replacementOf(entry));
      const found = await this.#read(replacements.flatMap(({ objects }) => objects));
      const entries = replacements.map(({ replaced }) => replaced(found));
      const whole = entries.filter((entry) => entry !== undefined);
      if (whole.length === entries.length) return { ...page, entries: whole };
    }
    throw new ArchiveFailure('The archived bodies of a page of the backup change too fast.');
  }

  #replacementOf(entry: Entry): Replacement {
    if (entry.table === 'archived_bodies')
      return 'row' in entry ? this.#bodyOf(entry.row) : this.#deletionOf(entry);
    if (entry.table === 'versions' && 'row' in entry) return this.#versionsOf(entry, entry.row);
    return { objects: [], replaced: () => entry };
  }

  /** A body that is in R2 becomes a row of `bodies`. One that R2 has lost stays named, so that its article stays 503. */
  #bodyOf(row: Row): Replacement {
    const { article_id: id, object_key, object_bytes, sha256 } = row;
    const object = { key: String(object_key), bytes: Number(object_bytes), sha256: String(sha256) };
    return {
      objects: [object],
      replaced: (found) => {
        const gzip = found.get(object.key);
        if (gzip !== undefined) {
          const { article_id, content_hash, bytes } = row;
          return {
            table: 'bodies',
            row: { article_id, content_hash, bytes, gzip: toValue(gzip.slice().buffer) } as Row,
          };
        }
        const isNamed = this.#tables.bodies.markLost(String(id), object.key, true);
        return isNamed ? { table: 'archived_bodies', row: { ...row, lost: 1 } } : undefined;
      },
    };
  }

  /** An earlier page may have had the body as a row of `bodies`. */
  #deletionOf(entry: Extract<Entry, { deleted: unknown }>): Replacement {
    const isHeld = this.#tables.bodies.isHeld(String(entry.deleted[0]));
    return { objects: [], replaced: () => (isHeld ? entry : { ...entry, table: 'bodies' }) };
  }

  #versionsOf(entry: Entry, row: Row): Replacement {
    const [id, entries] = [String(row.article_id), String(row.entries)];
    const objects = objectsIn(entries);
    if (objects.length === 0) return { objects, replaced: () => entry };
    return {
      objects,
      replaced: (found) => {
        const named = new Set(this.#tables.versions.objects(id).map(({ key }) => key));
        const lost = objects.filter(({ key }) => found.get(key) === undefined);
        if (lost.some(({ key }) => !named.has(key))) return undefined;
        for (const { key } of lost)
          logFailure('a version was left out of a backup', 'R2 has lost it', { id, key });
        const gzips = fromValue(row.gzips);
        const columns = withBodies(
          { entries, gzips: gzips instanceof ArrayBuffer ? gzips : new ArrayBuffer(0) },
          found,
        );
        if (columns === undefined) return { table: 'versions', deleted: [id] };
        return { table: 'versions', row: { ...row, ...columns, gzips: toValue(columns.gzips) } };
      },
    };
  }

  async #read(objects: readonly ArchivedObject[]): Promise<Found> {
    const found = new Map<string, Uint8Array<ArrayBuffer> | undefined>();
    await forEachInParallel(objects, async (object) => {
      found.set(object.key, await this.#archive.get(object));
    });
    return found;
  }
}
