import { escapeAttribute, escapeText, xmlText } from './escape.ts';

/** Attributes in their order; those without a value are left out. */
export type XmlAttributes = Readonly<Record<string, string | number | undefined>>;

/** An element that holds others, each on lines of its own. Those left out are empty strings. */
export function parent(name: string, children: readonly string[], attributes: XmlAttributes = {}): string {
  const held = children.filter((child) => child !== '');
  return `<${name}${written(attributes)}>\n${held.join('\n')}\n</${name}>`;
}

/** An element that holds words; empty when there are none. */
export function words(name: string, text: string | undefined, attributes: XmlAttributes = {}): string {
  const trimmed = text === undefined ? '' : xmlText(text).trim();
  return trimmed === '' ? '' : `<${name}${written(attributes)}>${escapeText(trimmed)}</${name}>`;
}

/** An element whose words are markup: escaped by a section, which is shorter and can be read. */
export function markup(name: string, html: string, attributes: XmlAttributes = {}): string {
  if (html === '') return '';
  const section = xmlText(html).replaceAll(']]>', ']]]]><![CDATA[>');
  return `<${name}${written(attributes)}><![CDATA[${section}]]></${name}>`;
}

export const empty = (name: string, attributes: XmlAttributes): string => `<${name}${written(attributes)}/>`;

/** A whole document; `stylesheet` is the address of a CSS style sheet. */
export function document(root: string, stylesheet?: string): string {
  const instruction =
    stylesheet === undefined
      ? ''
      : `<?xml-stylesheet type="text/css" href="${escapeAttribute(stylesheet)}"?>\n`;
  return `<?xml version="1.0" encoding="utf-8"?>\n${instruction}${root}\n`;
}

function written(attributes: XmlAttributes): string {
  let all = '';
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) all += ` ${name}="${escapeAttribute(String(value))}"`;
  }
  return all;
}
