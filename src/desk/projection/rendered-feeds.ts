import type { Article, Card } from '../../domain/article.ts';
import { FEED_BYTES } from '../../domain/settings.ts';
import type { Scope, Site } from '../../domain/site.ts';
import { writeCursor } from '../../feeds/cursor.ts';
import { type DefaultFeed, defaultFeedAddress, feedTitle, renderFeed } from '../../feeds/feed.ts';
import { DEFAULT_LIMIT, firstPage } from '../../feeds/listing.ts';
import { readStoredFeed, type StoredCard } from '../../feeds/stored-feed.ts';
import { feedFormat } from '../../formats/registry.ts';
import { logFailure } from '../../log.ts';
import { ArchiveFailure } from '../../store/failures.ts';
import { DEFAULT_SETTINGS, type RenderedMetadata, SERVED_FORM, withUrl } from '../../store/records.ts';
import type { Publishers } from '../tables/accounts.ts';
import type { Settings } from '../tables/settings.ts';
import type { BodyReader } from './body-reader.ts';
import type { KvValue } from './outbox.ts';

/** A feed does not wait longer for R2: it may have to show that an article was withdrawn. */
const MAX_ARCHIVE_MS = 2_000;

const ALL: Scope = { kind: 'all' };

interface Sources {
  bodies: BodyReader;
  publishers: Publishers;
  settings: Settings;
  /** The value that KV should have for a scope. */
  feedOf(scope: Scope): string | undefined;
}

/** Renders the default feeds, which KV stores as they are served. */
export class RenderedFeeds {
  readonly #sources: Sources;
  readonly #origin: string;
  /** Feeds whose last value lacks bodies that R2 did not answer. */
  readonly #partial = new Set<DefaultFeed>();

  constructor(sources: Sources, origin: string) {
    this.#sources = sources;
    this.#origin = origin;
  }

  isPartial(extension: DefaultFeed): boolean {
    return this.#partial.has(extension);
  }

  /**
   * The feed of all articles in this format, with the metadata for its headers; null before the first article.
   * @param maxBytes the most bytes of its text, if that is less than the site's setting
   */
  async valueOf(extension: DefaultFeed, maxBytes: number): Promise<KvValue | null> {
    const { publishers, settings, feedOf } = this.#sources;
    const format = feedFormat(extension);
    const text = feedOf(ALL);
    if (text === undefined || format === undefined) return null;
    const origin = this.#origin;
    const stored = settings.site();
    const feedBytes = Math.min(stored?.feedBytes ?? FEED_BYTES.default, maxBytes);
    const site: Site = { ...DEFAULT_SETTINGS, ...stored, feedBytes, origin };
    this.#partial.delete(extension);
    const listing = firstPage(readStoredFeed(text), { limit: DEFAULT_LIMIT, content: 'full' }, (cards) =>
      this.#items(cards, () => this.#partial.add(extension)),
    );
    const names = new Map(publishers.all().map(({ id, name }) => [id, name]));
    const address = defaultFeedAddress(origin, extension);
    const rendered = await renderFeed(
      {
        ...{ format, site, address, listing, ...feedTitle(site, ALL) },
        onDamage: (id, error) => logFailure('article cannot be rendered in full', error, { id, extension }),
      },
      async () => names,
    );
    const metadata: RenderedMetadata = {
      origin,
      form: SERVED_FORM,
      sequence: listing.sequence,
      siteVersion: stored?.changedAt ?? '',
      changedAt: listing.changedAt,
      ...(rendered.next !== undefined && { next: writeCursor(rendered.next) }),
    };
    return { text: rendered.text, metadata };
  }

  /** The articles of cards; the card itself where the body cannot be read, or where it is not JSON. */
  async #items(
    cards: readonly StoredCard[],
    onUnreachable: () => void,
  ): Promise<Map<string, Article | Card>> {
    // One body that is corrupt must not keep the feed from being written: it may show a withdrawn article.
    const leaveOut = (id: string, error: unknown) => {
      if (error instanceof ArchiveFailure) onUnreachable();
      logFailure('body left out of a feed', error, { id });
    };
    const details = await this.#sources.bodies.read(cards, leaveOut, MAX_ARCHIVE_MS);
    const items = cards.map((card): Article | Card => {
      const detail = details.get(card.id);
      try {
        return withUrl(this.#origin, detail === undefined ? card : { ...card, ...JSON.parse(detail) });
      } catch (error) {
        leaveOut(card.id, error);
        return withUrl(this.#origin, card);
      }
    });
    return new Map(items.map((item) => [item.id, item]));
  }
}
