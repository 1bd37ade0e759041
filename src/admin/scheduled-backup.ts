import type { Bindings } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import { logFailure } from '../log.ts';
import { type BackupEnd, closingOf, decodeCursor } from '../store/backup-page.ts';
import { exportPage } from './backup.ts';

/** The bucket for backups: an optional binding. */
export type BackupBindings = Bindings & { BACKUPS?: R2Bucket };

/** An invocation makes at most 1,000 calls to other services (Workers, "Limits"); a page needs three. */
const MAX_PAGES = 250;

/** More of them, for the part of Subscriptions: it must follow the Desk's at once. */
const MAX_LAST_PAGES = 50;

/** A backup a day, at about the same hour, however often the cron runs. */
const INTERVAL_MS = 23.5 * 3_600_000;

/** How many whole backups are kept. */
const BACKUPS_KEPT = 14;

const PREFIX = 'backups/';
const COMPLETE = 'complete.json';

/** R2 lists, and deletes, at most 1,000 objects at a time. */
const MAX_KEYS = 1_000;

/**
 * Writes a backup to R2, an object for each page: `backups/{time}/000001.ndjson`. Continues the latest one if it is not
 * complete; otherwise begins another, if the latest began a day ago. Of whole backups the newest are kept.
 * @returns whether a backup was completed
 */
export async function backUpToBucket(
  env: BackupBindings,
  now: number,
  {
    maxPages = MAX_PAGES,
    kept = BACKUPS_KEPT,
    rows,
  }: { maxPages?: number; kept?: number; rows?: number } = {},
): Promise<boolean> {
  const { BACKUPS: bucket } = env;
  if (bucket === undefined) return false;
  const latest = (await foldersIn(bucket)).at(-1);
  const isComplete = latest !== undefined && (await bucket.head(latest + COMPLETE)) !== null;
  if (isComplete && Math.abs(now - timeOf(latest)) < INTERVAL_MS) return false;
  let folder = latest === undefined || isComplete ? folderOf(now) : latest;
  const written = await lastPage(bucket, folder);
  // The run that wrote the last page ended before it could say so.
  if (written?.end !== undefined) return complete(bucket, folder, written.page, written.end, kept);
  let { page, next } = { page: written?.page ?? 0, next: written?.next ?? '' };
  for (let count = 0; count < maxPages + MAX_LAST_PAGES; count += 1) {
    const cursor = next === '' ? undefined : decodeCursor(next);
    if (count >= maxPages && cursor?.object !== 'subscriptions') return false;
    const text = await exportPage(env, next, cursor, rows);
    if (text instanceof Refusal) {
      logFailure('backup to R2 refused', text.details.detail, { folder, page });
      if (page === 0) return false;
      // It cannot go on: the site no longer records what changed since its beginning.
      await remove(bucket, folder);
      [folder, page, next] = [folderOf(now), 0, ''];
      continue;
    }
    page += 1;
    await bucket.put(`${folder}${String(page).padStart(6, '0')}.ndjson`, text);
    const closing = closingOf(text);
    if (closing.next === null) return complete(bucket, folder, page, closing.end, kept);
    next = closing.next;
  }
  return false;
}

const folderOf = (now: number): string => `${PREFIX}${new Date(now).toISOString()}/`;

const timeOf = (folder: string): number => Date.parse(folder.slice(PREFIX.length, -1));

/** The folders of backups, the oldest first. */
async function foldersIn(bucket: R2Bucket): Promise<string[]> {
  const { delimitedPrefixes } = await bucket.list({ prefix: PREFIX, delimiter: '/', limit: MAX_KEYS });
  return delimitedPrefixes.sort();
}

/** Says that a backup is whole, and deletes the oldest ones. */
async function complete(
  bucket: R2Bucket,
  folder: string,
  pages: number,
  end: BackupEnd | undefined,
  kept: number,
): Promise<true> {
  await bucket.put(folder + COMPLETE, JSON.stringify({ pages, ...end }));
  await prune(bucket, kept);
  return true;
}

/** How the last page in a folder closes; undefined when there is none. */
async function lastPage(bucket: R2Bucket, folder: string) {
  const last = (await keysIn(bucket, folder)).filter((key) => key.endsWith('.ndjson')).at(-1);
  const object = last === undefined ? null : await bucket.get(last);
  return object === null ? undefined : closingOf(await object.text());
}

async function keysIn(bucket: R2Bucket, folder: string): Promise<string[]> {
  const keys: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const listed: R2Objects = await bucket.list({
      prefix: folder,
      limit: MAX_KEYS,
      ...(cursor !== undefined && { cursor }),
    });
    keys.push(...listed.objects.map(({ key }) => key));
    if (!listed.truncated) return keys.sort();
    cursor = listed.cursor;
  }
}

async function prune(bucket: R2Bucket, kept: number): Promise<void> {
  const folders = await foldersIn(bucket);
  for (const folder of folders.slice(0, Math.max(0, folders.length - kept))) await remove(bucket, folder);
}

async function remove(bucket: R2Bucket, folder: string): Promise<void> {
  const keys = await keysIn(bucket, folder);
  for (let start = 0; start < keys.length; start += MAX_KEYS)
    await bucket.delete(keys.slice(start, start + MAX_KEYS));
}
