import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { findFiles, readFile } from '../../cli/files.ts';
import { toDelivery } from '../../cli/payload.ts';
import { Failure } from '../../cli/report.ts';
import type { Item } from '../../src/dialects/dialect.ts';
import { feed } from '../../src/dialects/feed.ts';
import type { Draft } from '../../src/domain/draft.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { feedOf, render } from '../formats/feeds.ts';
import {
  ATOM,
  GHOST_POST,
  JSON_FEED,
  NEWS_ARTICLE,
  NINJS_1,
  NINJS_2,
  PAGE,
  RSS,
  WORDPRESS_EMBEDDED,
  WORDPRESS_POST,
  WORDPRESS_ROW,
  WXR,
} from './documents.ts';
import { draftsOf, eventsOf, read } from './reading.ts';

const folder = mkdtempSync(join(tmpdir(), 'dateline-differential-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What becomes of one article: its draft, that it is taken back, or that it is refused. */
type Outcome = { draft: Draft } | { withdrawn: string } | 'refused';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.xml': 'application/xml',
  '.json': 'application/json',
  '.html': 'text/html',
  '.txt': 'text/plain',
};

/** By webhook. `undefined` for what a webhook leaves alone, or takes back only if it is held. */
function outcomeOf({ event }: Item): Outcome | undefined {
  switch (event.kind) {
    case 'published':
    case 'updated':
      return { draft: event.draft };
    case 'withdrawn':
      return event.ifHeld ? undefined : { withdrawn: event.sourceId };
    case 'refused':
      return 'refused';
    case 'ignored':
      return undefined;
  }
}

function byWebhook(name: string, bytes: Uint8Array<ArrayBuffer>): Outcome[] {
  const found = read(bytes, MEDIA_TYPES[extname(name)], { headers: { 'Content-Location': name } });
  if (found instanceof Refusal) return ['refused'];
  // A system may send events of other kinds; whoever names a file of one is told that it is no article.
  if (found.source === 'native' && found.items.every(({ event }) => event.kind === 'ignored'))
    return ['refused'];
  return found.items.flatMap((item) => outcomeOf(item) ?? []);
}

/** By import: what the native payloads that it sends are read as. */
async function byImport(name: string, bytes: Uint8Array): Promise<Outcome[]> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const outcomes: Outcome[] = [];
  try {
    for (const file of await findFiles(path)) {
      for await (const entry of readFile(file, {}, () => {})) {
        const outcome = toDelivery(entry);
        if ('refused' in outcome) outcomes.push('refused');
        else if ('payload' in outcome) {
          const found = read(outcome.payload, 'application/json', { source: 'native' });
          if (found instanceof Refusal)
            throw new Error(`An import sends what is refused: ${outcome.payload}`);
          outcomes.push(...found.items.flatMap((item) => outcomeOf(item) ?? []));
        }
      }
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    outcomes.push('refused');
  }
  return outcomes;
}

/** An import reads in the document's order, a webhook says last what is taken back. */
const inOrder = (outcomes: readonly Outcome[]): Outcome[] =>
  outcomes.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

async function expectSame(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Outcome[]> {
  const imported = await byImport(name, bytes);
  expect(inOrder(imported)).toEqual(inOrder(byWebhook(name, bytes)));
  return imported;
}

const utf8 = (text: string) => Uint8Array.from(new TextEncoder().encode(text));

describe('a document is the same articles by webhook and by import', () => {
  test.each<[name: string, document: string | object, articles: number]>([
    ['rss.xml', RSS, 2],
    ['atom.xml', ATOM, 3],
    ['wxr.xml', WXR, 1],
    ['item.xml', '<item><title>One</title><guid>1</guid><description>Words</description></item>', 1],
    ['json-feed.json', JSON_FEED, 2],
    ['wordpress.json', { ...WORDPRESS_POST, _embedded: WORDPRESS_EMBEDDED }, 1],
    ['wordpress-list.json', [WORDPRESS_POST, { ...WORDPRESS_POST, id: 7, status: 'trash' }], 2],
    ['wordpress-draft.json', { ...WORDPRESS_POST, status: 'draft' }, 0],
    ['wordpress-row.json', { post: WORDPRESS_ROW, post_permalink: 'https://valley.example/bridge/' }, 1],
    ['ghost.json', { post: { current: GHOST_POST, previous: { status: 'draft' } } }, 1],
    ['ninjs-1.json', NINJS_1, 1],
    ['ninjs-2.json', NINJS_2, 1],
    ['schema-org.json', NEWS_ARTICLE, 1],
    ['native.json', { type: 'article.published', data: { id: '1', headline: 'T' } }, 1],
    ['native-withdrawn.json', { type: 'article.withdrawn', data: { id: '1' } }, 1],
    ['other.json', { a: 1 }, 1],
    ['page.html', PAGE, 1],
    ['piece.html', '<h1>Bridge</h1><p>Open.</p>', 1],
    ['plain.txt', 'Bridge\n\nOpen.', 1],
    ['none.xml', '<?xml version="1.0"?><newsItem><headline>x</headline></newsItem>', 1],
  ])('%s', async (name, document, articles) => {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    expect(await expectSame(name, utf8(text))).toHaveLength(articles);
  });

  test.each(FEED_FORMATS.map((format) => [format.extension, format] as const))(
    'a feed of Dateline’s own in %s',
    async (extension, format) => {
      const at = '2026-11-22T11:00:00.000Z';
      const document = render(format, feedOf(undefined, { withdrawn: [{ id: '0123456789abcdef', at }] }));
      const name = `dateline-${extension}.${format.mediaType.includes('json') ? 'json' : 'xml'}`;
      await expectSame(name, utf8(await new Response(document).text()));
    },
  );

  test.each([
    ['iso-8859-1', 'windows-1252'],
    ['utf-16', 'utf-16le'],
  ])('in the encoding that XML declares: %s', async (label, encoding) => {
    const text = RSS.replace('UTF-8', label).replace('Second', 'Café');
    const bytes =
      encoding === 'utf-16le'
        ? Uint8Array.from([
            0xff,
            0xfe,
            ...new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer),
          ])
        : Uint8Array.from(text, (character) => character.charCodeAt(0));
    const found = await expectSame(`${encoding}.xml`, bytes);
    expect(JSON.stringify(found)).toContain('"headline":"Café"');
  });

  test('not in the encoding that it declares: refused by both', async () => {
    const bytes = Uint8Array.from(RSS.replace('Second', 'Café'), (character) => character.charCodeAt(0));
    expect(await expectSame('wrong.xml', bytes)).toEqual(['refused']);
    const json = Uint8Array.from('{"id":"1","title":"Café","content_text":"x"}', (c) => c.charCodeAt(0));
    expect(await expectSame('latin1.json', json)).toEqual(['refused']);
  });

  // Inputs that are no part of the project, where they are at hand.
  const shared = join(import.meta.dirname, '../../../shared/cases');
  const cases = ['feeds', 'cli', 'publishers'].flatMap((name) => {
    const within = join(shared, name);
    return existsSync(within) ? readdirSync(within).map((file) => join(within, file)) : [];
  });
  test.each(
    cases.filter((path) => extname(path) in MEDIA_TYPES).map((path) => [path.slice(shared.length), path]),
  )('case %s', async (_name, path) => {
    await expectSame(`case-${path.replace(/^.*\//, '')}`, Uint8Array.from(readFileSync(path)));
  });
});

describe('a document streamed in pieces is the document read whole', () => {
  const documents = { RSS, ATOM, WXR };

  function streamed(text: string, cuts: readonly number[]): Item[] {
    const stream = feed.stream?.();
    if (stream === undefined) throw new Error('Feeds are streamed.');
    const ends = [...new Set([...cuts, text.length])]
      .filter((cut) => cut <= text.length)
      .sort((a, b) => a - b);
    const pieces = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
    for (const piece of pieces) stream.survey(piece);
    expect(stream.endSurvey()).toBeUndefined();
    const items = pieces.flatMap((piece) => stream.read(piece));
    stream.end();
    return items;
  }

  const byPath = (items: readonly Item[]) => items.toSorted((one, other) => (one.path < other.path ? -1 : 1));

  test.each(Object.entries(documents))('%s, cut anywhere', (_name, text) => {
    const whole = feed.read({ kind: 'xml', text, headers: new Headers() });
    if (whole instanceof Refusal) throw new Error('It is a feed.');
    const everywhere = Array.from(text, (_character, index) => index);
    expect(byPath(streamed(text, everywhere))).toEqual(byPath(whole));
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => {
        expect(byPath(streamed(text, cuts))).toEqual(byPath(whole));
      }),
    );
  });

  test('what items share may stand behind them', () => {
    const text = ATOM.replace('<author><name>The desk</name></author>', '').replace(
      '</feed>',
      '<author><name>The desk</name></author></feed>',
    );
    expect(byPath(streamed(text, [1_000]))).toEqual(byPath(streamed(ATOM, [])));
    expect(draftsOf(text.replace(/<at:.*>/, ''), 'text/xml')[0]?.authors).toEqual([{ name: 'The desk' }]);
  });

  test('an item that the document’s end cuts is no article', () => {
    const cut = RSS.slice(0, RSS.indexOf('</item>\n</channel>'));
    expect(eventsOf(cut, 'text/xml').map(({ kind }) => kind)).toEqual(['published', 'refused']);
  });
});

test('a post of WordPress is one article, by REST, as a row and in an export', () => {
  const [rest] = draftsOf({ ...WORDPRESS_POST, _embedded: WORDPRESS_EMBEDDED });
  const [row] = draftsOf(WORDPRESS_ROW);
  const [exported] = draftsOf(
    WXR.replace(/<item><title>(?:Secret|For a few|About|bridge).*?<\/item>/gs, ''),
    'text/xml',
  );
  const { id, url, summary, section, publishedAt, updatedAt } = rest ?? {};
  expect(exported).toMatchObject({
    id,
    url,
    summary,
    section,
    publishedAt,
    updatedAt,
    tags: ['City', 'bridge'],
  });
  expect(exported?.authors).toEqual([{ name: 'Ravi & Co' }]);
  expect(row).toMatchObject({ id, publishedAt, updatedAt, headline: exported?.headline });
});
