import type { Article, Card, Tombstone } from '../../domain/article.ts';
import { isTombstone } from '../../domain/article.ts';
import type { Scope, Site } from '../../domain/site.ts';
import { writeCursor } from '../../feeds/cursor.ts';
import { type DefaultFeed, defaultFeedAddress, feedTitle, renderFeed } from '../../feeds/feed.ts';
import { DEFAULT_LIMIT, firstPage } from '../../feeds/listing.ts';
import { readStoredFeed, type StoredCard } from '../../feeds/stored-feed.ts';
import { feedFormat } from '../../formats/registry.ts';
import type { Kv } from '../../store/kv.ts';
import {
  articleKey,
  DEFAULT_SETTINGS,
  type RenderedMetadata,
  SERVED_FORM,
  type StoredArticle,
  withUrl,
} from '../../store/records.ts';
import type { Publishers } from '../tables/accounts.ts';
import type { Articles } from '../tables/articles.ts';
import type { Settings } from '../tables/settings.ts';
import type { KvValue } from './outbox.ts';

const ALL: Scope = { kind: 'all' };

interface Sources {
  articles: Articles;
  publishers: Publishers;
  settings: Settings;
  /** The value that KV should have for a scope. */
  feedOf(scope: Scope): string | undefined;
}

/**
 * Renders the default feeds, which KV stores as they are served. A body comes from the Desk while the Desk has it,
 * because KV may still serve the previous version; else from KV.
 */
export class RenderedFeeds {
  readonly #sources: Sources;
  readonly #kv: Kv;
  readonly #origin: string;

  constructor(sources: Sources, { kv, origin }: { kv: Kv; origin: string }) {
    this.#sources = sources;
    this.#kv = kv;
    this.#origin = origin;
  }

  /** The feed of all articles in this format, with the metadata for its headers; null before the first article. */
  async valueOf(extension: DefaultFeed): Promise<KvValue | null> {
    const { publishers, settings, feedOf } = this.#sources;
    const format = feedFormat(extension);
    const text = feedOf(ALL);
    if (text === undefined || format === undefined) return null;
    const origin = this.#origin;
    const stored = settings.site();
    const site: Site = { ...DEFAULT_SETTINGS, ...stored, origin };
    const listing = firstPage(readStoredFeed(text), { limit: DEFAULT_LIMIT, content: 'full' }, (cards) =>
      this.#items(cards),
    );
    const names = new Map(publishers.all().map(({ id, name }) => [id, name]));
    const address = defaultFeedAddress(origin, extension);
    const rendered = await renderFeed(
      { format, site, address, listing, ...feedTitle(site, ALL) },
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

  /** The articles of cards; the card itself where neither the Desk nor KV has the body. */
  async #items(cards: readonly StoredCard[]): Promise<Map<string, Article | Card>> {
    const held = this.#sources.articles.details(cards.map(({ id }) => id));
    const wanted = cards.filter(({ id }) => !held.has(id)).map(({ id }) => articleKey(id));
    const stored = wanted.length === 0 ? undefined : await this.#kv.getMany(wanted);
    const items = cards.map((card): Article | Card => {
      const detail = held.get(card.id);
      if (detail !== undefined) return withUrl(this.#origin, { ...card, ...JSON.parse(detail) });
      const text = stored?.get(articleKey(card.id)) ?? 'null';
      const value = JSON.parse(text) as StoredArticle | Tombstone | null;
      // The body of another version may contain what this version has removed.
      const isSame = value !== null && !isTombstone(value) && value.version === card.version;
      return withUrl(this.#origin, isSame ? value : card);
    });
    return new Map(items.map((item) => [item.id, item]));
  }
}
