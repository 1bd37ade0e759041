/** The parts of an article's content that the soak varies. Instants are milliseconds since the epoch. */
export interface Content {
  /** A word that no other revision has. */
  mark: string;
  section: string;
  tags: readonly string[];
  publishedAt?: number;
  embargoUntil?: number;
  expiresAt?: number;
  /** What hostile content adds to the article in JSON, or replaces, given its words in HTML. */
  more?: (words: string) => object;
}

export type Event =
  | { type: 'published' | 'updated'; revisedAt: number; content: Content; isFuture?: boolean }
  /** `isFuture`: its time is the receipt, because it says none or one in the future. */
  | { type: 'withdrawn'; revisedAt: number; isFuture?: boolean };

export type Settled = 'accepted' | 'unchanged' | 'stale' | 'ignored';

/** Longer than any run and step of the clock: an embargo or expiry beyond it does not end during the soak. */
const FAR = 72 * 3_600_000;

/**
 * The model of one article: what Dateline must respond and show, derived only from what was sent. A second, simpler
 * implementation of the Desk's rules, which deliberately shares no code with it.
 */
export class ArticleModel {
  readonly publisher: string;
  readonly sourceId: string;
  /** The id in the first response. */
  id: string | undefined;
  version = 0;
  content: Content | undefined;
  operatorWithdrew = false;
  /** The marks of all revisions that were ever accepted. */
  readonly marks: string[] = [];
  /** What happened to it, for the report of a problem. */
  readonly history: string[] = [];
  #publisherWithdrew = false;
  #revisedAt = Number.NEGATIVE_INFINITY;
  /** Whether it or its tombstone was ever public; unknown when an embargo ends at the same time. */
  #shown: 'no' | 'perhaps' | 'yes' = 'no';

  constructor(publisher: string, sourceId: string) {
    this.publisher = publisher;
    this.sourceId = sourceId;
  }

  /** Whether its publisher withdrew it: then its words must be gone everywhere. */
  get publisherWithdrew(): boolean {
    return this.#publisherWithdrew;
  }

  /** The newest time of an accepted event. */
  get revisedAt(): number {
    return this.#revisedAt;
  }

  /** Applies an event like the Desk must. @returns the expected response */
  take(event: Event): Settled {
    const settled = this.#settle(event);
    const { mark, embargoUntil, expiresAt }: Partial<Content> =
      event.type === 'withdrawn' ? {} : event.content;
    const dates = [embargoUntil && `embargo ${iso(embargoUntil)}`, expiresAt && `expiry ${iso(expiresAt)}`];
    const what = [event.type, mark, `of ${iso(event.revisedAt)}`, ...dates, settled];
    this.history.push(what.filter(Boolean).join(' '));
    return settled;
  }

  #settle(event: Event): Settled {
    const known = this.version > 0;
    if (this.operatorWithdrew && event.type !== 'withdrawn') return 'ignored';
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
    this.marks.push(event.content.mark);
    this.version += 1;
    return 'accepted';
  }

  /** The operator's takedown, or its end. @returns whether it changed anything */
  takeDown(withdrawn: boolean): boolean {
    this.history.push(withdrawn ? 'taken down' : 'restored');
    if (this.operatorWithdrew === withdrawn) return false;
    this.operatorWithdrew = withdrawn;
    this.#shown = 'yes';
    this.version += 1;
    return true;
  }

  /** When the embargo and the life of the current content have ended, if they end during the soak. */
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

  /** The expected row in `/changes`: none if it was never public. `perhaps` is no row, or a withdrawal. */
  changeAt(now: number): 'none' | 'perhaps' | 'upsert' | 'withdraw' {
    const status = this.statusAt(now);
    if (status === 'unknown') return 'none';
    if (status === 'published') return 'upsert';
    if (status === 'withdrawn' || this.#shown === 'yes') return 'withdraw';
    return this.#shown === 'perhaps' ? 'perhaps' : 'none';
  }

  /** The publication time that it must be listed under, if its publisher sent one. */
  get publishedAt(): number | undefined {
    const { publishedAt, embargoUntil = 0 } = this.content ?? {};
    return publishedAt === undefined ? undefined : Math.max(publishedAt, embargoUntil);
  }

  /** Called before the content is replaced: records whether it was ever public. */
  #settleShown(): void {
    if (this.content === undefined || this.#shown === 'yes') return;
    const { embargoUntil = 0 } = this.content;
    if (embargoUntil === 0) this.#shown = 'yes';
    else if (embargoUntil < Date.now() + FAR / 2) this.#shown = 'perhaps';
  }
}

/** An instant as the API writes it. */
export const iso = (at: number): string => new Date(at).toISOString();

/** An embargo or expiry that does not end during the soak. */
export const farFrom = (now: number): number => now + FAR;
