/**
 * A style sheet with one rule a line and some `@media` blocks, compacted and reduced to the rules a page needs: most
 * pages have no table, code or gallery, and every byte of CSS delays the first word. One sheet for all pages would be
 * 9.3 kB before colours and fonts; the bound is 8 kB (tests/formats/amp/budget.test.ts).
 */
export class StyleSheet {
  readonly #groups: { media: string; rules: Rule[] }[] = [{ media: '', rules: [] }];

  constructor(source: string) {
    for (const line of source.split('\n').map((each) => each.trim())) {
      const [, selectors, declarations] = /^([^@{]+)\{(.*)\}$/.exec(line) ?? [];
      if (selectors !== undefined && declarations !== undefined) {
        this.#groups.at(-1)?.rules.push(new Rule(selectors, declarations));
      } else if (line.startsWith('@media')) this.#groups.push({ media: compact(line), rules: [] });
      else if (line === '}') this.#groups.push({ media: '', rules: [] });
      else if (line !== '') throw new Error(`Neither a rule nor a block: ${line}`);
    }
  }

  /** The rules for the elements and classes of some HTML. */
  usedIn(html: string): string {
    const present = new Set(['html', 'body', ...namesIn(html)]);
    return this.#groups
      .map(({ media, rules }) => {
        const used = rules.map((rule) => rule.usedWith(present)).join('');
        return used === '' || media === '' ? used : `${media}${used}}`;
      })
      .join('');
  }
}

class Rule {
  readonly #selectors: { selector: string; needs: string[] }[];
  readonly #declarations: string;

  constructor(selectors: string, declarations: string) {
    this.#selectors = selectors.split(',').map((each) => {
      const selector = compact(each.trim());
      return { selector, needs: needsOf(selector) };
    });
    this.#declarations = compact(declarations).replace(/;$/, '');
  }

  usedWith(present: ReadonlySet<string>): string {
    const used = this.#selectors.filter(({ needs }) => needs.every((name) => present.has(name)));
    return used.length === 0 ? '' : `${used.map(({ selector }) => selector).join()}{${this.#declarations}}`;
  }
}

/** The elements and `.classes` that a selector needs to match anything. */
function needsOf(selector: string): string[] {
  const plain = selector.replace(/:not\((?:[^()]|\([^()]*\))*\)|::?[a-z-]+(?![a-z(-])|\[[^[\]]*\]/g, ' ');
  return plain.match(/\.[\w-]+|(?<![\w.:-])[a-z][a-z0-9]*(?![\w(-])/g) ?? [];
}

function* namesIn(html: string): Generator<string> {
  for (const [, element = '', classes = ''] of html.matchAll(/<([a-z][a-z0-9-]*)(?: class="([^"]*)")?/g)) {
    yield element;
    for (const name of classes.split(' ')) yield `.${name}`;
  }
}

const compact = (css: string): string =>
  css
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/: /g, ':');
