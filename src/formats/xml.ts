/** The only writer of XML: feeds, OPML and sitemaps are built with these functions. */

import { escapeAttribute, escapeText, xmlText } from './escape.ts';

/** Attributes in order, without those that have no value. */
export type XmlAttributes = Readonly<Record<string, string | number | undefined>>;

/** An element with child elements, each on its own line. Empty strings are skipped. */
export function parent(name: string, children: readonly string[], attributes?: XmlAttributes): string {
  let content = '\n';
  for (const child of children) if (child !== '') content += `${child}\n`;
  return element(name, content, attributes);
}

/** An element with text content; an empty string when there is no text. */
export function textElement(name: string, text: string | undefined, attributes?: XmlAttributes): string {
  const trimmed = text === undefined ? '' : xmlText(text).trim();
  return trimmed === '' ? '' : element(name, escapeText(trimmed), attributes);
}

/** An element whose text is HTML, in a CDATA section: shorter than escapes, and readable. */
export function htmlElement(name: string, html: string, attributes?: XmlAttributes): string {
  if (html === '') return '';
  const section = xmlText(html).replaceAll(']]>', ']]]]><![CDATA[>');
  return element(name, `<![CDATA[${section}]]>`, attributes);
}

/**
 * A required element with exactly the given text. Quotation marks are escaped as well, as the sitemap protocol requires
 * (https://www.sitemaps.org/protocol.html#escaping).
 */
export const requiredElement = (name: string, text: string): string => element(name, escapeAttribute(text));

export const emptyElement = (name: string, attributes: XmlAttributes): string =>
  `<${name}${written(attributes)}/>`;

/** @param content XML, already escaped */
const element = (name: string, content: string, attributes?: XmlAttributes): string =>
  `<${name}${written(attributes)}>${content}</${name}>`;

/** A whole document around its root element. @param stylesheet the URL of a CSS style sheet */
export function document(root: string, stylesheet?: string): string {
  const instruction =
    stylesheet === undefined
      ? ''
      : `<?xml-stylesheet type="text/css" href="${escapeAttribute(stylesheet)}"?>\n`;
  return `<?xml version="1.0" encoding="utf-8"?>\n${instruction}${root}\n`;
}

function written(attributes: XmlAttributes | undefined): string {
  if (attributes === undefined) return '';
  let all = '';
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) all += ` ${name}="${escapeAttribute(String(value))}"`;
  }
  return all;
}
