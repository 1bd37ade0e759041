import type { BackedUpTable } from '../../store/backup-rows.ts';

/** The tables of Subscriptions that are in a backup: all, with what subscribers are owed. */
export const BACKED_UP: readonly BackedUpTable[] = [
  { name: 'subscriptions', key: ['id'] },
  { name: 'intents', key: ['id'] },
  { name: 'renewals', key: ['intent'] },
  { name: 'deliveries', key: ['number'], unique: ['subscription', 'subject'] },
  { name: 'slow_receivers', key: ['subscription'] },
  { name: 'extra_attempts', key: ['server'] },
  { name: 'shown', key: ['subscription', 'article_id'] },
];
