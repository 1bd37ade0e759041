import { describe, expect, test } from 'vitest';
import { articleUrn } from '../../src/domain/identity.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { articles, site } from '../formats/articles.ts';
import { feedOf, render } from '../formats/feeds.ts';
import { draftsOf, eventsOf } from './reading.ts';

/** RFC 4287 section 4.2.1: entries without an author are by the feed's, which is the site. */
const atomAuthor = (dialect: string) => (dialect === 'atom' ? [{ name: site.name }] : []);

/** What one Dateline serves, another can be given. */
describe.each(FEED_FORMATS.map((format) => [format.extension, format] as const))(
  'a feed in %s',
  (name, format) => {
    const text = new Response(render(format, feedOf())).text();

    test('is as many articles, with their headlines, languages, authors, pictures and times', async () => {
      const drafts = draftsOf(await text, format.mediaType);
      expect(drafts).toHaveLength(articles.length);
      for (const [index, article] of articles.entries()) {
        const draft = drafts[index];
        expect(draft).toMatchObject({
          id: articleUrn(article.id),
          headline: article.headline,
          authors: (article.authors.length > 0 ? article.authors : atomAuthor(name)).map((each) => ({
            name: each.name,
          })),
          publishedAt: article.publishedAt,
          body: { format: 'html' },
        });
        expect(draft?.image?.url).toBe(article.image?.url);
        // RSS 2.0 has one language for the whole channel.
        if (name !== 'rss') expect(draft?.language).toBe(article.language);
      }
    });

    test('takes back what it took back, where the dialect can say so', async () => {
      const at = '2026-11-22T11:00:00.000Z';
      const gone = { id: '0123456789abcdef', at };
      const withdrawing = await new Response(render(format, feedOf(articles, { withdrawn: [gone] }))).text();
      const withdrawn = eventsOf(withdrawing, format.mediaType).filter(({ kind }) => kind === 'withdrawn');
      const expected = name !== 'json' ? [{ sourceId: articleUrn(gone.id), revisedAt: at }] : [];
      expect(withdrawn).toMatchObject(expected);
    });
  },
);
