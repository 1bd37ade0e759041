import { LIMITS, MAX_READ_ENTRIES } from '../../domain/draft.ts';
import type { Findings } from '../../markup/findings.ts';
import { resolveWebUrl } from '../../markup/url.ts';
import { asInstant, asName, asText, defined } from '../../markup/values.ts';
import { foldLine } from '../../text/fold-line.ts';
import type { Declarations } from './declarations.ts';

/**
 * Reads what a page's title and `meta` elements, in the vocabularies in use, say about the article.
 * @param html the page, which may contain the title without the site's name
 */
export function readHead(
  declarations: Declarations,
  url: string | undefined,
  html: string,
): Omit<Findings, 'related'> {
  const { meta, canonical } = declarations;
  const all = (...names: string[]) =>
    names.flatMap((name) => meta.get(name) ?? []).filter((value) => value.trim());
  const first = (...names: string[]) => all(...names)[0];
  const instant = (...names: string[]) =>
    all(...names)
      .map(asInstant)
      .find((value) => value !== undefined);
  return defined({
    headline: headline(
      declarations,
      first('og:title', 'twitter:title', 'parsely-title', 'dc.title', 'headline'),
      html,
    ),
    summary: asText(
      first('og:description', 'description', 'twitter:description', 'dc.description'),
      LIMITS.paragraph,
    ),
    canonicalUrl: resolveWebUrl(canonical ?? first('og:url', 'parsely-link', 'twitter:url'), url),
    section: asName(first('article:section', 'parsely-section', 'articlesection', 'dc.subject')),
    tags: tags(all('article:tag'), first('news_keywords', 'parsely-tags', 'keywords')),
    authors: authors(
      all('author', 'article:author', 'byl', 'parsely-author', 'dc.creator', 'dcterms.creator'),
    ),
    publishedAt: instant(
      ...['article:published_time', 'og:article:published_time', 'datepublished', 'parsely-pub-date'],
      ...['publish-date', 'pubdate', 'dc.date.issued', 'dcterms.created', 'dc.date', 'sailthru.date'],
    ),
    updatedAt: instant(
      'article:modified_time',
      'og:article:modified_time',
      'og:updated_time',
      'datemodified',
      'dcterms.modified',
      'lastmod',
    ),
    image: image(first, url),
  });
}

/** The page's top heading: the one that its title begins with, else the first. */
export function topHeading({ headings, title, meta }: Declarations): string {
  const titles = [title, ...(meta.get('og:title') ?? [])].map(foldLine);
  const named = headings.find((heading) => titles.some((each) => each.startsWith(foldLine(heading))));
  return asText(named ?? headings[0]) ?? '';
}

function headline(declarations: Declarations, named: string | undefined, html: string): string | undefined {
  const heading = topHeading(declarations);
  const title = asText(named) ?? asText(declarations.title);
  const site =
    asText(declarations.meta.get('og:site_name')?.[0] ?? declarations.meta.get('application-name')?.[0]) ??
    '';
  return withoutSiteName(title, heading, site, html) ?? (heading === '' ? undefined : heading);
}

/** Removes what a site adds to all its titles: `Headline | Site`, `Headline - Site`. */
function withoutSiteName(
  title: string | undefined,
  heading: string,
  site: string,
  html: string,
): string | undefined {
  if (title === undefined) return undefined;
  if (heading !== '' && foldLine(title).startsWith(foldLine(heading))) return heading;
  // The first separator behind which no stroke separates more.
  const stroke = title.lastIndexOf('|');
  const separators = [...title.matchAll(/ [|–—-] /g)];
  const at = separators.find(({ index }) => index > 0 && index + 2 > stroke)?.index;
  if (at === undefined) return title;
  const [bare, behind] = [title.slice(0, at), title.slice(at + 3)];
  const isSite = site !== '' && foldLine(behind) === foldLine(site);
  // Or any element of the page, heading or not, holds the longer part and nothing else.
  return isSite || (bare.length > behind.length && html.includes(`>${bare}<`)) ? bare : title;
}

function tags(each: readonly string[], together: string | undefined): string[] | undefined {
  const words = each.length > 0 ? each : (together?.split(/[,،;]/u) ?? []);
  const found = [...new Set(words.slice(0, MAX_READ_ENTRIES).flatMap((tag) => asName(tag) ?? []))];
  return found.length > 0 ? found : undefined;
}

function authors(values: readonly string[]): { name: string }[] | undefined {
  // `article:author` is often the address of a profile.
  const names = values
    .flatMap((value) => asName(value) ?? [])
    .filter((name) => !/^(?:https?:|@|\/)/.test(name));
  return names[0] === undefined ? undefined : [{ name: names[0] }];
}

function image(
  first: (...names: string[]) => string | undefined,
  url: string | undefined,
): Findings['image'] {
  const address = resolveWebUrl(
    first(
      'og:image:secure_url',
      'og:image',
      'og:image:url',
      'twitter:image',
      'twitter:image:src',
      'parsely-image-url',
    ),
    url,
  );
  if (address === undefined) return undefined;
  const [width, height] = [Number(first('og:image:width')), Number(first('og:image:height'))];
  const isSized = [width, height].every(
    (side) => Number.isInteger(side) && side > 1 && side <= LIMITS.pixels,
  );
  const alt = asText(first('og:image:alt', 'twitter:image:alt'), LIMITS.paragraph);
  return { url: address, ...(isSized ? { width, height } : {}), ...defined({ alt }) };
}
