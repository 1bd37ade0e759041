/**
 * A strict reader of XML 1.0 without a document type: it throws on what is not well-formed, where the parsers
 * that feeds meet in the wild forgive some of it. Only for tests.
 */

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** All character data directly in the element. */
  text: string;
}

// Production 2 (Char) turned round, and the lexical rules of sections 2.3 to 2.7, 3.1 and 4.1.
const NOT_CHAR = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const NAME = String.raw`[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?`;
const DECLARATION = /<\?xml version="1\.0" encoding="utf-8"\?>\n/y;
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
const TEXT = /[^<]+/y;
const OPEN = new RegExp(`<(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>`, 'y');
const CLOSE = new RegExp(`</(${NAME})\\s*>`, 'y');
const ATTRIBUTE = new RegExp(`(${NAME})="([^"]*)"`, 'g');
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The document's root element. */
export function readXml(document: string): XmlElement {
  const odd = NOT_CHAR.exec(document);
  if (odd) throw new Error(`U+${odd[0].codePointAt(0)?.toString(16)} at ${odd.index} is no XML character`);
  const top: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  let at = 0;
  const take = (token: RegExp): RegExpExecArray | null => {
    token.lastIndex = at;
    const match = token.exec(document);
    if (match) at = token.lastIndex;
    return match;
  };
  if (!take(DECLARATION)) throw new Error('no XML declaration');
  while (at < document.length) {
    const here = open.at(-1) ?? top;
    let match = take(CDATA);
    if (match) {
      here.text += match[1];
      continue;
    }
    match = take(TEXT);
    if (match) {
      if (match[0].includes(']]>')) throw new Error(`]]> in character data before ${at}`);
      here.text += dereference(match[0]);
      continue;
    }
    match = take(CLOSE);
    if (match) {
      if (match[1] !== here.name) throw new Error(`</${match[1]}> closes <${here.name}> at ${at}`);
      open.pop();
      continue;
    }
    match = take(OPEN);
    if (!match) throw new Error(`no XML at ${at}: ${document.slice(at, at + 40)}`);
    const element: XmlElement = { name: match[1] ?? '', attributes: {}, children: [], text: '' };
    for (const [, name = '', value = ''] of (match[2] ?? '').matchAll(ATTRIBUTE)) {
      if (name in element.attributes) throw new Error(`${name} twice in <${element.name}>`);
      element.attributes[name] = dereference(value);
    }
    here.children.push(element);
    if (match[3] !== '/') open.push(element);
  }
  const [root, ...others] = top.children;
  if (open.length !== 1 || root === undefined || others.length > 0 || top.text.trim() !== '') {
    throw new Error('not one root element, closed at its end');
  }
  return root;
}

function dereference(text: string): string {
  return text.replace(/&([^;&]*);?/g, (reference, body: string) => {
    const number = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(body);
    const character = number
      ? String.fromCodePoint(Number.parseInt(number[1] ?? number[2] ?? '', number[1] ? 16 : 10))
      : NAMED[body];
    if (character === undefined || NOT_CHAR.test(character) || !reference.endsWith(';')) {
      throw new Error(`bad reference ${reference}`);
    }
    return character;
  });
}

/** The text of the first child of that name, trimmed as feed readers do. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return element?.children.find((child) => child.name === name)?.text.trim();
}
