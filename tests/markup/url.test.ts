import { describe, expect, test } from 'vitest';
import { htmlToBlocks } from '../../src/normalize/html/html.ts';
import { Warnings } from '../../src/normalize/warnings.ts';

const BASE = 'https://publisher.example/news/1';

function hrefOf(attribute: string, base: string | undefined = BASE): string | undefined {
  const [block] = htmlToBlocks(`<a href="${attribute}">x</a>`, base, new Warnings());
  const node = block?.type === 'paragraph' ? block.content[0] : undefined;
  return node?.type === 'link' ? node.href : undefined;
}

describe('links', () => {
  test.each([
    ['https://a.example/?q=1&amp;r=2', 'https://a.example/?q=1&r=2'],
    ['/x', 'https://publisher.example/x'],
    ['../y?z', 'https://publisher.example/y?z'],
    ['//b.example', 'https://b.example/'],
    [' \n https://c.example/ ', 'https://c.example/'],
    ['mailto:desk@publisher.example', 'mailto:desk@publisher.example'],
    ['tel:+911234567890', 'tel:+911234567890'],
    ['https://d.example/समाचार', 'https://d.example/%E0%A4%B8%E0%A4%AE%E0%A4%BE%E0%A4%9A%E0%A4%BE%E0%A4%B0'],
  ])('%s → %s', (attribute, href) => {
    expect(hrefOf(attribute)).toBe(href);
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java&#9;script:alert(1)',
    'java&NewLine;script:alert(1)',
    '&#1;javascript:alert(1)',
    '&#106;avascript&colon;alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://a.example/1',
    'file:///etc/passwd',
    'view-source:https://a.example',
    'https://user:secret@a.example/',
    'https://',
    '#part',
    '',
    `https://a.example/${'x'.repeat(3000)}`,
  ])('%s is no link, its words stay', (attribute) => {
    const [block] = htmlToBlocks(`<a href="${attribute}">x</a>`, BASE, new Warnings());
    expect(block).toEqual({ type: 'paragraph', content: [{ type: 'text', text: 'x' }] });
  });

  test('a refused scheme is said; a relative address without a base is not', () => {
    const warnings = new Warnings();
    htmlToBlocks('<a href="javascript:1">x</a><a href="/y">y</a>', undefined, warnings);
    expect(warnings.list).toEqual([{ code: 'url-refused', excerpt: 'javascript:1' }]);
  });
});
