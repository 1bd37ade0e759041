/** What a publisher says of an article, as far as the soak varies it. Instants are milliseconds since the epoch. */
export interface Content {
  /** A word that no other revision has. */
  mark: string;
  section: string;
  tags: readonly string[];
  publishedAt?: number;
  embargoUntil?: number;
  expiresAt?: number;
}

export type Event =
  | { type: 'published' | 'updated'; revisedAt: number; content: Content }
  | { type: 'withdrawn'; revisedAt: number };

export type Settled = 'accepted' | 'unchanged' | 'stale' | 'ignored';

/** Longer than any run: an embargo or life beyond it does not end while the soak looks. */
const FAR = 3_600_000;

/**
 * One article by the rules of DESIGN: what Dateline must answer and show, worked out from what was sent alone. A
 * second and plainer telling of the Desk's rules, on purpose without a line of its code.
 */
export class ArticleModel {
  readonly publisher: string;
  readonly sourceId: string;
  /** As the first answer named it. */
  id: string | undefined;
  version = 0;
  content: Content | undefined;
  operatorWithdrew = false;
  #publisherWithdrew = false;
  #revisedAt = Number.NEGATIVE_INFINITY;
  /** Whether anybody outside was ever shown it, or its tombstone; unknown while an embargo ends meanwhile. */
  #shown: 'no' | 'perhaps' | 'yes' = 'no';

  constructor(publisher: string, sourceId: string) {
    this.publisher = publisher;
    this.sourceId = sourceId;
  }

  /** The newest time an event of it was taken with. */
  get revisedAt(): number {
    return this.#revisedAt;
  }

  /** Takes an event as the Desk must. @returns what must be answered */
  take(event: Event): Settled {
    const known = this.version > 0;
    if (this.operatorWithdrew) return 'ignored';
    if (known && event.revisedAt < this.#revisedAt) return 'stale';
    if (event.type === 'withdrawn') {
      this.#revisedAt = event.revisedAt;
      if (this.#publisherWithdrew) return 'unchanged';
      this.#publisherWithdrew = true;
      this.#shown = 'yes';
      this.version += 1;
      return 'accepted';
    }
    if (this.#publisherWithdrew && event.type === 'updated') return 'ignored';
    this.#revisedAt = event.revisedAt;
    if (!this.#publisherWithdrew && this.content?.mark === event.content.mark) return 'unchanged';
    this.#publisherWithdrew = false;
    this.#settleShown();
    this.content = event.content;
    this.version += 1;
    return 'accepted';
  }

  /** The operator's takedown, or its end. @returns whether it changed anything */
  takeDown(withdrawn: boolean): boolean {
    if (this.operatorWithdrew === withdrawn) return false;
    this.operatorWithdrew = withdrawn;
    this.#shown = 'yes';
    this.version += 1;
    return true;
  }

  /** When the embargo and the life of what is held have ended, if they end while the soak looks. */
  settledAt(now: number): number {
    const { embargoUntil = 0, expiresAt = 0 } = this.content ?? {};
    return Math.max(...[embargoUntil, expiresAt].filter((at) => at < now + FAR / 2), 0);
  }

  statusAt(now: number): 'unknown' | 'published' | 'embargoed' | 'withdrawn' {
    if (this.version === 0) return 'unknown';
    if (this.operatorWithdrew || this.#publisherWithdrew) return 'withdrawn';
    const { embargoUntil = 0, expiresAt = Number.POSITIVE_INFINITY } = this.content ?? {};
    if (expiresAt <= now) return 'withdrawn';
    return embargoUntil > now ? 'embargoed' : 'published';
  }

  /** What `/changes` must say of it: nothing of what was never shown. `perhaps` is no row, or a withdrawal. */
  changeAt(now: number): 'none' | 'perhaps' | 'upsert' | 'withdraw' {
    const status = this.statusAt(now);
    if (status === 'unknown') return 'none';
    if (status === 'published') return 'upsert';
    if (status === 'withdrawn' || this.#shown === 'yes') return 'withdraw';
    return this.#shown === 'perhaps' ? 'perhaps' : 'none';
  }

  /** The publication time it must be listed under, where its publisher gave one. */
  get publishedAt(): number | undefined {
    const { publishedAt, embargoUntil = 0 } = this.content ?? {};
    return publishedAt === undefined ? undefined : Math.max(publishedAt, embargoUntil);
  }

  /** What is held gives way: was it ever to be seen? */
  #settleShown(): void {
    if (this.content === undefined || this.#shown === 'yes') return;
    const { embargoUntil = 0 } = this.content;
    if (embargoUntil === 0) this.#shown = 'yes';
    else if (embargoUntil < Date.now() + FAR / 2) this.#shown = 'perhaps';
  }
}

/** An embargo or life that the soak does not see the end of. */
export const farFrom = (now: number): number => now + FAR;
