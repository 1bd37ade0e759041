import type { Instant } from '../../domain/article.ts';
import type { PartnerProfile } from '../../domain/partner.ts';
import type { PublisherSettings } from '../../domain/publisher.ts';
import type { Account, SealedSecret, TokenDigest } from '../../store/records.ts';
import type { AccountMark, RecoveredAccounts } from '../contract/recovery.ts';

/** An account has at most this many credentials: the current one and those in their grace period. */
const MAX_CREDENTIALS = 5;

/** The table `publishers` or `partners`: few small records that only the operator changes. */
export class Accounts<Profile extends { id: string }, Credential extends object> {
  readonly #sql: SqlStorage;
  readonly #table: 'publishers' | 'partners';

  constructor(sql: SqlStorage, table: 'publishers' | 'partners') {
    this.#sql = sql;
    this.#table = table;
  }

  find(id: string): Account<Profile, Credential> | undefined {
    const [row] = this.#sql
      .exec<{ record: string }>(`SELECT record FROM ${this.#table} WHERE id = ?`, id)
      .toArray();
    return row && JSON.parse(row.record);
  }

  all(): Account<Profile, Credential>[] {
    return this.#sql
      .exec<{ record: string }>(`SELECT record FROM ${this.#table} ORDER BY id`)
      .toArray()
      .map((row) => JSON.parse(row.record));
  }

  /** Creates the account with this first credential, or changes its profile and keeps its credentials. */
  save(
    profile: Profile,
    credential: Credential,
    now: Instant,
  ): { created: boolean; record: Account<Profile, Credential> } {
    const held = this.find(profile.id);
    const record = {
      ...profile,
      createdAt: held?.createdAt ?? now,
      changedAt: now,
      credentials: held?.credentials ?? [{ ...credential, createdAt: now }],
    };
    this.#write(record);
    return { created: held === undefined, record };
  }

  /** Makes a credential the current one; previous ones are accepted until `oldEndAt` at the latest. */
  rotate(
    id: string,
    credential: Credential,
    oldEndAt: Instant,
    now: Instant,
  ): Account<Profile, Credential> | undefined {
    const held = this.find(id);
    if (held === undefined) return undefined;
    const older = held.credentials
      .map((each) => ({ ...each, expiresAt: earliest(each.expiresAt, oldEndAt) }))
      .filter((each) => each.expiresAt > now);
    const credentials = [{ ...credential, createdAt: now }, ...older].slice(0, MAX_CREDENTIALS);
    const record = { ...held, changedAt: now, credentials };
    this.#write(record);
    return record;
  }

  /** What a recovery keeps of the accounts: their credentials, and how signatures are verified. */
  marks(): AccountMark[] {
    return this.all().map((record) => this.#markOf(record));
  }

  /**
   * Applies the marks of before a recovery: no credential is valid that was not valid then. An account that was deleted
   * after the point is back without any.
   */
  recover(marks: readonly AccountMark[], now: Instant): RecoveredAccounts {
    const before = new Map(marks.filter(({ table }) => table === this.#table).map((mark) => [mark.id, mark]));
    const recovered: RecoveredAccounts = { returned: [], lost: [], kept: [] };
    for (const held of this.all()) {
      const mark = before.get(held.id);
      before.delete(held.id);
      if (mark !== undefined && JSON.stringify(mark) === JSON.stringify(this.#markOf(held))) continue;
      const { signature: _signature, ...profile } = held as typeof held & Pick<AccountMark, 'signature'>;
      const { credentials = [], signature } = mark ?? {};
      this.#write({
        ...profile,
        ...(signature && { signature }),
        credentials,
        changedAt: now,
      } as typeof held);
      recovered[mark === undefined ? 'returned' : 'kept'].push(held.id);
    }
    recovered.lost.push(...before.keys());
    return recovered;
  }

  /** @returns whether there was such an account */
  remove(id: string): boolean {
    return this.#sql.exec(`DELETE FROM ${this.#table} WHERE id = ?`, id).rowsWritten > 0;
  }

  #markOf({ id, credentials, ...profile }: Account<Profile, Credential>): AccountMark {
    const { signature } = profile as Pick<AccountMark, 'signature'>;
    const kept = credentials as unknown as AccountMark['credentials'];
    return { table: this.#table, id, credentials: kept, ...(signature && { signature }) };
  }

  #write(record: Account<Profile, Credential>): void {
    this.#sql.exec(`INSERT OR REPLACE INTO ${this.#table} VALUES (?, ?)`, record.id, JSON.stringify(record));
  }
}

export type Publishers = Accounts<PublisherSettings, SealedSecret>;
export type Partners = Accounts<PartnerProfile, TokenDigest>;

const earliest = (one: Instant | undefined, other: Instant): Instant =>
  one !== undefined && one < other ? one : other;
