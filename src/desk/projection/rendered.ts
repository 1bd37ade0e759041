import type { Article, Card, Tombstone } from '../../domain/article.ts';
import { isTombstone } from '../../domain/article.ts';
import { feedPath, pagePath, type Scope } from '../../domain/site.ts';
import { writeCursor } from '../../feeds/cursor.ts';
import { sharedLanguage } from '../../formats/feed.ts';
import { feedFormat } from '../../formats/registry.ts';
import { parseFeed } from '../../store/feed-page.ts';
import { articleKey } from '../../store/keys.ts';
import {
  DEFAULT_LIMIT,
  DEFAULT_SETTINGS,
  type DefaultFeed,
  fitting,
  type RenderedMetadata,
  type StoredArticle,
  type StoredCard,
  type StoredSite,
  withUrl,
} from '../../store/records.ts';
import type { Publishers } from '../tables/accounts.ts';
import type { Ledger } from '../tables/articles.ts';
import type { Value } from './outbox.ts';

const ALL: Scope = { kind: 'all' };

interface Sources {
  ledger: Ledger;
  publishers: Publishers;
  site(): StoredSite | undefined;
  values: { feed(scope: Scope): string | undefined };
}

/**
 * The feeds that most readers ask for, as bytes. A body comes from the Desk while it has it, for then KV may still
 * serve the one before; else from KV.
 */
export class RenderedFeeds {
  readonly #sources: Sources;
  readonly #env: { KV: KVNamespace; ORIGIN: string };

  constructor(sources: Sources, env: { KV: KVNamespace; ORIGIN: string }) {
    this.#sources = sources;
    this.#env = env;
  }

  /** The feed of everything in this dialect; null before the first article. */
  async valueOf(extension: DefaultFeed): Promise<Value | null> {
    const { publishers, site: siteOf, values } = this.#sources;
    const format = feedFormat(extension);
    const text = values.feed(ALL);
    if (text === undefined || format === undefined) return null;
    const feed = parseFeed(text);
    const { ORIGIN: origin } = this.#env;
    const stored = siteOf();
    const site = { ...DEFAULT_SETTINGS, ...stored };
    const selfUrl = `${origin}${feedPath(ALL)}.${extension}`;
    const cards = feed.cards(fitting(feed.bytes, DEFAULT_LIMIT));
    const last = cards.at(-1);
    const next =
      last !== undefined && (cards.length < feed.bytes.length || feed.more) ? writeCursor(last) : undefined;
    const items = await this.#items(cards);
    const rendered = format.render({
      title: site.name,
      description: site.description,
      language: sharedLanguage(items, site.language),
      homeUrl: origin + pagePath(ALL),
      selfUrl,
      siteName: site.name,
      hubUrl: `${origin}/hub`,
      ...(next !== undefined && { firstUrl: selfUrl, nextUrl: `${selfUrl}?before=${next}` }),
      updatedAt: feed.changedAt,
      items,
      withdrawn: feed.withdrawn,
      publisherNames: new Map(publishers.all().map(({ id, name }) => [id, name])),
    });
    const metadata: RenderedMetadata = {
      origin,
      sequence: feed.sequence,
      siteVersion: stored?.changedAt ?? '',
      changedAt: feed.changedAt,
      ...(next !== undefined && { next }),
    };
    return { text: rendered, metadata };
  }

  /** The articles behind cards; where a body is nowhere to be had, the card. */
  async #items(cards: readonly StoredCard[]): Promise<(Article | Card)[]> {
    const held = this.#sources.ledger.details(cards.map(({ id }) => id));
    const wanted = cards.filter(({ id }) => !held.has(id)).map(({ id }) => articleKey(id));
    const stored =
      wanted.length === 0 ? undefined : await this.#env.KV.get<StoredArticle | Tombstone>(wanted, 'json');
    return cards.map((card): Article | Card => {
      const detail = held.get(card.id);
      if (detail !== undefined) return withUrl(this.#env.ORIGIN, { ...card, ...JSON.parse(detail) });
      const value = stored?.get(articleKey(card.id));
      // A body of another version may say what this one takes back.
      const isSame =
        value !== null && value !== undefined && !isTombstone(value) && value.version === card.version;
      return withUrl(this.#env.ORIGIN, isSame ? value : card);
    });
  }
}
