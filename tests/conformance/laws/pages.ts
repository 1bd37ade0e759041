import fc from 'fast-check';

/**
 * Documents of known words: every word a reader would see is made up and stands there once. A template marks their
 * places; words that only label something (`Also read`) are the newsroom's, and not asked for.
 */
export interface Document {
  content: string;
  words: string[];
}

const PLACE = '¤';
const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';

/** Made-up words: an x behind a vowel is in nobody's vocabulary. */
function word(number: number): string {
  let rest = number * 37 + 5;
  let made = '';
  for (let syllable = 0; syllable < 2; syllable += 1) {
    made += `${CONSONANTS[rest % 14]}${VOWELS[Math.floor(rest / 14) % 5]}`;
    rest = Math.floor(rest / 70);
  }
  return `${made}x`;
}

/** Puts words into the places of a template. */
function filled(template: string): Document {
  const words: string[] = [];
  const content = template.replaceAll(PLACE, () => {
    const next = word(words.length);
    words.push(next);
    return next;
  });
  return { content, words };
}

const phrase = fc.integer({ min: 1, max: 4 }).map((count) => Array(count).fill(PLACE).join(' '));

/** The template with something in each place of its `_`. */
const shape = (template: string, inner: fc.Arbitrary<string> = phrase) => {
  const parts = template.split('_');
  return fc
    .array(inner, { minLength: parts.length - 1, maxLength: parts.length - 1 })
    .map((inners) => parts.map((part, index) => part + (inners[index] ?? '')).join(''));
};

const INLINE = [
  '_',
  '_ <b>_</b> _',
  '<i>_</i><br>_',
  '<a href="/x">_</a> _',
  '<a href="javascript:alert(1)">_</a>',
  '<a href="#x">_ <sup>_</sup></a>',
  '<q>_</q> <abbr title="t">_</abbr>',
  '<ruby>_<rp>(</rp><rt> _</rt><rp>)</rp></ruby>',
  '<span lang=ur dir=rtl>_</span> <bdi>_</bdi> <bdo dir=rtl>_</bdo>',
  '<u>_</u> <s>_</s> <ins>_</ins> <font color=red>_</font> <time>_</time> <data>_</data>',
  '<cite>_</cite> <label>_</label> <kbd>_</kbd> <mark>_</mark>',
  '<made-up>_</made-up> <nobr>_</nobr> <tt>_</tt>',
  '<object data="/x.bin">_</object>',
  '_ <img src="/x.jpg" alt=""> _',
  '_<iframe src="https://www.youtube.com/embed/M7lc1UVf-VE"></iframe> _',
];
// Left out with their words, and named.
const LEFT_OUT = [
  '_ <button>_</button>',
  '_ <select><option>_</select>',
  '_ <textarea>_</textarea>',
  '_ <svg><text>_</text></svg>',
  '_ <math><mi>_</mi></math>',
];

const BLOCKS = [
  '<p>_</p>',
  '<p>_',
  '_',
  '<p>_<br><br>_</p>',
  '<div>_<div>_</div>_</div>',
  '<h1>_</h1>',
  '<h2>_</h2>',
  '<h6>_</h6>',
  '<ul><li>_</li><li>_</li></ul>',
  '<ol start=3>_<li>_<li>_</ol>',
  '<ul><li>_<ul><li>_</ul></ul>',
  '<dl><dt>_<dt>_<dd>_<dd>_</dl>',
  '<dl>_<dd>_</dl>',
  '<blockquote>_<footer>_</footer></blockquote>',
  '<blockquote><p>_</p><cite>_</cite></blockquote>',
  '<blockquote><cite>_</cite><p>_</p><footer>_</footer></blockquote>',
  '<figure><img src="/x.jpg"><figcaption>_ <small>_</small></figcaption></figure>',
  '<figure><img src="/x.jpg"><figcaption>_</figcaption><figcaption>_</figcaption></figure>',
  '<figure><img src="data:x"><figcaption>_</figcaption></figure>',
  '<figure>_ <img src="/x.jpg"><img src="/y.jpg"> _<figcaption>_</figcaption></figure>',
  '<figure><blockquote>_<footer>_</footer></blockquote><figcaption>_</figcaption></figure>',
  '<figure><pre>_</pre><figcaption>_</figcaption></figure>',
  '<figure><table><caption>_</caption><tr><td>_<td>_</table><figcaption>_</figcaption></figure>',
  '<table><caption>_</caption><tr><th>_<th>_<tr><td>_<td><p>_</p><ul><li>_</ul></table>',
  '<table>_ <tr>_ <td>_</td> _</tr></table>',
  '<table><tr><td>_<table><tr><td>_<td>_</table><td>_</table>',
  '<table><thead><tr><th>_<tbody><tr><td>_<tfoot><tr><td>_</table>',
  '<pre>_\n  <code class="language-js">_</code></pre>',
  '<aside>_<p>_</p></aside>',
  '<div class="factbox"><h3>_</h3>_</div>',
  '<details><summary>_</summary>_</details>',
  '<fieldset><legend>_</legend>_</fieldset>',
  '<section><header>_</header><address>_</address><footer>_</footer></section>',
  '<nav>_</nav><form>_</form><center>_</center><dialog open>_</dialog>',
  '<div class="wp-caption"><img src="/x.jpg"><p class="wp-caption-text">_</p></div>',
  '<div class="gallery">_<figure><img src="/x.jpg"><figcaption>_</figcaption></figure></div>',
  // The words that an embed is put in place of are named in one excerpt.
  `<blockquote class="twitter-tweet"><p>${PLACE}</p>${PLACE} <a href="https://twitter.com/a/status/20">${PLACE}</a></blockquote>`,
  '<li>_</li><dd>_</dd><td>_</td><figcaption>_</figcaption><caption>_</caption>',
  '<p>Advertisement</p><p>_</p>',
  '<p>Also read: <a href="/2">_</a></p>',
  '<p>Also read</p><ul><li><a href="/2">_</a><li><a href="/3">_</a></ul>',
  '<hr><p>_</p>',
];
const inline = fc.constantFrom(...INLINE, ...LEFT_OUT).chain((template) => shape(template));
const block = fc.constantFrom(...BLOCKS).chain((template) => shape(template, inline));
const body = fc.array(block, { minLength: 1, maxLength: 6 }).map((blocks) => blocks.join('\n'));

/** An article's markup, at times with a place line and an agency's credit. */
export const markup = fc
  .tuple(
    fc.constantFrom('', `<p>MUMBAI (Reuters) - ${PLACE} ${PLACE} ${PLACE}.</p>`),
    body,
    fc.constantFrom('', '<p>(PTI)</p>'),
  )
  .map((parts) => filled(parts.join('')));

const sentence = fc.integer({ min: 8, max: 14 }).map((count) => `${Array(count).fill(PLACE).join(' ')}.`);

/** An article's plain text: paragraphs, short lines, what else newsrooms put between. */
export const plainText = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: sentence },
      phrase,
      fc.constantFrom(
        'Advertisement',
        'WATCH LIVE TV',
        `Also read: ${PLACE} ${PLACE}`,
        `MUMBAI: ${PLACE} ${PLACE}`,
        `(${PLACE})`,
      ),
      phrase.map((line) => `By ${line}`),
    ),
    { minLength: 1, maxLength: 10 },
  )
  .chain((lines) => fc.constantFrom('\n\n', '\n').map((end) => filled(lines.join(end))));

const place = fc.constant(PLACE);

/**
 * A whole page: an article of some sentences with a block among them, and a little around it. What is left out of a
 * page is named region by region, in one excerpt each: regions here are short enough to be named whole.
 */
export const page = fc
  .tuple(
    fc.array(sentence, { minLength: 4, maxLength: 6 }),
    fc
      .oneof(
        fc.constantFrom(...BLOCKS),
        fc.constantFrom(...INLINE).map((template) => `<p>${template}</p>`),
      )
      .chain((template) => shape(template, place)),
    fc.constantFrom('article', 'main', 'div'),
  )
  .map(([sentences, inside, element]) => {
    const [first = '', ...others] = sentences.map((each) => `<p>${each}</p>`);
    return filled(
      [
        '<!doctype html><html><head><title>A headline</title></head><body>',
        `<header>${PLACE} ${PLACE}</header><nav><a href="/">${PLACE}</a></nav>`,
        `<${element}><h1>A headline</h1>`,
        ...[first, inside, ...others],
        `</${element}><aside>${PLACE} ${PLACE}</aside><footer>${PLACE} ${PLACE}</footer></body></html>`,
      ].join('\n'),
    );
  });
