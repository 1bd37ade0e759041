/**
 * All tuned numbers of reading a page: what each decides, and what it was tuned on.
 *
 * The pages that most of them were tried on are those of `tests/normalize/newsroom`: 26 layouts in 12 languages, of which
 * `tests/normalize/newsroom.test.ts` demands an F1 of words of 0.99 (0.93 on the layouts of big sites). They all were
 * chosen by hand; none was found by a search. "Not sensitive" says that half the value, and twice it, change no article
 * of those pages: such a number decides only pages like those of the tests named with it, or has no test of its own.
 */

// Which pages get a tree

/**
 * With more elements, nodes or levels a page is read without a tree and Readability: their time and memory grow
 * faster than the page. The most levels are the parser's own `MAX_DEPTH`. Tuned with `npm run bench:hostile`: no page
 * of 1 MiB takes longer than 2.2 s.
 */
export const MAX_ELEMENTS = 20_000;
/** Nodes include attributes and texts. */
export const MAX_NODES = 120_000;

// page/survey.ts: which element holds the article

/**
 * An element marked as the article's must score this share of the densest element, or it is only a part of the
 * article, such as a teaser. Chosen by hand; not sensitive.
 */
export const MIN_DECLARED_ELEMENT_SCORE = 0.5;
/**
 * The weight of a paragraph's text for each element around its parent: the parent should win over what wraps it.
 * Chosen by hand; not sensitive.
 */
export const GRANDPARENT_SCORE = 0.25;

// page/extraction.ts: that element or Readability

/**
 * If removing boilerplate leaves less of the element's text, its classes mislead and nothing is removed. Chosen by
 * hand; not sensitive.
 */
export const MIN_SHARE_WITHOUT_BOILERPLATE = 0.4;
/**
 * An element with a larger share of a page's text is not removed before Readability, whatever it is called. Chosen by
 * hand; not sensitive.
 */
export const MAX_BOILERPLATE_SHARE = 0.3;
/**
 * Readability tries weaker rules for an article with fewer characters. Its default of 500 is for long reads and changes
 * two newsroom pages, 313 one.
 */
export const MIN_READABLE_LENGTH = 250;
/**
 * A reading with more of its words in links is a list of other articles. Chosen by hand; not sensitive. Test: "a list
 * of links in front of a page whose markup is broken" (`extraction.test.ts`).
 */
export const MAX_LINKED_SHARE = 0.5;
/**
 * A reading that begins with a linked heading and has more of them is a list of other articles. Chosen by hand.
 */
export const MAX_LINKED_HEADINGS = 2;

/**
 * Readability lost a part of the declared element if it has a smaller share of that element's words … Chosen by hand;
 * twice the value changes one newsroom page.
 */
export const MIN_READABLE_RATIO = 0.6;
/**
 * … and this share of its words are the element's: else it found something else. Chosen by hand; not sensitive.
 */
export const MIN_READABLE_OVERLAP = 0.9;
/**
 * Readability took boilerplate along if it has more words than the declared element, but less than this many times …
 * If it has more, the element is likely to be a part only. Chosen by hand; not sensitive.
 */
export const MAX_READABLE_RATIO = 1.5;
/**
 * … or, when a page marks a single element as `articleBody`, this many times. Tuned on "what is marked as the
 * article's body is it, though a form around it has more words" and "a transcript under its introduction"
 * (`extraction.test.ts`).
 */
export const MAX_READABLE_RATIO_ONLY_BODY = 3;
/** … and it has this share of the element's words. Chosen by hand; not sensitive. */
export const MIN_PLAIN_OVERLAP = 0.95;

// page/extraction.ts: the text of JSON-LD

/**
 * A shorter `articleBody` is a teaser or summary and decides nothing between readings. Chosen by hand: half the value
 * changes no newsroom page, twice it changes two.
 */
export const MIN_DECLARED_WORDS = 60;
/**
 * A reading with a smaller share of the declared words is of something else: the declared text stands in for it.
 * Tuned on "stands in for a page that a script fills" (`page.test.ts`); half the value changes no newsroom page,
 * twice it one.
 */
export const MIN_DECLARED_SHARE = 0.5;
/**
 * A reading with a smaller share of a short declared text's length may be a shell that a script fills. Tuned on "a
 * page that a script fills has the text that it declares, be it a short one" (`extraction.test.ts`); not sensitive.
 */
export const MAX_SHELL_SHARE = 0.5;
/** With this share of the declared words in the reading … */
export const MIN_WHOLE_DECLARED_SHARE = 0.9;
/**
 * … and this share of the reading's words in the declared text, that text is whole: paragraphs that it lacks go.
 * Chosen by hand. Tests: "JSON-LD's own text of the article" (`page.test.ts`).
 */
export const MIN_WHOLE_PRECISION = 0.6;
/**
 * A paragraph belongs to the whole declared text with this share of its words: a CMS may omit the words of a link or
 * change a quotation mark. Chosen by hand.
 */
export const MIN_DECLARED_LINE_SHARE = 0.8;

// page/gaps.ts: paragraphs that Readability left out

/**
 * With a smaller share of the found words, what is missing may be a box between paragraphs. Chosen by hand; not
 * sensitive. Tests: `gaps.test.ts`.
 */
export const MIN_GAP_SHARE = 0.15;
/** One paragraph alone is more often a box than a part of the story. Chosen by hand. */
export const MIN_GAP_PARAGRAPHS = 2;
/** A line of so few words is a label, which may interrupt a story. Chosen by hand; not sensitive. */
export const MAX_GAP_LABEL_WORDS = 3;

// page/declarations.ts

/**
 * How many characters a description may differ in length from the paragraph it repeats: spaces, quotation marks.
 * Chosen by hand.
 */
export const MAX_OPENING_DIFFERENCE = 20;

// page/lead.ts: the lines before the article

/** The headline is among so many first blocks. Chosen by hand; not sensitive. */
export const MAX_LEAD_BLOCKS = 15;
/**
 * A line of fewer words may be the name of the site or a section rather than the headline. Chosen by hand; not
 * sensitive.
 */
export const MIN_TITLE_WORDS = 4;
/** A longer line is no summary. Chosen by hand; not sensitive. */
export const MAX_SUMMARY_WORDS = 60;
/** A line with more sentences is no summary. Chosen by hand. */
export const MAX_SUMMARY_SENTENCES = 2;
/** A summary may be repeated within so many lines of the article. Chosen by hand. */
export const MAX_LINES_TO_REPEATED_SUMMARY = 30;
/** Unknown lines before the article have at most so many words. Chosen by hand; not sensitive. */
export const MAX_SCRAP_WORDS = 8;
/** One of the next so many lines, less one, must be known to be before the article. Chosen by hand. */
export const MAX_SCRAPS = 4;

// page/page-text.ts: headings of plain text

/** In characters. Chosen by hand. Tests: `page-text.test.ts`, `page-text-languages.test.ts`. */
export const MAX_HEADING_LENGTH = 120;
/** Chosen by hand. */
export const MAX_HEADING_WORDS = 18;
/**
 * The line after a heading is at least so many times as long: the first line of a wrapped paragraph is as long as the
 * next. Chosen by hand. Test: "a paragraph wrapped at some width is one paragraph".
 */
export const MIN_LINE_TO_HEADING_RATIO = 1.5;

// editorial/tail.ts: lists of other articles after the article

/**
 * A linked heading begins other stories only after this share of the page's words. Chosen by hand; half the value
 * changes no newsroom page, twice it four. Test: "another story under a linked heading is not this one".
 */
export const MIN_SHARE_BEFORE_STORIES = 0.4;
/**
 * Titles with a sentence or two after a label are teasers if they have a smaller share of the page's words; else they
 * are the article's own sections. Chosen by hand; not sensitive. Test: "teasers under a label, and scraps under
 * none".
 */
export const MAX_TEASERS_SHARE = 0.5;
/**
 * So many lines after the last sentence, none of them a sentence, are scraps of the page. Chosen by hand; two instead
 * of three changes one newsroom page, twice the value none.
 */
export const MIN_TAIL_SCRAPS = 3;
