import { SaxesParser } from 'saxes';

/** XML as a strict parser reads it, which throws on what is not well-formed. Only for tests. */

export interface XmlElement {
  name: string;
  /** The namespace the element's name is in. */
  namespace: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** All character data directly in the element. */
  text: string;
}

/** The document's root element. */
export function readXml(document: string): XmlElement {
  if (!document.startsWith('<?xml version="1.0" encoding="utf-8"?>\n')) throw new Error('no XML declaration');
  const top: XmlElement = { name: '', namespace: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type');
  });
  parser.on('comment', () => {
    throw new Error('a comment');
  });
  parser.on('opentag', ({ name, uri, attributes }) => {
    const values = Object.values(attributes).map((each): [string, string] => [each.name, each.value]);
    const element = { name, namespace: uri, attributes: Object.fromEntries(values), children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  const add = (text: string) => {
    const here = open.at(-1);
    if (here) here.text += text;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.write(document).close();
  const [root] = top.children;
  if (root === undefined) throw new Error('no root element');
  return root;
}

/** The text of the first child of that name, trimmed as feed readers do. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return element?.children.find((child) => child.name === name)?.text.trim();
}
