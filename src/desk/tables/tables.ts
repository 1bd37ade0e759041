import { Accounts, type Partners, type Publishers } from './accounts.ts';
import { ArchiveDeletions } from './archive-deletions.ts';
import { Articles } from './articles.ts';
import { Bodies } from './bodies.ts';
import { DeliveryLog } from './delivery-log.ts';
import { Memberships } from './memberships.ts';
import { Settings } from './settings.ts';
import { TimelessEvents } from './timeless-events.ts';
import { Trending } from './trending.ts';
import { Versions } from './versions.ts';

/** The tables with the site's data. The tables of the queues belong to the classes in `projection/`. */
export interface Tables {
  articles: Articles;
  bodies: Bodies;
  versions: Versions;
  archiveDeletions: ArchiveDeletions;
  memberships: Memberships;
  trending: Trending;
  deliveryLog: DeliveryLog;
  timelessEvents: TimelessEvents;
  publishers: Publishers;
  partners: Partners;
  settings: Settings;
}

export const openTables = (sql: SqlStorage): Tables => ({
  articles: new Articles(sql),
  bodies: new Bodies(sql),
  versions: new Versions(sql),
  archiveDeletions: new ArchiveDeletions(sql),
  memberships: new Memberships(sql),
  trending: new Trending(sql),
  deliveryLog: new DeliveryLog(sql),
  timelessEvents: new TimelessEvents(sql),
  publishers: new Accounts(sql, 'publishers'),
  partners: new Accounts(sql, 'partners'),
  settings: new Settings(sql),
});
