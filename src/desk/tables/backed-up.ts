import type { BackedUpTable } from '../../store/backup-rows.ts';
import { objectsIn } from './versions.ts';

/** Bytes in base64 have a third more. An object counts as at least so many, so that a page needs at most some 200 reads of R2. */
const weightOf = (bytes: number): number => Math.max(10_000, Math.ceil(bytes / 3) * 4);

/**
 * The tables of the Desk that are in a backup: all that a site is, and what it owed at that moment. Of the settings, the
 * states of jobs belong to a deployment: the import starts these jobs anew.
 */
export const BACKED_UP: readonly BackedUpTable[] = [
  { name: 'articles', key: ['id'] },
  { name: 'bodies', key: ['article_id'] },
  // In a backup, what is in R2 is a row of `bodies`: `ArchivedEntries` replaces it. What R2 has lost stays a row of this table.
  {
    name: 'archived_bodies',
    key: ['article_id'],
    bytesOutside: ({ object_bytes }) => weightOf(Number(object_bytes)),
  },
  {
    name: 'versions',
    key: ['article_id'],
    bytesOutside: ({ entries }) =>
      objectsIn(String(entries)).reduce((sum, { bytes }) => sum + weightOf(bytes), 0),
  },
  { name: 'details', key: ['article_id'] },
  { name: 'memberships', key: ['kind', 'name', 'published_at', 'article_id'] },
  { name: 'departures', key: ['kind', 'name', 'withdrawn_at', 'article_id'] },
  { name: 'days', key: ['day'] },
  { name: 'scopes', key: ['kind', 'name'] },
  { name: 'trending', key: ['article_id'] },
  { name: 'publishers', key: ['id'] },
  { name: 'partners', key: ['id'] },
  {
    name: 'settings',
    key: ['name'],
    local: { column: 'name', values: ['rebuild', 'scrub', 'retries', 'archive', 'sweep', 'recovery'] },
    startsWithRows: true,
  },
  { name: 'settled_deliveries', key: ['publisher', 'delivery_id'] },
  { name: 'timeless_events', key: ['article_id'] },
  { name: 'deliveries', key: ['number'] },
  { name: 'outbox', key: ['key'], startsWithRows: true },
  { name: 'left_lists', key: ['publisher', 'article_id', 'key'] },
  { name: 'announcements', key: ['key'] },
  { name: 'purges', key: ['due_at', 'article_id'] },
];
