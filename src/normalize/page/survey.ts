import { type Attributes, type DocumentHandler, parseHtml } from '../../markup/html-parser.ts';
import { GRANDPARENT_SCORE, MIN_DECLARED_ELEMENT_SCORE } from '../thresholds.ts';
import { DeclarationCollector, type Declarations, UNREAD } from './declarations.ts';

/** What one pass over a whole page finds: its declarations, and which element seems to hold the article. */
export interface Survey extends Declarations {
  /** The element that holds the article, by its offsets in the HTML. */
  article: {
    start: number;
    end: number;
    /** Whether the page marks this element as the article's; else it only has the most paragraphs. */
    isDeclared: boolean;
    /** Whether it is the only element that the page marks as `articleBody`. */
    isOnlyBody: boolean;
    /** Its characters of text outside of links. */
    text: number;
  };
  /** The offset of the end of the first `h1`, if there is one. */
  headlineEnd: number | undefined;
  /** The number of elements, and of the nodes that a tree of the page would have, texts and attributes included. */
  elements: number;
  nodes: number;
  /** The greatest depth of elements, at most the parser's limit. */
  depth: number;
}

/** An open element, which may hold the article or a part of it. */
interface Element {
  name: string;
  start: number;
  role: 'body' | 'article' | 'main' | undefined;
  /** Characters of text outside of links. */
  text: number;
  /** Its score: text in paragraphs counts in full for their parent and less for each element further out. */
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
const ROLES: Readonly<Record<string, Element['role']>> = { article: 'article', main: 'main' };

/** Surveys a page in one pass, in time linear in its length. */
export function surveyPage(html: string): Survey {
  const surveyor = new Surveyor();
  const nodes = parseHtml(html, surveyor);
  return { ...surveyor.finish(html.length), nodes };
}

class Surveyor implements DocumentHandler {
  readonly #open: Element[] = [];
  readonly #declarations = new DeclarationCollector();
  readonly #best = new Map<string, Candidate>();
  #links = 0;
  #unread = 0;
  #elements = 0;
  #depth = 0;
  #headlineEnd: number | undefined;
  #articleBodies = 0;

  open(name: string, attributes: Attributes, start: number): void {
    this.#elements += 1;
    if (UNREAD.has(name)) this.#unread += 1;
    if (name === 'a') this.#links += 1;
    this.#declarations.open(name, attributes);
    const isBody = /(?:^|\s)articleBody(?:\s|$)/i.test(attributes.itemprop ?? '');
    if (isBody) this.#articleBodies += 1;
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
    this.#declarations.close(name);
    const element = this.#open.pop();
    const parent = this.#open.at(-1);
    if (element === undefined) return;
    if (parent !== undefined) {
      parent.text += element.text;
      // The text of inline elements is their parent's own.
      if (!element.isBlock) parent.paragraphs += element.paragraphs;
      else if (PARAGRAPHS.has(name)) parent.paragraphs += element.text;
      else parent.paragraphs += element.paragraphs * GRANDPARENT_SCORE;
    }
    if (element.isBlock) this.#consider(element, end);
  }

  text(text: string): void {
    this.#declarations.text(text);
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
    const enough = (densest?.score ?? 0) * MIN_DECLARED_ELEMENT_SCORE;
    const chosen =
      [body, article, main].find((each) => each !== undefined && each.text > 0 && each.text >= enough) ??
      densest;
    return {
      ...this.#declarations.finish(),
      article: {
        start: chosen?.start ?? 0,
        end: chosen?.end ?? length,
        isDeclared: chosen?.role !== undefined,
        isOnlyBody: chosen?.role === 'body' && this.#articleBodies === 1,
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
