import type { Article, ArticleContent } from '../../../src/domain/article.ts';
import { articlePath } from '../../../src/domain/identity.ts';
import { articlePage } from '../../../src/formats/amp/article-page.ts';
import { typeRules } from '../../../src/formats/amp/typography.ts';
import { atom } from '../../../src/formats/atom.ts';
import { jsonFeed } from '../../../src/formats/json-feed.ts';
import { ninjs } from '../../../src/formats/ninjs.ts';
import { rss } from '../../../src/formats/rss.ts';
import { canonicalLanguage } from '../../../src/locales/language-tag.ts';
import { articles, publisher, site, urduVideo } from '../../formats/articles.ts';
import { feedOf, render } from '../../formats/feeds.ts';
import {
  attribute,
  BODY_ELEMENTS,
  elements,
  PAGE_ELEMENTS,
  strangers,
  textContent,
} from '../../formats/markup.ts';
import { readXml, textOf } from '../../formats/xml.ts';

/** Renders an article in each form that holds HTML, and says what of it a browser should not be given. */

export interface Rendering {
  form: string;
  html: string;
  /** The elements it may hold, and the attributes of each. */
  allowed: Record<string, readonly string[]>;
}

const ID = '0attack000000001';
const AT = '2026-11-22T10:00:00.000Z';

/** The content as the Desk would have published it. */
export function published(content: ArticleContent): Article {
  const url = `${site.origin}${articlePath(ID, content.headline)}`;
  return { ...content, id: ID, version: 1, status: 'published', url, publishedAt: AT, updatedAt: AT };
}

/** Every rendered form whose reader takes it for HTML, as that reader gets it out of its document. */
export function renderings(content: ArticleContent): Rendering[] {
  const article = published(content);
  const feed = feedOf([article]);
  const channel = readXml(render(rss, feed)).children[0];
  const item = channel?.children.find(({ name }) => name === 'item');
  const entry = readXml(render(atom, feed)).children.find(({ name }) => name === 'entry');
  const [newsItem] = (JSON.parse(render(ninjs, feed)) as { associations: { bodies: { value: string }[] }[] })
    .associations;
  const [jsonItem] = (JSON.parse(render(jsonFeed, feed)) as { items: { content_html: string }[] }).items;
  return [
    { form: 'AMP page', html: articlePage({ article, site, publisher }), allowed: PAGE_ELEMENTS },
    { form: 'RSS content:encoded', html: textOf(item, 'content:encoded') ?? '', allowed: BODY_ELEMENTS },
    { form: 'RSS description', html: textOf(item, 'description') ?? '', allowed: {} },
    { form: 'Atom content', html: textOf(entry, 'content') ?? '', allowed: BODY_ELEMENTS },
    { form: 'ninjs body', html: newsItem?.bodies[0]?.value ?? '', allowed: BODY_ELEMENTS },
    { form: 'JSON Feed content_html', html: jsonItem?.content_html ?? '', allowed: BODY_ELEMENTS },
  ];
}

/** All that is wrong with a content's renderings, each with the form it is in; empty when they are safe. */
export function harm(content: ArticleContent): string[] {
  return renderings(content).flatMap(({ form, html, allowed }) =>
    [...dangers(html, allowed), ...code(html).filter((each) => MARKER.test(each))].map(
      (danger) => `${form}: ${danger}`,
    ),
  );
}

const MARKER = /alert\(1\)|evil\.example/;
const XHTML = 'http://www.w3.org/1999/xhtml';

/** One for each script with a type of its own. */
const LANGUAGES = 'hi bn pa gu or ta te kn ml si ar ur zh zh-Hant ja ko th he'.split(' ');

const stylesOf = (html: string): string[] =>
  elements(html)
    .filter(({ tagName }) => tagName === 'style')
    .map(textContent);

const RULE = /([^{}]+)\{([^{}]*)\}/g;

/** What the pages' own rules say: a page takes those of what is on it, for the languages on it. */
const OWN_DECLARATIONS = new Set(
  articles
    .flatMap((article) => stylesOf(articlePage({ article, site })))
    .concat(LANGUAGES.map((language) => typeRules([language])))
    .flatMap((css) => [...css.matchAll(RULE)].map(([, , declarations]) => declarations)),
);

/** Selectors of elements, classes and languages; no attribute's value, by which a sheet could tell letters apart. */
const OWN_SELECTOR = /^(?:@media \([a-z-]+:[\w.]+\)|@media print|[\w\s.:()>+*,#[\]-]+)$/;

/** Whether a sheet is AMP's boilerplate, or made of the pages' own rules and nothing else. */
function isOwnStyle(css: string): boolean {
  if (BOILERPLATE.has(css)) return true;
  const inner = css.replace(/(@media [^{]+)\{((?:[^{}]+\{[^{}]*\})*)\}/g, (_, media, rules) =>
    OWN_SELECTOR.test(media) ? rules : '{}',
  );
  const rules = [...inner.matchAll(RULE)];
  const isWhole = rules.map(([rule]) => rule).join('') === inner;
  return (
    isWhole &&
    rules.every(
      ([, selector = '', declarations = '']) =>
        OWN_SELECTOR.test(selector) && OWN_DECLARATIONS.has(declarations),
    )
  );
}

/** Of a page that needs AMP's runtime. */
const BOILERPLATE = new Set(
  stylesOf(articlePage({ article: urduVideo, site })).filter((css) => css.includes('-amp-start')),
);

/** What in the markup is on no list: elements, attributes and URL schemes, and values that work by themselves. */
export function dangers(html: string, allowed: Rendering['allowed']): string[] {
  const found = strangers(html, allowed);
  // Escaped text has no such bracket, nor has the JSON-LD: it would be a comment, a CDATA section or worse.
  if (/<[!?](?!doctype html>)/i.test(html)) found.push('a comment or a declaration');
  for (const element of elements(html)) {
    const { tagName, attrs } = element;
    const value = (name: string) => attribute(element, name);
    const refuse = (what: string) => found.push(`<${tagName}> ${what}`);
    if (element.namespaceURI !== XHTML) refuse('in another namespace');
    if (tagName === 'script' && !isOwnScript(value('type'), value('src'), textContent(element)))
      refuse('runs');
    if (tagName === 'style' && !isOwnStyle(textContent(element))) refuse('is not the page’s own');
    if (tagName === 'link' && !['canonical', 'alternate'].includes(value('rel') ?? '')) refuse('loads');
    if (
      tagName === 'meta' &&
      value('property') === undefined &&
      value('name') === undefined &&
      value('charset') !== 'utf-8'
    ) {
      refuse('rules the page');
    }
    if (value('id') !== undefined && value('id') !== 'main') refuse(`has the id ${value('id')}`);
    const { class: names = '', lang, dir } = Object.fromEntries(attrs.map((each) => [each.name, each.value]));
    if (!/^[a-z0-9+# -]*$/i.test(names)) refuse(`has the class ${names}`);
    if (lang !== undefined && canonicalLanguage(lang) === undefined) refuse(`has the language ${lang}`);
    if (dir !== undefined && !['ltr', 'rtl', 'auto'].includes(dir)) refuse(`has the direction ${dir}`);
  }
  return found;
}

/** Data, or one of the AMP project's. */
function isOwnScript(type: string | undefined, src: string | undefined, text: string): boolean {
  if (type === 'application/ld+json') return src === undefined && isJson(text);
  return text === '' && /^https:\/\/cdn\.ampproject\.org\/v0[\w./-]*\.js$/.test(src ?? '');
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

const ADDRESSES = new Set([
  'action',
  'background',
  'cite',
  'data',
  'formaction',
  'href',
  'ping',
  'poster',
  'src',
  'xlink:href',
]);
const LOADED = new Set(['base', 'embed', 'form', 'frame', 'iframe', 'object', 'script']);

/**
 * Whatever in the markup would run, or be loaded into the page, without asking any list: the texts of scripts and
 * style sheets, handlers, styles, addresses that are scripts or data, addresses of what gets power over the page.
 */
export function code(html: string): string[] {
  return elements(html).flatMap((element) => {
    const { tagName, attrs } = element;
    const isText =
      (tagName === 'script' && attribute(element, 'type') !== 'application/ld+json') || tagName === 'style';
    const isSheet = tagName === 'link' && !/^(?:canonical|alternate)$/.test(attribute(element, 'rel') ?? '');
    const values = attrs.filter(({ name, value }) => {
      if (/^on/.test(name) || ['style', 'srcdoc', 'http-equiv'].includes(name)) return true;
      // What browsers strip before they read a scheme.
      const address = value.replace(/[\u0000-\u0020]/g, '');
      const isScript = /^[a-z][a-z0-9+.-]*:/i.test(address) && !/^(?:https?|mailto|tel):/i.test(address);
      return ADDRESSES.has(name) && (isScript || LOADED.has(tagName) || isSheet);
    });
    return [...(isText ? [textContent(element)] : []), ...values.map(({ value }) => value)];
  });
}

/** The elements of the markup with the names of their attributes: all of it but its words and values. */
export function skeleton(html: string): string[] {
  return elements(html).map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' '));
}
