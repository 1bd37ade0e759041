import { describe, expect, test } from 'vitest';
import { draft, outline, read } from '../drafts.ts';

const STORY = 'The council has started to clean the old steps by the river again this week.';
const MORE = 'The work is to end before the rains, and the steps stay open on Sundays until then.';

/** What is made of a line that stands between two paragraphs of an article's own markup. */
async function between(html: string, fields: object = {}) {
  const article = await read(draft('html', `<p>${STORY}</p>${html}<p>${MORE}</p>`, fields));
  return {
    ...article,
    between: outline(article.body).filter((line) => line !== `p ${STORY}` && line !== `p ${MORE}`),
  };
}

describe('“also read” lines', () => {
  const url = 'https://publisher.example/2';

  test.each([
    ['a colon and a link', '<p>Also Read: <a href="/2">Bridge closes</a></p>'],
    ['a bold opening', '<p><strong>ALSO READ |</strong> <a href="/2">Bridge closes</a></p>'],
    ['all of it a link', '<p><a href="/2">Also read: Bridge closes</a></p>'],
    ['no mark but the link', '<p>Also read <a href="/2">Bridge closes</a></p>'],
    ['a quote around it', '<blockquote><p>Also read: <a href="/2">Bridge closes</a></p></blockquote>'],
    ['a list of one', '<ul><li>Also read: <a href="/2">Bridge closes</a></li></ul>'],
    ['brackets around it', '<p>[Also read: <a href="/2">Bridge closes</a>]</p>'],
    ['one word and a link', '<p>Read: <a href="/2">Bridge closes</a></p>'],
    ['a heading over a list', '<h3>Also read</h3><ul><li><a href="/2">Bridge closes</a></li></ul>'],
    ['a line over a link', '<p>Also read:</p><p><a href="/2">Bridge closes</a></p>'],
  ])('with %s', async (_form, html) => {
    const article = await between(html);
    expect(article.related).toEqual([{ title: 'Bridge closes', url }]);
    expect(article.between).toEqual([]);
    expect(article.warned).toEqual(['related-lifted: Bridge closes']);
  });

  test.each([
    ['hi', 'ये भी पढ़ें- पुल बंद रहेगा'],
    ['hi', 'यह भी पढे़ं : पुल बंद रहेगा'],
    ['hi', 'इसे भी पढ़ें:- पुल बंद रहेगा'],
    ['mr', 'हेही वाचा : पुल बंद राहणार'],
    ['ur', 'یہ بھی پڑھیں: پل بند رہے گا'],
    ['bn', 'আরও পড়ুন: সেতু বন্ধ থাকবে'],
    ['ta', 'இதையும் படிக்க: பாலம் மூடல்'],
    ['en', 'Also Read — Bridge closes'],
  ])('in %s without a link', async (language, line) => {
    const article = await between(`<p>${line}</p>`, { language });
    expect(article.between).toEqual([]);
    expect(article.related).toEqual([{ title: line.replace(/^.*?[-:—]+\s*/u, '') }]);
  });

  test('several links are several articles, and one is told once', async () => {
    const links = '<a href="/2">Bridge closes</a> | <a href="/3">Fares rise</a>';
    const article = await between(
      `<p>Also read: ${links}</p><p>Also read: <a href="/2">Bridge closes</a></p>`,
    );
    expect(article.related).toEqual([
      { title: 'Bridge closes', url },
      { title: 'Fares rise', url: 'https://publisher.example/3' },
    ]);
  });

  test('what the publisher names itself comes first', async () => {
    const article = await between('<p>Also read: Bridge closes</p>', { related: [{ title: 'Given' }] });
    expect(article.related).toEqual([{ title: 'Given' }, { title: 'Bridge closes' }]);
  });

  test.each([
    'Read: the first word of every lesson on the wall.',
    'She also read the notice aloud.',
    'Also read the small print before you sign.',
    'Watch the river rise - it took an hour.',
  ])('“%s” is a sentence', async (line) => {
    expect((await between(`<p>${line}</p>`)).between).toEqual([`p ${line}`]);
  });

  test('a heading that says so, over text, is a heading', async () => {
    expect((await between('<h3>Explained</h3>')).between).toEqual(['h3 Explained']);
  });
});

describe('labels', () => {
  test.each(['Advertisement', 'ADVERTISEMENT', '- Advertisement -', 'Story continues below this ad'])(
    '%s goes from any article',
    async (label) => {
      const article = await between(`<p>${label}</p>`);
      expect(article.between).toEqual([]);
      expect(article.codes).toEqual(['boilerplate-dropped']);
    },
  );

  test('in the article’s language too', async () => {
    expect((await between('<p>विज्ञापन</p>', { language: 'hi' })).between).toEqual([]);
  });

  test.each(['Trending now', 'Comments', 'Watch live TV'])('%s only from a page', async (label) => {
    expect((await between(`<h3>${label}</h3>`)).between).toEqual([`h3 ${label}`]);
    const page = await read(
      draft('page', `<article><h1>Steps</h1><p>${STORY}</p><p>${label}</p><p>${MORE}</p></article>`),
    );
    expect(outline(page.body)).toEqual([`p ${STORY}`, `p ${MORE}`]);
  });

  test('a sentence with the word in it stays', async () => {
    const line = 'An advertisement for the post appeared on Friday.';
    expect((await between(`<p>${line}</p>`)).between).toEqual([`p ${line}`]);
  });
});

describe('the headline once more', () => {
  test.each(['h1', 'h2', 'p'])('as %s in front of the text', async (name) => {
    const article = await read(draft('html', `<${name}>A  <b>headline</b></${name}><p>${STORY}</p>`));
    expect(outline(article.body)).toEqual([`p ${STORY}`]);
    expect(article.warned).toEqual(['headline-repeated: A headline']);
  });

  test('a paragraph of the same words further down stays', async () => {
    const article = await read(draft('text', `${STORY}\n\nA headline`));
    expect(outline(article.body)).toEqual([`p ${STORY}`, 'p A headline']);
  });
});

describe('the agency’s credit', () => {
  test.each([
    ['<p>(PTI)</p>', 'PTI'],
    ['<p>— Reuters</p>', 'Reuters'],
    ['<p><em>(With inputs from ANI)</em></p>', 'With inputs from ANI'],
    ['<p>Source: City Herald</p>', 'Source: City Herald'],
    ['<p>PTI and AFP</p>', 'PTI and AFP'],
  ])('%s', async (html, credit) => {
    const article = await read(draft('html', `<p>${STORY}</p>${html}`));
    expect(article.credit).toBe(credit);
    expect(outline(article.body)).toEqual([`p ${STORY}`]);
    expect(article.codes).toEqual(['credit-lifted']);
  });

  test.each([
    ['hi', '(भाषा)', 'भाषा'],
    ['hi', 'इनपुट: एजेंसी', 'इनपुट: एजेंसी'],
    ['ur', '(یو این آئی)', 'یو این آئی'],
    ['bn', 'সূত্র: পিটিআই', 'সূত্র: পিটিআই'],
    ['es', '(EFE y AFP)', 'EFE y AFP'],
    ['fr', '(AFP et Reuters)', 'AFP et Reuters'],
    ['de', '(dpa und AFP)', 'dpa und AFP'],
    ['pt', '(Lusa e EFE)', 'Lusa e EFE'],
    ['id', '(Antara dan Reuters)', 'Antara dan Reuters'],
    ['hi', '(भाषा और एएनआई)', 'भाषा और एएनआई'],
    ['gu', '(પીટીઆઈ અને એએનઆઈ)', 'પીટીઆઈ અને એએનઆઈ'],
    ['te', '(పీటీఐ మరియు ఏఎన్ఐ)', 'పీటీఐ మరియు ఏఎన్ఐ'],
    ['ar', '(رويترز والأناضول)', 'رويترز والأناضول'],
    ['ur', '(اے پی پی)۔', 'اے پی پی'],
    ['my', '(Reuters)။', 'Reuters'],
    ['zh-Hans', '（新华社）', '新华社'],
    ['zh-Hans', '（新华社）。', '新华社'],
    ['ja', '（共同通信）', '共同通信'],
  ])('in %s: %s', async (language, line, credit) => {
    const alone = await read(draft('text', `${STORY}\n\n${line}`, { language }));
    expect(alone.credit).toBe(credit);
    expect(outline(alone.body)).toEqual([`p ${STORY}`]);
  });

  test.each([
    ['ur', '(اے پی پی)۔', 'اے پی پی'],
    ['zh-Hans', '（新华社）', '新华社'],
    ['ja', '（共同通信）。', '共同通信'],
  ])('in %s behind the last sentence: %s', async (language, line, credit) => {
    const article = await read(draft('text', `${STORY} ${line}`, { language }));
    expect(article.credit).toBe(credit);
    expect(outline(article.body)).toEqual([`p ${STORY}`]);
  });

  test('in brackets behind the last sentence', async () => {
    const article = await read(draft('html', `<p>${STORY} <b>(PTI)</b></p><hr>`));
    expect(article.credit).toBe('PTI');
    expect(outline(article.body)).toEqual([`p ${STORY}`]);
  });

  test.each([
    'He works for Reuters',
    '(see the map)',
    'The source: a spring below the hill that has never run dry, say villagers',
  ])('“%s” is none', async (line) => {
    const article = await read(draft('text', `${STORY}\n\n${line}`));
    expect(article.credit).toBeUndefined();
    expect(outline(article.body)).toEqual([`p ${STORY}`, `p ${line}`]);
  });

  test('the publisher’s own stays, and another in the text too', async () => {
    expect((await read(draft('text', `${STORY}\n\n(PTI)`, { credit: 'PTI' }))).body).toHaveLength(1);
    const other = await read(draft('text', `${STORY}\n\n(PTI)`, { credit: 'Ours' }));
    expect(other).toMatchObject({ credit: 'Ours' });
    expect(other.body).toHaveLength(2);
  });
});

describe('around a page’s article', () => {
  const page = (...between: string[]) =>
    read(
      draft('page', `<div><h1>Steps by the river</h1>${between.join('')}<p>${STORY}</p><p>${MORE}</p></div>`),
    );
  const behind = (...lines: string[]) =>
    read(draft('page', `<div><h1>Steps</h1><p>${STORY}</p><p>${MORE}</p>${lines.join('')}</div>`));
  const story = [`p ${STORY}`, `p ${MORE}`];

  test.each([
    ['By Harbour Desk', 'Harbour Desk'],
    ['Von Hafen Redaktion und Agenturen', 'Hafen Redaktion und Agenturen'],
    ['Par La Rédaction', 'La Rédaction'],
    ['Por Redacción de Ciudad', 'Redacción de Ciudad'],
  ])('“%s” names the author', async (line, name) => {
    const article = await page(`<p>${line}</p>`);
    expect(article.authors).toEqual([{ name }]);
    expect(outline(article.body)).toEqual(story);
  });

  test('“Von …” with more than names behind it does not', async () => {
    expect((await page('<p>Von Hafen zu Hafen</p>')).authors).toEqual([]);
  });

  test.each([
    'The steps by the river. File photo',
    'The steps by the river | Photo: Harbour Desk',
    'The steps by the river. © Harbour Desk',
    'The steps by the river！File photo',
    'The steps by the river（File photo）。',
  ])('“%s” is a caption', async (line) => {
    const article = await page(`<p>${line}</p>`);
    expect(article.image?.caption).toBe(line);
    expect(outline(article.body)).toEqual(story);
  });

  test.each([
    'Copyright © Harbour Press',
    'Follow us on WhatsApp and Telegram',
    'हमें गूगल न्यूज पर फॉलो करें',
    'Folgen Sie uns auf WhatsApp',
    'Tags: River, Steps',
  ])('“%s” goes', async (line) => {
    expect(outline((await behind(`<p>${line}</p>`)).body)).toEqual(story);
  });

  test('a sentence that tells of a follower or a hyphen in a word asks nobody', async () => {
    const line = 'She follows the harbour on Telegram and reads the Photo-Zeitung: a paper for divers.';
    expect(outline((await behind(`<p>${line}</p>`)).body)).toEqual([...story, `p ${line}`]);
  });

  test('lines that are all link are other articles, also on a page without an address', async () => {
    const given = draft(
      'page',
      `<div><h1>Steps</h1><p>${STORY}</p><p><a href="/bridge">Bridge closes for the whole winter</a></p>
       <p>${MORE} <a href="/map">See the map</a>.</p></div>`,
      { url: undefined },
    );
    const article = await read(given);
    expect(article.related).toEqual([{ title: 'Bridge closes for the whole winter' }]);
    expect(outline(article.body)).toEqual([`p ${STORY}`, `p ${MORE} See the map.`]);
    expect(JSON.stringify(article)).not.toContain('invalid');
  });

  test('a headline with the date below it in one paragraph, as print pages have it', async () => {
    const html = `<html><head><title>Steps by the river</title></head><body><b>Herald</b><hr>
      <font>Steps by the river</font><br>22 November 2026<hr><p>${STORY}</p><p>${MORE}</p></body></html>`;
    expect(outline((await read(draft('page', html))).body)).toEqual(story);
  });

  test('another story under a linked heading is not this one', async () => {
    const article = await behind(
      '<h2><a href="/other">Lock stays shut</a></h2>',
      `<p>The lock ${STORY.slice(4)}</p>`,
    );
    expect(outline(article.body)).toEqual(story);
  });

  test('teasers under a label, and scraps under none', async () => {
    const teaser = (word: string) => `<p>${word} lock</p><p>The ${word} lock ${STORY.slice(4)}</p>`;
    const teasers = await behind(`<p>${STORY} Twice.</p><p>${MORE} Twice.</p><p>${STORY} Thrice.</p>`).then(
      (article) => outline(article.body),
    );
    const labelled = await behind(
      `<p>${STORY} Twice.</p><p>${MORE} Twice.</p><p>${STORY} Thrice.</p>`,
      `<h3>More stories</h3>${teaser('west')}${teaser('east')}`,
    );
    expect(outline(labelled.body)).toEqual(teasers);
    expect(outline((await behind('<p>River</p><p>Steps</p><p>Locks</p>')).body)).toEqual(story);
  });
});

test('a divider at an end, or a second one, parts nothing', async () => {
  const article = await read(draft('html', `<hr><p>${STORY}</p><hr><hr><p>${MORE}</p><hr>`));
  expect(outline(article.body)).toEqual([`p ${STORY}`, 'divider', `p ${MORE}`]);
});

test('warnings are at most 100, each at most 80 graphemes', async () => {
  const labels = `<p>Advertisement</p><p>Also read: ${'क्षिक्षि '.repeat(38)}</p>`.repeat(80);
  const { warned } = await read(draft('html', labels, { language: 'en' }));
  expect(warned).toHaveLength(100);
  const segmenter = new Intl.Segmenter('hi');
  const longest = warned.map((line) => [...segmenter.segment(line.replace(/^[\w-]+: /, ''))].length);
  expect(Math.max(...longest)).toBeLessThanOrEqual(80);
  expect(Math.max(...longest)).toBeGreaterThan(70);
});
