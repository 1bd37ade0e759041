import type { StoredSite } from '../../store/records.ts';

/** The site's settings; undefined while the defaults hold. */
export function readSettings(sql: SqlStorage): StoredSite | undefined {
  const [row] = sql.exec<{ value: string }>("SELECT value FROM settings WHERE name = 'site'").toArray();
  return row && (JSON.parse(row.value) as StoredSite);
}

export function writeSettings(sql: SqlStorage, site: StoredSite): void {
  sql.exec("INSERT OR REPLACE INTO settings VALUES ('site', ?)", JSON.stringify(site));
}
