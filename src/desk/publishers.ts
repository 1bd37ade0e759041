import type { Instant } from '../article/article.ts';
import type { PublisherProfile } from '../article/site.ts';
import type { PublisherRecord, SealedSecret, StoredSite } from '../store/values.ts';

/** How many secrets of a publisher are accepted at once: the current one and those in their grace. */
const SECRETS_KEPT = 5;

/** The publishers' records and the site's settings: small, few, and changed by the operator only. */
export class Publishers {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(id: string): PublisherRecord | undefined {
    const [row] = this.#sql
      .exec<{ record: string }>('SELECT record FROM publishers WHERE id = ?', id)
      .toArray();
    return row && (JSON.parse(row.record) as PublisherRecord);
  }

  all(): PublisherRecord[] {
    return this.#sql
      .exec<{ record: string }>('SELECT record FROM publishers ORDER BY id')
      .toArray()
      .map((row) => JSON.parse(row.record) as PublisherRecord);
  }

  /** Creates the publisher with this first secret, or changes its profile and keeps the secrets it has. */
  save(
    profile: PublisherProfile,
    sealed: string,
    now: Instant,
  ): { created: boolean; record: PublisherRecord } {
    const held = this.find(profile.id);
    const record: PublisherRecord = {
      ...profile,
      createdAt: held?.createdAt ?? now,
      changedAt: now,
      secrets: held?.secrets ?? [{ sealed, createdAt: now }],
    };
    this.#write(record);
    return { created: held === undefined, record };
  }

  /** Puts a new secret in front; the others are accepted until `oldEndAt` at the latest. */
  rotate(id: string, sealed: string, oldEndAt: Instant, now: Instant): PublisherRecord | undefined {
    const held = this.find(id);
    if (held === undefined) return undefined;
    const older = held.secrets
      .map((secret): SealedSecret => ({ ...secret, expiresAt: earliest(secret.expiresAt, oldEndAt) }))
      .filter((secret) => secret.expiresAt !== undefined && secret.expiresAt > now);
    const secrets = [{ sealed, createdAt: now }, ...older].slice(0, SECRETS_KEPT);
    const record: PublisherRecord = { ...held, changedAt: now, secrets };
    this.#write(record);
    return record;
  }

  /** @returns whether there was one */
  remove(id: string): boolean {
    return this.#sql.exec('DELETE FROM publishers WHERE id = ?', id).rowsWritten > 0;
  }

  site(): StoredSite | undefined {
    const [row] = this.#sql
      .exec<{ value: string }>("SELECT value FROM settings WHERE name = 'site'")
      .toArray();
    return row && (JSON.parse(row.value) as StoredSite);
  }

  saveSite(site: StoredSite): void {
    this.#sql.exec("INSERT OR REPLACE INTO settings VALUES ('site', ?)", JSON.stringify(site));
  }

  #write(record: PublisherRecord): void {
    this.#sql.exec('INSERT OR REPLACE INTO publishers VALUES (?, ?)', record.id, JSON.stringify(record));
  }
}

const earliest = (one: Instant | undefined, other: Instant): Instant =>
  one !== undefined && one < other ? one : other;
