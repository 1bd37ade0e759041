/**
 * The platform's point-in-time recovery of a Durable Object's database (Durable Objects, "SQLite storage API",
 * "Point-in-time recovery"). Bookmarks are texts that sort like the times that they stand for.
 */
export interface PointInTime {
  /** Whether the platform has point-in-time recovery. */
  isAvailable(): Promise<boolean>;
  /** The bookmark of now. */
  current(): Promise<string>;
  /** The bookmark of about a time, in milliseconds since the epoch. Throws when the platform has none. */
  at(time: number): Promise<string>;
  /**
   * Has the database go back to a bookmark when the object starts the next time.
   * @returns the bookmark of the moment before that, which undoes it. Throws for a bookmark that the platform rejects
   */
  restoreAtNextStart(bookmark: string): Promise<string>;
  /** Restarts the object. Every call in progress fails. */
  restart(): void;
}

/** What workerd says where it has no point-in-time recovery, as when it runs locally. */
const UNSUPPORTED = 'does not implement point-in-time recovery';

export class PlatformPointInTime implements PointInTime {
  readonly #ctx: Pick<DurableObjectState, 'storage' | 'abort'>;

  constructor(ctx: Pick<DurableObjectState, 'storage' | 'abort'>) {
    this.#ctx = ctx;
  }

  async isAvailable(): Promise<boolean> {
    try {
      // Locally, only the bookmark of now is known.
      await this.#ctx.storage.getBookmarkForTime(Date.now());
      return true;
    } catch (error) {
      if (String(error).includes(UNSUPPORTED)) return false;
      throw error;
    }
  }

  current(): Promise<string> {
    return this.#ctx.storage.getCurrentBookmark();
  }

  at(time: number): Promise<string> {
    return this.#ctx.storage.getBookmarkForTime(time);
  }

  restoreAtNextStart(bookmark: string): Promise<string> {
    return this.#ctx.storage.onNextSessionRestoreBookmark(bookmark);
  }

  restart(): void {
    this.#ctx.abort('The database goes back to an earlier point in time.');
  }
}
