/** Documents in every dialect: what tests of single dialects begin with, and what the differential test reads twice. */

export const RSS = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Valley News</title><link>https://valley.example/</link><description>News</description><language>en-IN</language>
<item><title>Bridge &amp;amp; road</title><link>https://valley.example/bridge</link><guid isPermaLink="false">valley-1</guid>
  <pubDate>Fri, 20 Nov 2026 15:30:00 +0530</pubDate><atom:updated>2026-11-20T11:00:00Z</atom:updated>
  <description>Traffic &lt;b&gt;flows&lt;/b&gt;.</description><content:encoded><![CDATA[<p>The bridge is open.</p>]]></content:encoded>
  <dc:creator>Ravi</dc:creator><author>desk@valley.example</author><category>Roads</category><category>City</category>
  <media:content url="https://valley.example/b.jpg" medium="image" width="1200" height="800"><media:credit>Valley</media:credit></media:content></item>
<item><title>Second</title><link>/second</link><description><![CDATA[<p>Only a description.</p>]]></description>
  <pubDate>Fri, 20 Nov 2026 15:30:00</pubDate><enclosure url="https://valley.example/s.jpg" type="image/jpeg" length="1"/></item>
</channel></rss>`;

export const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="en-IN">
<id>urn:valley</id><title>Valley</title><updated>2026-11-20T12:00:00Z</updated><author><name>The desk</name></author>
<link rel="self" href="https://valley.example/atom.xml"/>
<at:deleted-entry ref="urn:valley:&amp;9" when="2026-11-20T11:30:00Z"/>
<entry><id>urn:valley:1</id><title type="html">Bridge &amp;amp; road</title><link href="/bridge"/>
  <published>2026-11-20T10:00:00Z</published><updated>2026-11-20T11:00:00+05:30</updated>
  <summary>Traffic flows.</summary><content type="html">&lt;p&gt;The bridge is open.&lt;/p&gt;</content>
  <category term="roads" label="Roads"/></entry>
<entry><id>urn:valley:2</id><title>A &lt;b&gt; in plain text</title><updated>2026-11-20T10:00:00Z</updated>
  <author><name>Ravi</name><email>ravi@valley.example</email></author>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Words.</p></div></content></entry></feed>`;

export const JSON_FEED = {
  version: 'https://jsonfeed.org/version/1.1',
  title: 'Valley',
  home_page_url: 'https://valley.example/',
  language: 'en-IN',
  authors: [{ name: 'The desk', url: 'https://valley.example/desk', avatar: 'https://valley.example/a.png' }],
  items: [
    {
      id: '1',
      url: 'https://valley.example/1',
      title: 'One &amp; only',
      content_html: '<p>Words</p>',
      content_text: 'Words',
      summary: 'Short',
      image: '/1.jpg',
      date_published: '2026-11-20T15:30:00+05:30',
      date_modified: '2026-11-20T11:00:00Z',
      authors: [{ name: 'Ravi' }],
      tags: ['Roads', 7, ''],
      language: 'en',
      attachments: [{ url: 'https://valley.example/1.mp3', mime_type: 'audio/mpeg' }],
    },
    { id: 2, title: 'Two', content_text: 'Plain', banner_image: 'https://valley.example/2.jpg' },
  ],
};

export const NINJS_1 = {
  uri: 'http://agency.example/newsitems/20261120med123',
  type: 'text',
  versioncreated: '2026-11-20T11:00:00Z',
  firstcreated: '2026-11-20T10:00:00Z',
  embargoed: '2026-11-21T10:00:00+01:00',
  pubstatus: 'usable',
  copyrightholder: 'The Agency',
  copyrightnotice: '',
  usageterms: 'No archives',
  language: 'en',
  headline: 'Captain on trial',
  byline: 'By Paulo One and Frances Two',
  located: 'Grosseto, Italy',
  description_text: 'The trial began.',
  body_text: 'The trial began in a theatre.',
  body_xhtml: '<p>The trial began in a theatre.</p>',
  subject: [{ name: 'Courts', scheme: 'http://agency.example/s/', code: '1' }],
  person: [{ name: 'A Captain', rel: 'about' }],
  associations: {
    mainpic: {
      type: 'picture',
      byline: 'Lens',
      description_text: 'The theatre',
      renditions: {
        original: { href: 'https://agency.example/o.jpg', width: 5000, height: 3000 },
        web: { href: 'https://agency.example/w.jpg', width: 1000, height: 600 },
        thumb: { href: 'https://agency.example/t.jpg', width: 100, height: 60 },
      },
    },
  },
};

export const NINJS_2 = {
  uri: 'urn:agency:2',
  type: 'text',
  standard: { name: 'ninjs', version: '2.1' },
  versioncreated: '2026-11-20T11:00:00Z',
  pubstatus: 'usable',
  headlines: [
    { role: 'short', value: 'Short' },
    { role: 'main', value: 'Main headline' },
  ],
  descriptions: [{ role: 'text', contenttype: 'text/plain', value: 'In short.' }],
  bodies: [
    { role: 'text', contenttype: 'text/plain', value: 'Words.' },
    { role: 'nitf', contenttype: 'application/xml', value: '<nitf/>' },
    { role: 'html5', contenttype: 'text/html', value: '<p>Words.</p>' },
  ],
  by: 'Ravi',
  rightsinfo: { linkedrights: 'https://agency.example/licence' },
  subjects: [{ name: 'Courts' }, { name: 'City', rel: 'section' }],
  renditions: [{ name: 'canonical', href: 'https://agency.example/news/2' }],
  associations: [
    {
      name: 'a',
      type: 'picture',
      renditions: [{ name: 'r', href: 'https://agency.example/2.jpg', width: 900, height: 500 }],
    },
  ],
};

export const NEWS_ARTICLE = {
  '@context': 'https://schema.org',
  '@type': 'NewsArticle',
  '@id': 'https://valley.example/1#article',
  mainEntityOfPage: { '@type': 'WebPage', '@id': 'https://valley.example/1' },
  headline: 'Bridge &amp; road',
  description: 'Traffic flows.',
  image: [{ '@type': 'ImageObject', url: 'https://valley.example/b.jpg', width: 1200, height: 800 }],
  datePublished: '2026-11-20T15:30:00+05:30',
  dateModified: '2026-11-20T11:00:00Z',
  author: [
    { '@type': 'Person', name: 'Ravi', url: 'https://valley.example/ravi', email: 'ravi@valley.example' },
  ],
  publisher: { '@type': 'Organization', name: 'Valley' },
  articleSection: 'Roads',
  keywords: 'bridge, traffic',
  inLanguage: 'en',
  articleBody: 'The bridge is open.\n\nTraffic flows.',
  copyrightNotice: '© Valley',
  expires: '2027-11-20T00:00:00Z',
};

export const WORDPRESS_POST = {
  id: 1842,
  date: '2026-11-20T15:30:00',
  date_gmt: '2026-11-20T10:00:00',
  guid: { rendered: 'https://valley.example/?p=1842' },
  modified: '2026-11-20T16:00:00',
  modified_gmt: '2026-11-20T10:30:00',
  slug: 'bridge-opens',
  status: 'publish',
  type: 'post',
  link: 'https://valley.example/2026/11/bridge-opens/',
  title: { rendered: 'The valley&#8217;s bridge &amp; road &#8220;open&#8221;' },
  content: { rendered: '<p>The bridge is open.</p>', protected: false },
  excerpt: { rendered: '<p>Traffic flows again.</p>\n', protected: false },
  author: 7,
  featured_media: 99,
  comment_status: 'open',
  sticky: false,
  format: 'standard',
  meta: { footnotes: '' },
  categories: [3],
  tags: [11, 12],
  _links: { self: [{ href: 'https://valley.example/wp-json/wp/v2/posts/1842' }] },
};

export const WORDPRESS_EMBEDDED = {
  author: [{ id: 7, name: 'Ravi &amp; Co', link: 'https://valley.example/author/ravi/', slug: 'ravi' }],
  'wp:featuredmedia': [
    {
      id: 99,
      source_url: 'https://valley.example/wp-content/uploads/bridge.jpg',
      alt_text: 'The bridge',
      caption: { rendered: '<p>Open at last</p>' },
      media_details: { width: 1200, height: 800 },
    },
  ],
  'wp:term': [
    [{ id: 3, name: 'Roads &amp; Rails', taxonomy: 'category' }],
    [
      { id: 11, name: 'bridge', taxonomy: 'post_tag' },
      { id: 12, name: 'traffic', taxonomy: 'post_tag' },
    ],
  ],
};

export const WORDPRESS_ROW = {
  ID: 1842,
  post_author: '7',
  post_date: '2026-11-20 15:30:00',
  post_date_gmt: '2026-11-20 10:00:00',
  post_content:
    'The bridge is open.\nAt last.\n\n[caption]<img src="https://valley.example/b.jpg"> The bridge[/caption]\n\n<h2>Traffic</h2>\n\nIt flows.',
  post_title: 'The valley&#8217;s bridge',
  post_excerpt: '',
  post_status: 'publish',
  post_password: '',
  post_modified_gmt: '2026-11-20 10:30:00',
  post_type: 'post',
};

export const GHOST_POST = {
  id: '6682b8a8e10cc04306284330',
  uuid: '0d5d1cb7-0c1f-4d0c-8d8e-5f5a3a2d6a11',
  title: 'Tide &amp; time',
  slug: 'tide-and-time',
  html: '<p>The tide came in.</p>',
  comment_id: '6682b8a8e10cc04306284330',
  plaintext: 'The tide came in.',
  feature_image: 'https://coast.example/content/images/tide.jpg',
  feature_image_alt: 'The harbour at high tide',
  feature_image_caption: '<span style="white-space: pre-wrap;">High tide. <b>Photo:</b> Coast</span>',
  featured: false,
  status: 'published',
  visibility: 'public',
  created_at: '2026-11-20T08:00:00.000Z',
  updated_at: '2026-11-20T10:00:00.000Z',
  published_at: '2026-11-20T09:00:00.000Z',
  custom_excerpt: 'What the sea does twice a day.',
  excerpt: 'The tide came in.',
  codeinjection_head: '<script>alert(1)</script>',
  canonical_url: null,
  url: 'https://coast.example/tide-and-time/',
  email_segment: 'all',
  authors: [
    {
      id: '1',
      name: 'Asha Coast',
      slug: 'asha',
      email: 'asha@coast.example',
      profile_image: null,
      url: 'https://coast.example/author/asha/',
      roles: [{ id: '2', name: 'Owner', description: 'Site owner' }],
    },
  ],
  tags: [
    { id: '3', name: 'City', slug: 'city', visibility: 'public' },
    { id: '4', name: 'Sea', slug: 'sea', visibility: 'public' },
    { id: '5', name: '#wide-layout', slug: 'hash-wide-layout', visibility: 'internal' },
  ],
  primary_tag: { id: '3', name: 'City' },
};

export const PAGE = `<!doctype html><html><head><title>Bridge</title><link rel="shortcut CANONICAL" href="/bridge?a=1&amp;b=2">
<meta property="og:url" content="https://other.example/x"></head><body><h1>Bridge</h1><p>Open.</p></body></html>`;

/** A WordPress export: a picture behind its post, a draft, a post with a password, a page. */
export const WXR = `<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file generated by WordPress as an export of your site. -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Valley News</title><link>https://valley.example</link><language>en-US</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_login><![CDATA[ravi]]></wp:author_login><wp:author_email><![CDATA[ravi@valley.example]]></wp:author_email>
  <wp:author_display_name><![CDATA[Ravi & Co]]></wp:author_display_name></wp:author>
<wp:category><wp:term_id>3</wp:term_id><wp:cat_name><![CDATA[Roads]]></wp:cat_name></wp:category>
<item><title><![CDATA[The valley&#8217;s bridge]]></title><link>https://valley.example/2026/11/bridge-opens/</link>
  <pubDate>Fri, 20 Nov 2026 10:00:00 +0000</pubDate><dc:creator><![CDATA[ravi]]></dc:creator>
  <guid isPermaLink="false">https://valley.example/?p=1842</guid><description></description>
  <content:encoded><![CDATA[The bridge is open.
At last.

<h2>Traffic</h2>

It flows.]]></content:encoded><excerpt:encoded><![CDATA[Traffic flows again.]]></excerpt:encoded>
  <wp:post_id>1842</wp:post_id><wp:post_date>2026-11-20 15:30:00</wp:post_date><wp:post_date_gmt>2026-11-20 10:00:00</wp:post_date_gmt>
  <wp:post_modified_gmt>2026-11-20 10:30:00</wp:post_modified_gmt><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
  <wp:post_password></wp:post_password><category domain="category" nicename="roads"><![CDATA[Roads & Rails]]></category>
  <category domain="category" nicename="city"><![CDATA[City]]></category><category domain="post_tag" nicename="bridge"><![CDATA[bridge]]></category>
  <wp:postmeta><wp:meta_key><![CDATA[_thumbnail_id]]></wp:meta_key><wp:meta_value><![CDATA[99]]></wp:meta_value></wp:postmeta></item>
<item><title>Secret</title><wp:post_id>1843</wp:post_id><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>For a few</title><wp:post_id>1844</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
  <wp:post_password>x</wp:post_password><content:encoded>Words</content:encoded></item>
<item><title>About</title><wp:post_id>1845</wp:post_id><wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>
<item><title>bridge</title><wp:post_id>99</wp:post_id><wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type>
  <wp:attachment_url>https://valley.example/wp-content/uploads/bridge.jpg</wp:attachment_url><excerpt:encoded><![CDATA[Open at last]]></excerpt:encoded>
  <wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>The bridge</wp:meta_value></wp:postmeta></item>
</channel></rss>`;
