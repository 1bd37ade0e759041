import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findFiles, readFile } from '../../cli/files.ts';
import { toDelivery } from '../../cli/payload.ts';
import { frontMatter } from '../../src/dialects/front-matter.ts';

const folder = mkdtempSync(join(tmpdir(), 'dateline-reading-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

interface Read {
  // biome-ignore lint/suspicious/noExplicitAny: payloads as the site sees them, looked into by path.
  payloads: any[];
  skipped: string[];
}

/** What an import of `path` would send, parsed. */
async function read(path: string, options: { pages?: boolean } = {}): Promise<Read> {
  const result: Read = { payloads: [], skipped: [] };
  for (const file of await findFiles(path)) {
    for await (const entry of readFile(file, options, () => {})) {
      const outcome = toDelivery(entry);
      if ('skipped' in outcome) result.skipped.push(outcome.skipped);
      else if ('refused' in outcome) throw new Error(outcome.refused);
      else result.payloads.push(JSON.parse(outcome.payload));
    }
  }
  return result;
}

const one = async (path: string) => (await read(path)).payloads[0];

describe('RSS', () => {
  const rss = (items: string, head = '') => `<?xml version="1.0" encoding="UTF-8"?>
    <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:creator="http://purl.org/dc/elements/1.1/"
      xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Harbour Post</title>${head}${items}</channel></rss>`;

  test('an item becomes an article under its guid, whatever its prefixes are called', async () => {
    const path = write(
      'feed.xml',
      rss(
        `<item><title>Ferries &amp;amp; tides</title><link>https://post.example/ferries</link>
        <guid isPermaLink="false">post-17</guid><pubDate>Sat, 21 Nov 2026 15:30:00 +0530</pubDate>
        <creator:creator>The City Desk</creator:creator><category>City</category><category>Ferries</category>
        <description>What the tide does.</description><media:content url="https://post.example/a.jpg" medium="image"/>
        <content:encoded><![CDATA[<p>The evening ferry is back.</p>]]></content:encoded></item>`,
        '<language>en-in</language>',
      ),
    );
    expect(await one(path)).toEqual({
      type: 'article.published',
      timestamp: '2026-11-21T10:00:00.000Z',
      data: {
        id: 'post-17',
        url: 'https://post.example/ferries',
        language: 'en-IN',
        headline: 'Ferries & tides',
        summary: 'What the tide does.',
        tags: ['City', 'Ferries'],
        authors: [{ name: 'The City Desk' }],
        image: { url: 'https://post.example/a.jpg' },
        body: { format: 'html', content: '<p>The evening ferry is back.</p>' },
        publishedAt: '2026-11-21T10:00:00.000Z',
      },
    });
  });

  test('a feed’s language counts only for articles in its script', async () => {
    const path = write(
      'two-scripts.xml',
      rss(
        '<item><guid>1</guid><title>Words</title><description>All in English.</description></item><item><guid>2</guid><title>शब्द</title><description>सब हिंदी में है।</description></item>',
        '<language>en-US</language>',
      ),
    );
    const { payloads } = await read(path);
    expect(payloads.map(({ data }) => data.language)).toEqual(['en-US', undefined]);
  });

  test.each([
    ['Sat, 21 Nov 2026 15:30:00', undefined],
    ['yesterday', undefined],
    ['21 Nov 2026 10:00 GMT', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T10:00:00+05:30', '2026-11-21T04:30:00.000Z'],
  ])('the date %s is %s: a time without a zone is ambiguous', async (written, publishedAt) => {
    const path = write(
      'dates.xml',
      rss(`<item><guid>1</guid><title>a</title><pubDate>${written}</pubDate></item>`),
    );
    expect((await one(path)).data.publishedAt).toBe(publishedAt);
  });

  test('an invalid tag or URL is left out, not the article; an e-mail address is not a name', async () => {
    const path = write(
      'bad-fields.xml',
      rss(`<item><guid>1</guid><title>a</title><link>/relative</link><category>${'x'.repeat(200)}</category>
        <category>ok</category><author>desk@post.example (The Desk)</author><author>other@post.example</author></item>`),
    );
    const { data } = await one(path);
    expect(data).toMatchObject({ tags: ['ok'], authors: [{ name: 'The Desk' }] });
    expect(data.url).toBeUndefined();
    expect(data.body).toBeUndefined();
  });

  test('HTML’s entities and control characters do not end the reading', async () => {
    const path = write(
      'entities.xml',
      rss(
        '<item><guid>1</guid><title>Caf&eacute;\u0008 au lait</title><description>a&nbsp;b</description></item>',
      ),
    );
    const { data } = await one(path);
    expect(data).toMatchObject({ headline: 'Café au lait', body: { content: 'a\u00A0b' } });
  });

  test('an incomplete export yields what precedes the cut, then names the place', async () => {
    const path = write(
      'cut.xml',
      rss('<item><guid>1</guid><title>whole</title></item><item><guid>2').slice(0, -20),
    );
    const [file] = await findFiles(path);
    const headlines: string[] = [];
    const reading = async () => {
      if (file === undefined) return;
      for await (const entry of readFile(file, {}, () => {})) {
        const outcome = toDelivery(entry);
        if ('label' in outcome) headlines.push(outcome.label);
      }
    };
    await expect(reading()).rejects.toThrow(/ends before its last end tag \(in item\.1\)/);
    expect(headlines).toEqual(['whole']);
  });

  test('a section without an end does not fill memory: what precedes it is read', async () => {
    const lost = '<item><guid>2</guid><title>endless</title><description><![CDATA[';
    const path = write(
      'endless.xml',
      rss(`<item><guid>1</guid><title>whole</title></item>${lost}${'x'.repeat(40_000_000)}`),
    );
    const [file] = await findFiles(path);
    const labels: string[] = [];
    const reading = async () => {
      if (file === undefined) return;
      for await (const entry of readFile(file, {}, () => {})) {
        const outcome = toDelivery(entry);
        if ('label' in outcome) labels.push(outcome.label);
      }
    };
    await expect(reading()).rejects.toThrow('contains an item of more than 32 MiB');
    expect(labels).toEqual(['whole']);
  });

  test('an encoding its declaration names', async () => {
    const text = rss('<item><guid>1</guid><title>Le café</title></item>').replace('UTF-8', 'ISO-8859-1');
    const path = write(
      'latin1.xml',
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
    );
    expect((await one(path)).data.headline).toBe('Le café');
  });

  test('letters of several bytes across the chunks a file is read in', async () => {
    const words = 'पहाड़ की ट्रेन '.repeat(30);
    const items = Array.from(
      { length: 600 },
      (_, n) => `<item><guid>${n}</guid><title>${n} ${words}</title></item>`,
    );
    const { payloads } = await read(write('large.xml', rss(items.join(''))));
    expect(payloads.map(({ data }) => data.headline)).toEqual(
      Array.from({ length: 600 }, (_, n) => `${n} ${words}`.trim().normalize('NFC')),
    );
  });

  test('RSS 1.0', async () => {
    const path = write(
      'one.rdf',
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://post.example/"><title>Post</title></channel>
        <item rdf:about="https://post.example/1"><title>First</title><link>https://post.example/1</link>
        <dc:date>2026-11-21T10:00:00Z</dc:date></item></rdf:RDF>`,
    );
    expect((await one(path)).data).toMatchObject({
      id: 'https://post.example/1',
      headline: 'First',
      publishedAt: '2026-11-21T10:00:00.000Z',
    });
  });
});

test('Atom: text is text, html is markup, xhtml is elements', async () => {
  const path = write(
    'feed.atom',
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Post</title><entry><id>urn:x:1</id>
      <title>a &lt; b</title><link href="https://post.example/1"/><link rel="enclosure" type="image/png" href="https://post.example/1.png"/>
      <updated>2026-11-22T10:00:00Z</updated><published>2026-11-21T10:00:00Z</published>
      <author><name>Desk</name><uri>https://post.example/desk</uri><email>desk@post.example</email></author>
      <category term="city" label="City"/><summary type="html">&lt;b&gt;Short&lt;/b&gt; words</summary>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One<br/>two &amp; <a href="https://a.example/?x=1&amp;y">three</a></p></div></content>
      </entry></feed>`,
  );
  expect(await one(path)).toEqual({
    type: 'article.published',
    timestamp: '2026-11-22T10:00:00.000Z',
    data: {
      id: 'urn:x:1',
      url: 'https://post.example/1',
      language: 'en',
      headline: 'a < b',
      summary: 'Short words',
      tags: ['City'],
      authors: [{ name: 'Desk', url: 'https://post.example/desk' }],
      image: { url: 'https://post.example/1.png' },
      body: {
        format: 'html',
        content: '<p>One<br>two &amp; <a href="https://a.example/?x=1&amp;y">three</a></p>',
      },
      publishedAt: '2026-11-21T10:00:00.000Z',
      updatedAt: '2026-11-22T10:00:00.000Z',
    },
  });
});

test('JSON Feed, and a native webhook unchanged', async () => {
  const feed = write(
    'feed.json',
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      language: 'en',
      authors: [{ name: 'Desk' }],
      items: [
        { id: 7, url: 'https://post.example/7', title: 'a < b', content_text: 'Plain words.', tags: ['x'] },
        { id: '8', title: 'Eight', content_html: '<p>8</p>', date_published: '2026-11-21T10:00:00Z' },
      ],
    }),
  );
  const { payloads } = await read(feed);
  expect(payloads[0].data).toEqual({
    id: '7',
    url: 'https://post.example/7',
    language: 'en',
    headline: 'a < b',
    tags: ['x'],
    authors: [{ name: 'Desk' }],
    body: { format: 'text', content: 'Plain words.' },
  });
  expect(payloads[1]).toMatchObject({
    timestamp: '2026-11-21T10:00:00.000Z',
    data: { body: { format: 'html' } },
  });
  const native = { type: 'article.withdrawn', data: { id: 'x' } };
  expect(await one(write('webhook.json', JSON.stringify(native)))).toEqual(native);
  await expect(one(write('other.json', '{"a": 1}'))).rejects.toThrow('neither a native webhook');
  await expect(one(write('broken.json', '{"a": '))).rejects.toThrow('is not valid JSON');
});

describe('a WordPress export', () => {
  const post = (id: number, fields: string, type = 'post', status = 'publish') =>
    `<item><title>Post &#8211; ${id}</title><link>https://blog.example/?p=${id}</link><dc:creator><![CDATA[ed]]></dc:creator>
      <wp:post_id>${id}</wp:post_id><wp:post_date>2026-11-21 15:30:00</wp:post_date>
      <wp:post_date_gmt>2026-11-21 10:00:00</wp:post_date_gmt><wp:post_modified_gmt>0000-00-00 00:00:00</wp:post_modified_gmt>
      <wp:status>${status}</wp:status><wp:post_type>${type}</wp:post_type>${fields}</item>`;
  const meta = (key: string, value: string) =>
    `<wp:postmeta><wp:meta_key>${key}</wp:meta_key><wp:meta_value><![CDATA[${value}]]></wp:meta_value></wp:postmeta>`;
  const picture = (id: number) =>
    `<item><title>p</title><wp:post_id>${id}</wp:post_id><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>
      <wp:attachment_url>https://blog.example/${id}.jpg</wp:attachment_url>
      <excerpt:encoded><![CDATA[The pier]]></excerpt:encoded>${meta('_wp_attachment_image_alt', 'A pier')}</item>`;
  const wxr = (items: string) => `<?xml version="1.0" encoding="UTF-8" ?>
    <!-- This is a WordPress eXtended RSS file generated by WordPress as an export of your site. -->
    <rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
      xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><language>en-US</language>
      <wp:wxr_version>1.2</wp:wxr_version><wp:author><wp:author_login>ed</wp:author_login>
      <wp:author_email>ed@blog.example</wp:author_email><wp:author_display_name><![CDATA[The Editors]]></wp:author_display_name></wp:author>
      ${items}</channel></rss>`;

  test('posts under their WordPress ids, with names, terms, instants and featured images before or after them', async () => {
    const fields = (thumbnail: number) => `<excerpt:encoded><![CDATA[In short.]]></excerpt:encoded>
      <category domain="category" nicename="c"><![CDATA[City]]></category><category domain="category" nicename="d"><![CDATA[Sea]]></category>
      <category domain="post_tag" nicename="t"><![CDATA[ferry]]></category>${meta('_thumbnail_id', String(thumbnail))}
      <content:encoded><![CDATA[<!-- wp:paragraph --><p>Words</p><!-- /wp:paragraph -->]]></content:encoded>`;
    const path = write('blog.xml', wxr(picture(1) + post(2, fields(1)) + post(3, fields(4)) + picture(4)));
    const { payloads, skipped } = await read(path);
    expect(payloads[0]).toEqual({
      type: 'article.published',
      timestamp: '2026-11-21T10:00:00.000Z',
      data: {
        id: '2',
        url: 'https://blog.example/?p=2',
        language: 'en-US',
        headline: 'Post – 2',
        summary: 'In short.',
        section: 'City',
        tags: ['Sea', 'ferry'],
        authors: [{ name: 'The Editors' }],
        image: { url: 'https://blog.example/1.jpg', alt: 'A pier', caption: 'The pier' },
        body: { format: 'html', content: '<!-- wp:paragraph --><p>Words</p><!-- /wp:paragraph -->' },
        publishedAt: '2026-11-21T10:00:00.000Z',
      },
    });
    expect(payloads[1].data.image.url).toBe('https://blog.example/4.jpg');
    expect(skipped).toEqual(['attachment', 'attachment']);
  });

  test('only public posts: no drafts, no private or password-protected ones; pages on request', async () => {
    const path = write(
      'statuses.xml',
      wxr(
        post(1, '') +
          post(2, '', 'post', 'draft') +
          post(3, '', 'post', 'private') +
          post(4, '<wp:post_password><![CDATA[x]]></wp:post_password>') +
          post(5, '', 'page') +
          post(6, '', 'page', 'trash') +
          post(7, '', 'nav_menu_item'),
      ),
    );
    const { payloads, skipped } = await read(path);
    expect(payloads.map(({ data }) => data.id)).toEqual(['1']);
    expect(skipped).toEqual(['draft', 'private', 'with a password', 'page', 'page', 'nav_menu_item']);
    expect((await read(path, { pages: true })).payloads.map(({ data }) => data.id)).toEqual(['1', '5']);
  });

  test('a classic post’s blank lines part its paragraphs, lists and code left as they are', async () => {
    const content = 'One\ntwo.\r\n\r\n<h2>Three</h2>\n\n<pre>a\n\nb</pre>\nFour <em>five</em>';
    const path = write(
      'classic.xml',
      wxr(post(1, `<content:encoded><![CDATA[${content}]]></content:encoded>`)),
    );
    expect((await one(path)).data.body.content).toBe(
      '<p>One<br>two.</p>\n<h2>Three</h2><pre>a\n\nb</pre><p>Four <em>five</em></p>',
    );
  });
});

describe('files that people write', () => {
  test('Markdown: front matter, the first heading as headline, tables', async () => {
    const path = write(
      'ferry.md',
      `---\ntitle: "Ferry: back"\ndate: 2026-11-21\ntags:\n  - sea\n  - 'the bay'\nauthors: [Desk, "A, B"]\nlang: en\ndraft_note: x # why\n---\n\n## Why\n\nIt **sails**.\n`,
    );
    expect((await one(path)).data).toEqual({
      id: 'ferry.md',
      language: 'en',
      headline: 'Ferry: back',
      tags: ['sea', 'the bay'],
      authors: [{ name: 'Desk' }, { name: 'A, B' }],
      body: { format: 'html', content: '<h2>Why</h2>\n<p>It <strong>sails</strong>.</p>' },
      publishedAt: '2026-11-21T00:00:00.000Z',
    });
    const edited = new Date('2026-11-23T10:00:00Z');
    utimesSync(path, edited, edited);
    expect((await one(path)).timestamp).toBe('2026-11-23T10:00:00.000Z');
    const plain = await one(write('plain.md', '# Café & *tides*\n\nWords.\n'));
    expect(plain.data).toMatchObject({ headline: 'Café & tides', body: { content: '<p>Words.</p>' } });
  });

  test.each([
    ['author: {name: x}', { authors: [{ name: 'x' }] }],
    ['summary: >\n  folded\n  lines', { summary: 'folded lines' }],
    ['title : b\n', { headline: 'b' }],
    [
      'image:\n  url: https://a.example/1.png\n  alt: One',
      { image: { url: 'https://a.example/1.png', alt: 'One' } },
    ],
    ['description: 1.10', { summary: '1.10' }],
    ['tags: &t [x, y]\nother: *t', { tags: ['x', 'y'] }],
  ])('front matter is YAML: %j', async (lines, expected) => {
    const title = lines.startsWith('title') ? '' : 'title: a\n';
    const { data } = await one(write('yaml.md', `---\n${title}${lines}\n---\nb`));
    expect(data).toMatchObject(expected);
    expect(data.body.content).toBe('<p>b</p>');
  });

  test('front matter that is not YAML is refused with the line', async () => {
    for (const line of ['a: b: c', '  nested: x', 'b: "', 'title: twice']) {
      await expect(one(write('yaml.md', `---\ntitle: a\n${line}\n---\nb`))).rejects.toThrow(
        /front matter is not valid YAML: line [23]: /,
      );
    }
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...'bcdefghij'].map((name, index, all) =>
      index === 0 ? name : `${name}: &${name} [${`*${String(all[index - 1])[0]},`.repeat(9)}]`,
    );
    await expect(one(write('bomb.md', `---\n${bomb.join('\n')}\n---\nb`))).rejects.toThrow('not valid YAML');
  });

  test('rules drawn across a text are no front matter; front matter over HTML and text is', async () => {
    const text = '---\nonly words\n---\n\nb';
    const payload = { kind: 'markdown', text, location: 'rules.md', headers: new Headers() } as const;
    expect(frontMatter.read(payload, { headline: 'a' })).toMatchObject([
      { event: { draft: { headline: 'a', body: { content: '<hr>\n<h2>only words</h2>\n<p>b</p>' } } } },
    ]);
    const html = await one(write('jekyll.html', '---\ntitle: a\nlayout: post\n---\n<p>b</p>'));
    expect(html.data).toMatchObject({ headline: 'a', body: { format: 'html', content: '<p>b</p>' } });
    const plain = await one(write('jekyll.txt', '---\ntitle: a\n---\nb\n'));
    expect(plain.data).toMatchObject({ id: 'jekyll.txt', body: { format: 'text', content: 'b' } });
  });

  test('a folder: every file in and below it, under its path there, as old as the file', async () => {
    const at = new Date('2026-11-20T10:00:00Z');
    for (const name of ['site/b/page.html', 'site/a.txt', 'site/.hidden.html', 'site/picture.jpg']) {
      utimesSync(write(name, '<html><body><h1>A</h1><p>b</p></body></html>'), at, at);
    }
    const { payloads } = await read(join(folder, 'site'));
    expect(payloads.map(({ data }) => data.id)).toEqual(['a.txt', 'b/page.html']);
    expect(payloads.map(({ timestamp }) => timestamp)).toEqual(Array(2).fill('2026-11-20T10:00:00.000Z'));
    expect(payloads[1].data.body.format).toBe('page');
  });

  test('other files are refused', async () => {
    await expect(one(write('picture.jpg', 'x'))).rejects.toThrow('is not supported');
    await expect(findFiles(join(folder, 'nowhere'))).rejects.toThrow('does not exist');
    await expect(findFiles(join(folder, 'site/b/..', 'c'))).rejects.toThrow('does not exist');
  });
});

test('the same article is the same delivery, another is another', async () => {
  const delivery = async (content: string) => {
    const [file] = await findFiles(write('same.json', JSON.stringify({ ...feedOf(content) })));
    if (file === undefined) throw new Error('No file.');
    for await (const entry of readFile(file, {}, () => {})) {
      const outcome = toDelivery(entry);
      if ('payload' in outcome) return outcome;
    }
    throw new Error('Nothing was read.');
  };
  const feedOf = (content: string) => ({
    version: 'https://jsonfeed.org/version/1.1',
    items: [{ id: 'x'.repeat(300), title: 'a', content_html: content }],
  });
  expect((await delivery('a')).id).toBe((await delivery('a')).id);
  expect((await delivery('a')).id).not.toBe((await delivery('b')).id);
  expect(JSON.parse((await delivery('a')).payload).data.id).toMatch(/^x{167}~[0-9a-f]{32}$/);
});
