import { type Attributes, type DocumentHandler, parseHtml } from '../../markup/html-parser.ts';
import { MarkCollector, type Marks } from './declarations.ts';

/** What one reading of a whole page finds in it, besides its article. */
export interface Survey extends Marks {
  /** Where in the HTML the article's element lies. */
  article: {
    start: number;
    end: number;
    /** Whether the page itself says that this element holds the article, or it only looks so. */
    isDeclared: boolean;
    /** Whether it is the only one that the page marks as an article's body. */
    isOnlyBody: boolean;
    /** How many characters of text it holds that are not in links. */
    text: number;
  };
  /** Where its first `h1` ends; undefined when it has none. */
  headlineEnd: number | undefined;
  /** How many elements the page has, and how many nodes a tree of it would have: texts and attributes, too. */
  elements: number;
  nodes: number;
  /** How many elements are open at once, the parser's own limit the most. */
  depth: number;
}

/** An element that may hold the article, or a part of it. */
interface Element {
  name: string;
  start: number;
  role: 'body' | 'article' | 'main' | undefined;
  /** Characters of text that is not in links: all of it, and what stands in paragraphs right below. */
  text: number;
  paragraphs: number;
  isBlock: boolean;
}

interface Candidate {
  role: Element['role'];
  text: number;
  score: number;
  start: number;
  end: number;
}

const PARAGRAPHS = new Set(['p', 'li', 'blockquote', 'pre', 'td']);
const BLOCKS = new Set([
  ...PARAGRAPHS,
  ...'div section article main body table tr ul ol figure aside nav'.split(' '),
]);
const UNREAD = new Set('script style template noscript svg select textarea button iframe'.split(' '));
const ROLES: Readonly<Record<string, Element['role']>> = { article: 'article', main: 'main' };

/** Looks a page over once, in time linear in its length. */
export function surveyPage(html: string): Survey {
  const surveyor = new Surveyor();
  const nodes = parseHtml(html, surveyor);
  return { ...surveyor.finish(html.length), nodes };
}

class Surveyor implements DocumentHandler {
  readonly #open: Element[] = [];
  readonly #marks = new MarkCollector();
  readonly #best = new Map<string, Candidate>();
  #links = 0;
  #unread = 0;
  #elements = 0;
  #depth = 0;
  #headlineEnd: number | undefined;
  #bodies = 0;

  open(name: string, attributes: Attributes, start: number): void {
    this.#elements += 1;
    if (UNREAD.has(name)) this.#unread += 1;
    if (name === 'a') this.#links += 1;
    this.#marks.open(name, attributes);
    const isBody = /(?:^|\s)articleBody(?:\s|$)/i.test(attributes.itemprop ?? '');
    if (isBody) this.#bodies += 1;
    this.#open.push({
      name,
      start,
      role: isBody ? 'body' : ROLES[name],
      text: 0,
      paragraphs: 0,
      isBlock: BLOCKS.has(name),
    });
    this.#depth = Math.max(this.#depth, this.#open.length);
  }

  close(name: string, end: number): void {
    if (UNREAD.has(name)) this.#unread -= 1;
    if (name === 'a') this.#links -= 1;
    if (name === 'h1') this.#headlineEnd ??= end;
    this.#marks.close(name);
    const element = this.#open.pop();
    const parent = this.#open.at(-1);
    if (element === undefined) return;
    if (parent !== undefined) {
      parent.text += element.text;
      // Inline elements' text is their parent's own; a paragraph's counts for its parent, and half for the next one up.
      if (!element.isBlock) parent.paragraphs += element.paragraphs;
      else if (PARAGRAPHS.has(name)) parent.paragraphs += element.text;
      else parent.paragraphs += element.paragraphs / 4;
    }
    if (element.isBlock) this.#consider(element, end);
  }

  text(text: string): void {
    this.#marks.text(text);
    const element = this.#open.at(-1);
    if (this.#unread > 0 || this.#links > 0 || element === undefined) return;
    const length = text.trim().length;
    element.text += length;
    element.paragraphs += length;
  }

  finish(length: number): Omit<Survey, 'nodes'> {
    const [body, article, main, densest] = ['body', 'article', 'main', 'any'].map((role) =>
      this.#best.get(role),
    );
    const enough = (densest?.score ?? 0) / 2;
    const chosen =
      [body, article, main].find((each) => each !== undefined && each.text > 0 && each.text >= enough) ??
      densest;
    return {
      ...this.#marks.finish(),
      article: {
        start: chosen?.start ?? 0,
        end: chosen?.end ?? length,
        isDeclared: chosen?.role !== undefined,
        isOnlyBody: chosen?.role === 'body' && this.#bodies === 1,
        text: chosen?.text ?? 0,
      },
      headlineEnd: this.#headlineEnd,
      elements: this.#elements,
      depth: this.#depth,
    };
  }

  #consider(element: Element, end: number): void {
    const candidate = {
      role: element.role,
      text: element.text,
      score: element.paragraphs,
      start: element.start,
      end,
    };
    const offer = (key: string, better: (held: Candidate) => boolean) => {
      const held = this.#best.get(key);
      if (held === undefined || better(held)) this.#best.set(key, candidate);
    };
    if (element.role !== undefined) offer(element.role, (held) => candidate.text > held.text);
    if (!PARAGRAPHS.has(element.name)) offer('any', (held) => candidate.score > held.score);
  }
}
