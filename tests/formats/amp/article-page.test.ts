import { describe, expect, test } from 'vitest';
import type { Article } from '../../../src/domain/article.ts';
import { articlePage } from '../../../src/formats/amp/article-page.ts';
import { articles, bengali, english, hindi, publisher, site, tamil, urdu } from '../articles.ts';
import { attribute, elements, textContent } from '../markup.ts';
import { boxCards, furnishedSite } from '../sites.ts';

const page = (article: Article) => articlePage({ article, site, publisher, sections: ['संस्कृति', 'Science'] });

/** The first element with this name and, where given, this class. */
function find(html: string, tagName: string, className?: string) {
  return elements(html).find(
    (element) =>
      element.tagName === tagName && (className === undefined || attribute(element, 'class') === className),
  );
}

const wordsOf = (html: string, tagName: string, className?: string) => {
  const found = find(html, tagName, className);
  return found && textContent(found);
};

const links = (html: string, rel: string) =>
  elements(html).filter((element) => element.tagName === 'link' && attribute(element, 'rel') === rel);

function jsonLd(html: string) {
  const script = elements(html).find((element) => attribute(element, 'type') === 'application/ld+json');
  return JSON.parse(script ? textContent(script) : '');
}

describe('the page of an article', () => {
  test('speaks the article’s language and direction', () => {
    for (const article of articles) {
      const html = find(page(article), 'html');
      expect(html && attribute(html, 'lang')).toBe(article.language);
      expect(html && attribute(html, 'dir')).toBe(article.direction);
    }
  });

  test('shows headline, summary, section, authors and publisher', () => {
    const html = page(hindi);
    expect(wordsOf(html, 'h1')).toBe(hindi.headline);
    expect(wordsOf(html, 'title')).toBe(`${hindi.headline} · दैनिक दिशा`);
    expect(wordsOf(html, 'p', 'dek')).toBe(hindi.summary);
    expect(wordsOf(html, 'p', 'kicker')).toBe('संस्कृति');
    expect(wordsOf(html, 'p', 'by')).toBe('हिंदी डेस्क · गंगा टाइम्स');
    expect(html).toContain('<strong>हरिद्वार:</strong>');
  });

  test('has one h1, and one of each landmark', () => {
    const names = elements(page(hindi)).map((element) => element.tagName);
    for (const name of ['h1', 'main']) expect(names.filter((each) => each === name)).toHaveLength(1);
    expect(find(page(hindi), 'header', 'masthead')).toBeDefined();
    expect(find(page(hindi), 'footer', 'foot')).toBeDefined();
    expect(attribute(find(page(hindi), 'a', 'skip') ?? never(), 'href')).toBe('#main');
  });

  test('times are the site’s clocks in the article’s words', () => {
    const html = page(hindi);
    expect(html).toContain('<time datetime="2026-11-22T10:00:00.000Z">22 नवंबर 2026 को 15:30 बजे</time>');
    expect(html).toContain('<time datetime="2026-11-22T12:00:00.000Z">22 नवंबर 2026 को 17:30 बजे (IST)</time>');
    expect(page(urdu)).toMatch(/<time datetime="2026-11-20T05:15:00.000Z">20 نومبر[^<]+10:45/);
  });

  test('digits are the language’s own or Latin where the site says so, else as is the custom', () => {
    const minutes = (article: Article, localDigits?: boolean) =>
      wordsOf(
        articlePage({ article, site: { ...site, ...(localDigits !== undefined && { localDigits }) } }),
        'p',
        'when',
      );
    expect(minutes(hindi, true)).toContain('२२ नवंबर २०२६ को १७:३० बजे (IST) · १ मिनट में पढ़ें');
    expect(minutes(hindi, false)).toContain('22 नवंबर 2026');
    expect(minutes(urdu, true)).toContain('۲۰ نومبر');
    // Tamil newspapers write Latin digits, Bengali ones their own.
    expect(minutes(tamil, true)).toContain('19 நவம்பர்');
    expect(minutes(bengali)).toContain('১৮ নভেম্বর');
    expect(minutes(bengali, false)).toContain('18 নভেম্বর');
  });

  test('reading time is put as the language puts a number', () => {
    const minutes = (language: string, readingMinutes: number) =>
      wordsOf(page({ ...english, language, readingMinutes }), 'p', 'when')
        ?.split(' · ')
        .at(-1);
    expect(minutes('ar', 2)).toBe('دقيقتا قراءة');
    expect(minutes('ar', 5)).toMatch(/^[5٥] دقائق قراءة$/);
    expect(minutes('mr', 1)).toBe('१ मिनिटात वाचा');
    expect(minutes('mr', 4)).toBe('४ मिनिटांत वाचा');
    expect(minutes('en', 0)).toMatch(/^Published/);
  });

  test('an update is named as one, a minute after publication or later', () => {
    expect(wordsOf(page(hindi), 'p', 'when')).toContain('अपडेट');
    expect(wordsOf(page(english), 'p', 'when')).not.toContain('Updated');
  });

  test('the canonical URL is the publisher’s if present, else this page’s', () => {
    const canonical = (article: Article) =>
      links(page(article), 'canonical').map((link) => attribute(link, 'href'));
    expect(canonical(hindi)).toEqual(['https://ganga-times.example/ghat-library']);
    expect(canonical(english)).toEqual([english.url]);
  });

  test('offers the feeds of its section, and its translations', () => {
    const alternates = links(page(hindi), 'alternate').map((link) => [
      attribute(link, 'type') ?? attribute(link, 'hreflang'),
      attribute(link, 'href'),
    ]);
    const feed = `https://news.example/feeds/sections/${encodeURIComponent('संस्कृति')}`;
    expect(alternates).toEqual([
      ['hi', hindi.url],
      ['ur', 'https://news.example/news/0urd000000000003/x'],
      ['application/rss+xml', `${feed}.rss`],
      ['application/atom+xml', `${feed}.atom`],
      ['application/feed+json', `${feed}.json`],
    ]);
    expect(wordsOf(page(hindi), 'section', 'translations')).toContain('اردو');
  });

  test('shows corrections, related titles with and without a link, credit and copyright', () => {
    const html = page(hindi);
    expect(wordsOf(html, 'section', 'corrections')).toContain('चार सौ');
    expect(wordsOf(html, 'section', 'related')).toBe(
      'ये भी पढ़ेंनदी किनारे सुबह की सैर के पांच रास्तेपुरानी नावों का नया जीवन',
    );
    expect(wordsOf(html, 'p', 'credit')).toBe('(भाषा)');
    expect(wordsOf(html, 'p', 'copyright')).toBe('© 2026 गंगा टाइम्स');
    expect(find(page(english), 'section', 'related')).toBeUndefined();
  });

  test('pictures: https, always with a size, the first at once and the others when near', () => {
    const pictures = elements(page(hindi)).filter((element) => element.tagName === 'img');
    const read = pictures.map((img) =>
      ['src', 'width', 'height', 'class', 'loading', 'fetchpriority'].map((name) => attribute(img, name)),
    );
    expect(read).toEqual([
      ['https://images.example/ghat.jpg', '1200', '675', undefined, undefined, 'high'],
      ['https://images.example/inside.jpg', '1600', '900', 'box', 'lazy', undefined],
    ]);
  });

  test('a caption without a picture shows nothing', () => {
    expect(page({ ...tamil, image: { caption: 'படம்' } })).not.toContain('<figure>');
  });

  test('the lead image is shown once, although the body has it, too', () => {
    const lead = { type: 'image', url: 'http://images.example/ghat.jpg', alt: 'again' } as const;
    const other = { type: 'image', url: 'https://images.example/other.jpg' } as const;
    const sources = elements(page({ ...hindi, body: [lead, other] }))
      .filter(({ tagName }) => tagName === 'img')
      .map((img) => attribute(img, 'src'));
    expect(sources).toEqual(['https://images.example/ghat.jpg', 'https://images.example/other.jpg']);
  });

  test('a link to it is passed on without a script, by WhatsApp first', () => {
    const share = find(page(hindi), 'nav', 'share');
    const hrefs = [...page(hindi).matchAll(/<a href="([^"]+)" rel="nofollow noopener">([^<]+)</g)];
    expect(share && attribute(share, 'aria-label')).toBe('साझा करें');
    expect(hrefs.map(([, , label]) => label)).toEqual(['WhatsApp', 'Facebook', 'X', 'Telegram', 'ईमेल']);
    const whatsApp = new URL(hrefs[0]?.[1] ?? '');
    expect([whatsApp.host, whatsApp.searchParams.get('text')]).toEqual([
      'wa.me',
      `${hindi.headline} https://news.example/news/${hindi.id}`,
    ]);
  });

  test('says whose words they are, with a link to the original, and what may be done with them', () => {
    const source = find(page(hindi), 'div', 'source');
    expect(source && textContent(source)).toBe(
      '(भाषा)गंगा टाइम्स पर पढ़ें© 2026 गंगा टाइम्सलाइसेंस: https://ganga-times.example/licence',
    );
    expect(page(hindi)).toContain('<a href="https://ganga-times.example/licence" rel="license">');
    expect(find(page({ ...tamil, authors: [] }), 'div', 'source')).toBeUndefined();
  });

  test('is followed by more of its section and what is read most, each in its own language', () => {
    const html = articlePage({
      article: hindi,
      site,
      more: boxCards.slice(1, 4),
      trending: boxCards.slice(2, 4),
    });
    const more = find(html, 'section', 'more');
    expect(wordsOf(html, 'section', 'more')).toMatch(/^संस्कृति की और ख़बरें/);
    expect(more && elements(html).filter(({ tagName }) => tagName === 'article')).toHaveLength(4);
    expect(html).toContain(`<li lang="ur"><a href="${urdu.url}" dir="rtl">${urdu.headline}</a>`);
    expect(html).toContain('<a href="https://news.example/trending">ट्रेंडिंग</a>');
    expect(find(page(hindi), 'div', 'others')).toBeUndefined();
  });

  test('is framed by the site’s own navigation, logo, live link, networks and footer', () => {
    const html = articlePage({ article: urdu, site: furnishedSite });
    const nav = elements(html).find((element) => attribute(element, 'aria-label') === 'شعبے');
    expect(nav && textContent(nav)).toBe('देशScience & moreمدد');
    expect(html).toContain(
      '<img class="logo" src="https://news.example/logo.png" alt="दैनिक दिशा" width="240" height="80"',
    );
    expect(html).toContain('<a class="live" href="https://live.example/tv">لائیو ٹی وی</a>');
    expect(html).toContain('<a href="https://www.youtube.com/@news" rel="me noopener">YouTube</a>');
    expect(html).toContain('<bdi>हमारे बारे में</bdi>');
    expect(html).toContain(
      '<a href="https://news.example/feeds/languages/ta-IN.rss" lang="ta-IN" dir="ltr">',
    );
    expect(html).toMatch(/:root\{color-scheme:light dark;[^}]*--accent:#005a8c/);
  });

  test('embeds: a component where AMP has one, with a link for everyone else', () => {
    const html = page(english);
    expect(html).toContain(
      '<amp-youtube data-videoid="M7lc1UVf-VE" width="16" height="9" layout="responsive">',
    );
    expect(html).toContain('<a href="https://www.youtube.com/watch?v=M7lc1UVf-VE">View on YouTube</a>');
    expect(html).toContain('<amp-twitter data-tweetid="20"');
    expect(html).toContain(
      '<div class="embed"><p>Sorry, this cannot be shown on this page.</p><p><a href="https://maps.example/tides">View on maps.example</a></p></div>',
    );
  });

  test('a site known by name needs no apology; what nothing can show leads to the original', () => {
    const embed = (provider: string, url: string) =>
      page({ ...hindi, body: [{ type: 'embed', provider, id: url, url }] });
    expect(embed('spotify', 'https://open.spotify.com/track/x')).toContain(
      '<div class="embed"><p><a href="https://open.spotify.com/track/x">Spotify पर देखें</a></p></div>',
    );
    expect(embed('frame', 'not a url')).toContain(
      '<p>यह सामग्री इस पृष्ठ पर नहीं दिखाई जा सकती। क्षमा करें।</p><p><a href="https://ganga-times.example/ghat-library">',
    );
    expect(embed('frame', 'https://maps.example/x')).not.toContain('iframe');
  });

  test('an embed whose id its component cannot take is a link', () => {
    const html = page({
      ...tamil,
      body: [{ type: 'embed', provider: 'x', id: '20" onload="x', url: 'https://x.com/i/status/20' }],
    });
    expect(html).not.toContain('amp-twitter');
    expect(html).toContain('<a href="https://x.com/i/status/20">');
  });

  test('JSON-LD says NewsArticle and agrees with the page', () => {
    expect(jsonLd(page(hindi))).toMatchObject({
      '@type': 'NewsArticle',
      identifier: 'urn:dateline:0hindi0000000001',
      mainEntityOfPage: hindi.canonicalUrl,
      headline: hindi.headline,
      inLanguage: 'hi',
      datePublished: hindi.publishedAt,
      dateModified: hindi.updatedAt,
      author: [{ '@type': 'Person', name: 'हिंदी डेस्क', url: 'https://ganga-times.example/desk' }],
      publisher: { '@type': 'Organization', name: 'गंगा टाइम्स' },
      image: { url: 'https://images.example/ghat.jpg', width: 1200, height: 675 },
      isBasedOn: hindi.canonicalUrl,
      sameAs: hindi.canonicalUrl,
      correction: [{ '@type': 'CorrectionComment' }],
    });
    expect(jsonLd(page(tamil))).not.toHaveProperty('isBasedOn');
    expect(jsonLd(page(urdu)).image.url).toBe('http://images.example/clock.jpg');
  });

  test('JSON-LD leads from the front page to the article, and knows the logos', () => {
    const data = elements(page(hindi))
      .filter((element) => attribute(element, 'type') === 'application/ld+json')
      .map((script) => JSON.parse(textContent(script)));
    expect(data[1]).toEqual({
      '@context': 'https://schema.org',
      '@type': 'BreadcrumbList',
      itemListElement: [
        { '@type': 'ListItem', position: 1, name: site.name, item: 'https://news.example/' },
        {
          '@type': 'ListItem',
          position: 2,
          name: 'संस्कृति',
          item: `https://news.example/sections/${encodeURIComponent('संस्कृति')}`,
        },
        { '@type': 'ListItem', position: 3, name: hindi.headline, item: hindi.url },
      ],
    });
    const logo = { url: 'https://ganga-times.example/logo.png', width: 200, height: 60 };
    const html = articlePage({ article: hindi, site: furnishedSite, publisher: { ...publisher, logo } });
    expect(jsonLd(html)).toMatchObject({
      publisher: { logo: { '@type': 'ImageObject', ...logo } },
      sdPublisher: {
        name: site.name,
        logo: furnishedSite.logo,
        sameAs: ['https://www.youtube.com/@news', 'https://x.com/news'],
      },
    });
  });

  test('search engines may show large previews', () => {
    expect(page(hindi)).toContain('<meta name="robots" content="max-image-preview:large">');
  });

  test('a language without words of its own is framed in English, and says where', () => {
    const html = page({ ...tamil, language: 'gl' });
    expect(html).toContain('<span lang="en" dir="ltr">Published</span>');
    expect(find(html, 'html')?.attrs).toContainEqual({ name: 'lang', value: 'gl' });
  });
});

function never(): never {
  throw new Error('not on the page');
}
