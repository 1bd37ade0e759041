import type { BackedUpTable } from '../../store/backup-rows.ts';

/**
 * The tables of the Desk that are in a backup: all that a site is, and what it owed at that moment. Of the settings, the
 * states of jobs belong to a deployment: the import starts these jobs anew.
 */
export const BACKED_UP: readonly BackedUpTable[] = [
  { name: 'articles', key: ['id'] },
  { name: 'bodies', key: ['article_id'] },
  { name: 'versions', key: ['article_id'] },
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
    local: { column: 'name', values: ['rebuild', 'scrub', 'retries'] },
    startsWithRows: true,
  },
  { name: 'settled_deliveries', key: ['publisher', 'delivery_id'] },
  { name: 'timeless_events', key: ['article_id'] },
  { name: 'deliveries', key: ['number'] },
  { name: 'outbox', key: ['key'], startsWithRows: true },
  { name: 'announcements', key: ['key'] },
  { name: 'purges', key: ['due_at', 'article_id'] },
];
