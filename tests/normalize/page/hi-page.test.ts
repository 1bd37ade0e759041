import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { blockText } from '../../../src/domain/blocks.ts';
import { draft, read } from '../drafts.ts';

const SAMPLE = resolve(import.meta.dirname, '../../../../shared/samples/hi-page.txt');

const ALSO_READ = 'ये भी पढ़ें-'.normalize('NFC');

// A real page's text, which is not part of this project: looked at where it is at hand.
test.skipIf(!existsSync(SAMPLE))(
  'a real Hindi page’s text, with nothing but an id and an address',
  async () => {
    const page = readFileSync(SAMPLE, 'utf8').normalize('NFC');
    const lines = page
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
    const article = await read(draft('page', page));
    const texts = article.body.map(blockText);

    expect(article).toMatchObject({ language: 'hi', direction: 'ltr', dateline: 'हरिद्वार' });
    expect(article.headline).toBe(lines[0]);
    expect(texts).not.toContain(article.headline);
    expect(article.summary).toBe(lines[3]);
    expect(article.image).toEqual({ caption: lines[4] });
    expect(article.body.map(({ type }) => type).join(' ')).toBe(
      'paragraph heading paragraph heading paragraph heading paragraph',
    );
    expect(article.body.flatMap((block) => (block.type === 'heading' ? [block.level] : []))).toEqual([
      2, 2, 2,
    ]);
    const also = lines.filter((line) => line.startsWith(ALSO_READ));
    expect(article.related).toEqual(also.map((line) => ({ title: line.slice(ALSO_READ.length).trim() })));

    // Every other word survives, in order.
    const gone = new Set(['Advertisement', 'WATCH LIVE TV', 'Trending news', ...also, ...lines.slice(0, 5)]);
    const rest = lines.filter((line) => !gone.has(line)).join(' ');
    expect([`${article.dateline}:`, ...texts].join(' ').split(/\s+/)).toEqual(rest.split(/\s+/));
    expect(JSON.stringify(article.body)).not.toMatch(/Advertisement|LIVE TV|Trending|पढ़ें-/);
  },
);
