import { wireRequest } from '../http.ts';
import { load, repeated } from '../load.ts';
import type { Contestant } from '../rounds.ts';
import type { Stage } from './stage.ts';

/** A read of a site, and what a Worker that returns the same bytes needs. */
export interface Read {
  /** Its name in KV and in tables. */
  name: string;
  path: string;
  headers: Record<string, string>;
  status: 200 | 304;
}

const FEEDS = { 'feed, RSS': '/feeds/all.rss', 'feed, JSON': '/feeds/all.json' } as const;

/** The commonest reads: an article as JSON and as a page, the default feeds, the home page; and a 304 for each. */
export async function commonReads(stage: Stage): Promise<Read[]> {
  const [article] = (await json<{ items: Item[] }>(stage, '/feeds/all.json')).items;
  if (article === undefined) throw new Error('The site is empty.');
  const paths = {
    'article, JSON': `/articles/${article.id.replace('urn:dateline:', '')}`,
    'article, AMP page': new URL(article.url).pathname,
    ...FEEDS,
    'home page': '/',
  };
  return Object.entries(paths).map(([name, path]) => ({ name, path, headers: {}, status: 200 }));
}

interface Item {
  id: string;
  url: string;
}

/** The same read by a client that has the current copy. */
export async function asNotModified({ url }: Stage, read: Read): Promise<Read> {
  const response = await fetch(new URL(read.path, url('hot')));
  await response.arrayBuffer();
  const headers = { 'If-None-Match': response.headers.get('ETag') ?? '' };
  return { ...read, name: `${read.name}, 304`, headers, status: 304 };
}

/** Stores the response of a read under its name, for the floors to serve. */
export async function giveToFloors({ url, newsroom }: Stage, read: Read): Promise<string> {
  const response = await fetch(new URL(read.path, url('hot')));
  const key = encodeURIComponent(read.path).replaceAll('%', '_');
  await newsroom.put(key, await response.arrayBuffer());
  return key;
}

/** A Worker that gets the same request repeatedly in each turn. */
export function reader(
  name: string,
  url: URL,
  { path, headers, status }: Pick<Read, 'path' | 'headers' | 'status'>,
  milliseconds: number,
): Contestant {
  const request = wireRequest('GET', path, headers);
  return { name, run: () => load(url, repeated(request, milliseconds), status) };
}

/** Reads JSON from the instance with the memory off. */
export async function json<Body>({ url }: Stage, path: string): Promise<Body> {
  const response = await fetch(new URL(path, url('cold')));
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()) as Body;
}
