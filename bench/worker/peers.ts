import { getRssString } from '@astrojs/rss';
import { Feed } from 'feed';
import { generateRssFeed } from 'feedsmith';
import type { Env, Handler } from './bindings.ts';
import type { PeerName, Post } from './messages.ts';

const CHANNEL = { title: 'News', link: 'https://news.example/', description: 'News from our publishers' };

/** `/peer/{name}`: the feed built the usual way: list the keys, get each, sort, render. */
export const feedOf: Handler = async (_request, env, [name = '']) => {
  const posts = await readPosts(env);
  const text = await RENDERERS[decodeURIComponent(name) as PeerName](posts);
  return new Response(text, { headers: { 'Content-Type': 'application/rss+xml; charset=utf-8' } });
};

async function readPosts({ KV }: Env): Promise<Post[]> {
  const { keys } = await KV.list({ prefix: 'post:' });
  const posts = await Promise.all(keys.map(({ name }) => KV.get<Post>(name, 'json')));
  return posts.filter((post) => post !== null).sort((a, b) => b.publishedAt.localeCompare(a.publishedAt));
}

const RENDERERS: Record<PeerName, (posts: Post[]) => string | Promise<string>> = {
  feed(posts: Post[]): string {
    const feed = new Feed({ ...CHANNEL, id: CHANNEL.link, updated: new Date(posts[0]?.publishedAt ?? 0) });
    for (const { id, url, title, summary, html, publishedAt, authors, tags } of posts) {
      feed.addItem({
        id,
        title,
        link: url,
        description: summary,
        content: html,
        date: new Date(publishedAt),
        author: authors.map((each) => ({ name: each })),
        category: tags.map((each) => ({ name: each })),
      });
    }
    return feed.rss2();
  },

  feedsmith: (posts: Post[]): string =>
    generateRssFeed({
      ...CHANNEL,
      items: posts.map(({ id, url, title, summary, html, publishedAt, authors, tags }) => ({
        title,
        link: url,
        description: summary,
        guid: { value: id, isPermaLink: false },
        pubDate: new Date(publishedAt),
        categories: tags.map((name) => ({ name })),
        dc: { creators: authors },
        content: { encoded: html },
      })),
    }),

  '@astrojs/rss': (posts: Post[]): Promise<string> =>
    getRssString({
      title: CHANNEL.title,
      description: CHANNEL.description,
      site: CHANNEL.link,
      items: posts.map(({ url, title, summary, html, publishedAt, authors, tags }) => ({
        title,
        link: url,
        description: summary,
        content: html,
        pubDate: new Date(publishedAt),
        categories: tags,
        ...(authors[0] && { author: authors[0] }),
      })),
    }),
};
