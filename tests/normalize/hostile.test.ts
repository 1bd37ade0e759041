import { describe, expect, test } from 'vitest';
import { SHAPES } from '../../bench/normalize/shapes.ts';
import type { Block } from '../../src/domain/blocks.ts';
import { normalize } from '../../src/normalize/normalize.ts';
import { THOROUGH, turnOf } from '../thorough.ts';
import { draft } from './drafts.ts';

const SIZE = 1 << 20;

/** So much of each: what is quadratic does not end in the time a test has. How time grows is measured in bench/. */
const TRIED = THOROUGH ? SIZE / 4 : SIZE / 8;

const FORMATS = ['html', 'text', 'page'] as const;

const shapes: Record<string, string> = {
  'accents stacked on one letter': `a${'\u0301\u0323'.repeat(250_000)}`,
  'nested elements': `${'<div>'.repeat(100_000)}x`,
  'nested elements, closed': `${'<div>'.repeat(80_000)}x${'</div>'.repeat(80_000)}`,
  'unclosed paragraphs': '<p><b>word '.repeat(50_000),
  'small bold words': '<b>a</b>'.repeat(SIZE / 8),
  'nested lists': '<ul><li>a'.repeat(100_000),
  'nested quotes': '<blockquote>a'.repeat(80_000),
  'nested tables': '<table><tr><td>a'.repeat(60_000),
  'cells with pictures': `<table>${'<td><img src=/a>'.repeat(60_000)}`,
  'figures with captions': '<figure><figcaption>a'.repeat(40_000),
  'captions in one figure': `<figure>${'<figcaption>a</figcaption>'.repeat(40_000)}`,
  'links in links': '<a href=/x>y'.repeat(80_000),
  'closing tags alone': `${'<b>'.repeat(300)}${'</i>'.repeat(200_000)}`,
  attributes: `<p ${'a=1 '.repeat(200_000)}>x`,
  entities: '&amp;'.repeat(SIZE / 5),
  'one word': 'a'.repeat(SIZE),
  breaks: 'a<br>'.repeat(150_000),
  'candidates of a picture': `<img srcset="${'/a 1x, '.repeat(140_000)}">`,
  'sources of a picture': `<picture>${'<source srcset="/a 900w">'.repeat(40_000)}<img src=/a>`,
  'files of a film': `<video>${'<source src=/a.mp4>'.repeat(50_000)}`,
  'changes of language': '<i lang=ur dir=rtl><b lang=en>a'.repeat(30_000),
  'words in other languages': `<p>${'<i lang=ur>a</i> <i lang=fr>b</i> '.repeat(30_000)}`,
  'quotes in another language': '<blockquote lang=ur>a'.repeat(50_000),
  'nested definitions': '<dl><dt>a<dd>b'.repeat(60_000),
  'nested fact boxes': '<aside>a'.repeat(100_000),
  'fallbacks in fallbacks': '<noscript><img src=/a>'.repeat(45_000),
  'embed codes in embed codes': '<blockquote class=twitter-tweet><a href=//x.com/a/status/1>a'.repeat(16_000),
  'opening brackets': '['.repeat(SIZE),
  'shortcodes that never end': '[a b="'.repeat(170_000),
  shortcodes: '[caption a="b"]<img src=/a>[/caption][x y="z"]'.repeat(20_000),
  'shortcodes of many names': Array.from({ length: 60_000 }, (_, index) => `[a${index}][/a${index}]`).join(
    '',
  ),
  'addresses in a shortcode': `[gallery ${'https://a.example/1.jpg '.repeat(40_000)}]`,
  'escaped markup': '&lt;p&gt;a'.repeat(SIZE / 10),
  'markup of a JSON string': '\\u003cp>a<\\/p>'.repeat(70_000),
  'typed bullets': '<p>• a<br>• b'.repeat(60_000),
  'lines of one typed list': `<p>${'• a<br>'.repeat(100_000)}`,
  'typed numbers': '1. a\n2. b\n'.repeat(90_000),
  'line ends': 'a\n'.repeat(SIZE / 2),
  'spaces in JSON-LD': `<script type="application/ld+json">{${' '.repeat(1_000_000)}x</script><p>x`,
  'tags that never end': '<body<p'.repeat(140_000),
  'authors in authors': `${'<b class=author>'.repeat(250)}${'a '.repeat(400_000)}`,
  'elements just few enough for a DOM': `${'<b>a</b>'.repeat(19_000)}${'<p>A line of a story. '.repeat(900)}`,
  'divisions just few enough': '<div>A line, of a story, that is told.'.repeat(19_900),
  'JSON-LD': `<script type="application/ld+json">${'['.repeat(500_000)}</script><p>x`,
};

describe.each(FORMATS)('hostile shapes end, as %s', (format) => {
  const tried = turnOf(Object.entries(shapes), FORMATS.indexOf(format), FORMATS.length);

  test.each(tried)('%s', async (_name, content) => {
    const given = draft(format, content.slice(0, TRIED), { headline: 'H' });
    const result = await normalize(given, { id: 'p', name: 'P' });
    if ('content' in result) expect(depth(result.content.body)).toBeLessThanOrEqual(20);
  });
});

test('a paragraph of more lines than a call may have arguments', async () => {
  const lines = 'a\n\n'.concat('• a\n'.repeat(200_000));
  for (const format of ['page', 'text'] as const) {
    const result = await normalize(draft(format, lines, { headline: 'H' }), { id: 'p', name: 'P' });
    const items =
      'content' in result
        ? result.content.body.flatMap((block) => (block.type === 'list' ? block.items : []))
        : [];
    expect(items.length, format).toBe(200_000);
  }
});

/**
 * Four times the text takes four times the work, or sixteen times if the work is quadratic. Only in thorough runs, since
 * nothing but the clock of the processor tells; `npm run bench:hostile` measures how time grows exactly.
 */
describe.runIf(THOROUGH)('no shape takes quadratic time', () => {
  const MAX_RATIO = 10;
  /** Below it, the clock and the compiler decide. */
  const MIN_MS = 20;

  const processorTime = async (run: () => Promise<unknown>): Promise<number> => {
    let best = Number.POSITIVE_INFINITY;
    for (let runs = 0; runs < 3; runs += 1) {
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, (user + system) / 1_000);
    }
    return best;
  };

  const cases = SHAPES.filter(({ kind }) => kind !== 'document').flatMap((shape) =>
    (shape.kind === 'text' ? (['page', 'text'] as const) : (['page', 'html'] as const)).map(
      (format) => [`${shape.name} as ${format}`, shape, format] as const,
    ),
  );

  test.each(cases)('%s', async (_name, { make }, format) => {
    const timeOf = (size: number) => {
      const given = draft(format, make(size), { headline: 'H' });
      return processorTime(() => normalize(given, { id: 'p', name: 'P' }));
    };
    const [less, more] = [await timeOf(SIZE / 16), await timeOf(SIZE / 4)];
    expect(more).toBeLessThan(Math.max(less, MIN_MS) * MAX_RATIO);
  });
});

/** How deep a value nests; with a stack of its own, so that it cannot overflow. */
function depth(body: Block[]): number {
  let deepest = 0;
  const stack: [unknown, number][] = [[body, 0]];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [value, level] = top;
    const isNode = typeof value === 'object' && value !== null && 'type' in value;
    deepest = Math.max(deepest, level);
    if (typeof value !== 'object' || value === null) continue;
    for (const each of Object.values(value))
      if (typeof each === 'object') stack.push([each, level + (isNode ? 1 : 0)]);
  }
  return deepest;
}
