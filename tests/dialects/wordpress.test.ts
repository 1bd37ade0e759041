import { describe, expect, test } from 'vitest';
import { WORDPRESS_EMBEDDED as EMBEDDED, WORDPRESS_POST as POST, WORDPRESS_ROW as ROW } from './documents.ts';
import { draftsOf, eventOf, eventsOf, read } from './reading.ts';

// After developer.wordpress.org/rest-api/reference/posts.
test('a REST post, its author and terms bare ids', () => {
  expect(read(POST)).toMatchObject({ source: 'wordpress' });
  expect(eventOf(POST)).toEqual({
    kind: 'published',
    revisedAt: '2026-11-20T10:30:00.000Z',
    draft: {
      id: '1842',
      url: POST.link,
      headline: 'The valley’s bridge & road “open”',
      summary: 'Traffic flows again.',
      tags: [],
      authors: [],
      body: { format: 'html', content: '<p>The bridge is open.</p>' },
      publishedAt: '2026-11-20T10:00:00.000Z',
      updatedAt: '2026-11-20T10:30:00.000Z',
    },
  });
});

test('embedded, author, terms and picture have names', () => {
  expect(draftsOf({ ...POST, _embedded: EMBEDDED })).toMatchObject([
    {
      authors: [{ name: 'Ravi & Co', url: 'https://valley.example/author/ravi/' }],
      section: 'Roads & Rails',
      tags: ['bridge', 'traffic'],
      image: {
        url: 'https://valley.example/wp-content/uploads/bridge.jpg',
        width: 1200,
        height: 800,
        alt: 'The bridge',
        caption: 'Open at last',
      },
    },
  ]);
});

test('only *_gmt times are instants', () => {
  const { date_gmt: _date, modified_gmt: _modified, ...local } = POST;
  const [draft] = draftsOf({ ...local, guid: POST.guid });
  expect(draft).not.toHaveProperty('publishedAt');
  expect(draft).not.toHaveProperty('updatedAt');
});

test('an excerpt that was cut off the body is no standfirst', () => {
  const cut = { rendered: '<p>The bridge is open. People [&hellip;]</p>' };
  expect(draftsOf({ ...POST, excerpt: cut })[0]).not.toHaveProperty('summary');
});

describe('the post’s status says what happened', () => {
  test.each([
    ['publish', {}, { kind: 'published' }],
    ['trash', { status: 'trash' }, { kind: 'withdrawn', sourceId: '1842' }],
    // Of what was never published these are ignored; of what was, they take it back.
    ['draft', { status: 'draft' }, { kind: 'withdrawn', ifHeld: true }],
    ['pending', { status: 'pending' }, { kind: 'withdrawn', ifHeld: true }],
    ['private', { status: 'private' }, { kind: 'withdrawn', ifHeld: true }],
    ['future', { status: 'future' }, { kind: 'withdrawn', ifHeld: true }],
    ['with a password', { content: { rendered: '', protected: true } }, { kind: 'withdrawn', ifHeld: true }],
    ['auto-draft', { status: 'auto-draft' }, { kind: 'ignored' }],
    ['inherit', { status: 'inherit' }, { kind: 'ignored' }],
    ['a page', { type: 'page' }, { kind: 'ignored' }],
    ['an attachment', { type: 'attachment', status: 'inherit' }, { kind: 'ignored' }],
    ['a revision, as previews make them', { type: 'revision' }, { kind: 'ignored' }],
    ['a product', { type: 'product' }, { kind: 'ignored' }],
  ])('%s', (_what, changes, expected) => {
    expect(eventOf({ ...POST, ...changes })).toMatchObject(expected);
  });
});

test('what is ignored names the field that says why', () => {
  const whyOf = (body: string | object, type?: string) => {
    const event = eventOf(body, type);
    return event?.kind === 'ignored' ? event.why : undefined;
  };
  const form = 'application/x-www-form-urlencoded';
  const message = 'is neither published nor withdrawn';
  expect(whyOf('ID=3&post_title=News&post_status=inherit', form)).toEqual({ path: 'post_status', message });
  expect(whyOf({ ...POST, status: 'inherit' })).toEqual({ path: 'status', message });
  expect(whyOf({ post: { ...POST, status: 'inherit' } })).toEqual({ path: 'post.status', message });
  expect(whyOf({ ...POST, type: 'page' })).toMatchObject({ path: 'type' });
});

test.each([
  ['post', { event: 'post_updated', post: POST }],
  ['data', { action: 'publish', data: POST }],
  ['payload', { payload: POST, site: 'https://valley.example' }],
])('inside a plugin’s %s', (_wrapper, body) => {
  expect(read(body)).toMatchObject({ source: 'wordpress' });
  expect(draftsOf(body)).toEqual(draftsOf(POST));
});

test('a list of posts is so many articles', () => {
  const found = read([POST, { ...POST, id: 1843 }, 7], 'application/json', { source: 'wordpress' });
  expect(found).toMatchObject({
    items: [
      { path: '0', event: { kind: 'published', draft: { id: '1842' } } },
      { path: '1', event: { kind: 'published', draft: { id: '1843' } } },
      { path: '2', event: { kind: 'refused' } },
    ],
  });
});

describe('a row of the database', () => {
  test('as plugins send it, with what they know besides', () => {
    const body = {
      post_id: 1842,
      post: ROW,
      post_meta: {},
      post_permalink: 'https://valley.example/bridge/',
      post_thumbnail: 'https://valley.example/b.jpg',
    };
    expect(draftsOf(body)).toMatchObject([
      {
        id: '1842',
        url: 'https://valley.example/bridge/',
        headline: 'The valley’s bridge',
        image: { url: 'https://valley.example/b.jpg' },
        publishedAt: '2026-11-20T10:00:00.000Z',
        updatedAt: '2026-11-20T10:30:00.000Z',
      },
    ]);
  });

  test('the classic editor’s blank lines part paragraphs; block comments and shortcodes are left to the normalizer', () => {
    const [classic] = draftsOf(ROW);
    expect(classic?.body?.content).toBe(
      '<p>The bridge is open.<br>At last.</p>\n<p>[caption]<img src="https://valley.example/b.jpg"> The bridge[/caption]</p>\n<h2>Traffic</h2>\n<p>It flows.</p>',
    );
    const blocks =
      '<!-- wp:paragraph -->\n<p>One</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:html -->x<!-- /wp:html -->';
    expect(draftsOf({ ...ROW, post_content: blocks })[0]?.body?.content).toBe(blocks);
  });

  test('WordPress.com posts it as a form, with the hook’s name', () => {
    const fields = {
      ...ROW,
      ID: '1842',
      hook: 'publish_post',
      post_url: 'https://valley.wordpress.example/bridge/',
    };
    const form = new URLSearchParams(fields as Record<string, string>).toString();
    const type = 'application/x-www-form-urlencoded; charset=UTF-8';
    expect(read(form, type)).toMatchObject({ source: 'wordpress' });
    expect(draftsOf(form, type)).toMatchObject([
      { id: '1842', url: 'https://valley.wordpress.example/bridge/', headline: 'The valley’s bridge' },
    ]);
  });

  test.each([
    ['a page', 'hook=publish_page&ID=3&post_title=About&post_status=publish', 'ignored'],
    ['a comment', 'hook=comment_post&comment_ID=3&comment_content=First!', 'ignored'],
    [
      'a post whose status was not ticked',
      'hook=publish_post&ID=3&post_title=News&post_content=Words',
      'published',
    ],
    ['a post whose ID was not ticked', 'hook=publish_post&post_title=News&post_content=Words', 'refused'],
    ['a post with a password', 'hook=publish_post&ID=3&post_title=News&post_password=secret', 'withdrawn'],
    [
      'names that objects have',
      '__proto__=1&hook=publish_post&ID=3&post_title=News&constructor=2',
      'published',
    ],
  ])('%s', (_what, form, kind) => {
    expect(eventOf(form, 'application/x-www-form-urlencoded')).toMatchObject({ kind });
  });
});

describe('hostile or broken', () => {
  test('a draft’s times are null or zeros', () => {
    const [draft] = draftsOf({ ...POST, date_gmt: null, modified_gmt: '0000-00-00T00:00:00' });
    expect(draft).not.toHaveProperty('publishedAt');
    expect(draft).not.toHaveProperty('updatedAt');
  });

  test('fields of the wrong kind are left out, but not what an article is nothing without', () => {
    const odd = {
      ...POST,
      link: 7,
      excerpt: [],
      modified_gmt: {},
      _embedded: { author: 'x', 'wp:term': [7, [null]] },
    };
    expect(eventOf(odd)).toMatchObject({ kind: 'published' });
    expect(eventsOf({ ...POST, title: 7 })).toMatchObject([
      {
        kind: 'refused',
        issues: [{ path: 'headline', message: 'is required unless the body’s format is page' }],
      },
    ]);
  });

  test('a field over our limits is left out with a warning', () => {
    const event = eventOf({ ...POST, link: `https://valley.example/${'x'.repeat(3_000)}` });
    expect(event).toMatchObject({ kind: 'published', warnings: [{ code: 'field-dropped', excerpt: 'url' }] });
  });
});
