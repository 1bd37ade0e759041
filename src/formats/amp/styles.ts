import type { SchemeColours } from '../../domain/colours.ts';
import { paletteRules } from './palette.ts';
import { StyleSheet } from './style-sheet.ts';
import { typeRules } from './typography.ts';

/**
 * The rules of all pages. Logical properties, so that right-to-left pages need no second set; no animation; sizes in
 * `rem`, so that readers choose the size of text.
 *
 * Browsers paint a page while it arrives, so content that arrives later must not move what is already visible. Nothing
 * is centred or aligned to a baseline beside growing text, columns do not depend on whether a second box follows, and
 * lists do not wrap below their label when they grow. `:has()` is used only for empty elements: Chromium applies it late
 * to others that are still open.
 */
const SOURCE = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font-size: 1.0625rem; overflow-wrap: break-word; }
body, [lang] { font-family: var(--face); line-height: var(--leading); }
a[lang], span[lang] { line-height: inherit; }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .22em; }
.name a, .live, nav a, .kicker a, .by a, .also a, .related a, .trending a, .tags a, .older a, .card h2 a, .card h3 a, .foot a { text-decoration: none; }
a:hover { color: var(--accent); text-decoration-color: currentcolor; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: 0; }
h1, h2, h3, h4, h5, h6 { line-height: var(--tight); margin: 0; font-weight: 700; text-wrap: balance; }
em, cite { font-style: var(--slant); }
time { unicode-bidi: isolate; }
ul, ol { margin: 0; padding: 0; list-style: none; }
figure { margin: 0; }
img { display: block; width: 100%; height: auto; aspect-ratio: attr(width type(<number>))/attr(height type(<number>)); background: var(--tint); color: var(--soft); font: .8125rem/1.5 var(--plain); }
img.box { aspect-ratio: 16 / 9; object-fit: contain; }
.skip, .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.skip:focus { width: auto; height: auto; clip-path: none; margin: .5rem; padding: .5rem 1rem; background: var(--paper); z-index: 2; }

.masthead, .foot, .kicker, .when, .by, figcaption, table, .share, .source, .also b, .ad, .older, .embed, .tags, .foot [lang] { font-family: var(--plain); }
.masthead { border-top: 4px solid var(--accent); border-bottom: 1px solid var(--rule); }
.bar, .masthead nav, main, .foot { width: min(72rem, 100% - 2rem); margin-inline: auto; }
.bar { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding-block: .7rem; }
.name { margin: 0; font: 800 1.5rem/var(--tight) var(--face); }
.logo { width: auto; height: 2.25rem; max-width: 60vw; object-fit: contain; background: none; }
.front .bar { padding-block: 1.1rem .7rem; }
.front .name { font-size: clamp(2rem, 8vw, 3.25rem); }
.front .logo { height: 3.5rem; }
.tagline { margin: .15rem 0 0; color: var(--soft); font-size: .9375rem; }
.live { flex: none; padding: .2rem .9rem; border-radius: 2rem; background: var(--accent); color: var(--paper); font-weight: 600; font-size: .875rem; }
.live:hover { color: var(--paper); }
.live::before { content: "● "; font-size: .7em; }
.masthead nav { overflow-x: auto; scrollbar-width: none; }
.masthead ul { display: flex; gap: 1.4rem; width: max-content; }
.masthead nav a { display: block; padding: .35rem 0 .5rem; font-size: .9375rem; font-weight: 600; }
.masthead nav [aria-current] { color: var(--accent); box-shadow: inset 0 -3px; }
main { padding-block: 1.5rem 3rem; }

.kicker { margin: 0 0 .1rem; font-size: .875rem; font-weight: 700; line-height: var(--tight); color: var(--accent); }
.kicker a { display: inline-block; padding-block: .25rem; color: inherit; position: relative; z-index: 1; }
.when, .by { margin: 0; color: var(--soft); font-size: .8125rem; }

.story > header, .text, .story > footer, .notice { max-width: 40rem; margin-inline: auto; }
.story h1 { font-size: calc(clamp(1.75rem, 5.5vw, 2.75rem) * var(--scale)); font-weight: 800; }
.dek { margin: .7rem 0 0; font-size: calc(1.1875rem * var(--scale)); color: var(--soft); }
.byline { margin: 1.1rem 0 1.25rem; padding-block: .6rem; border-block: 1px solid var(--rule); }
.by { color: var(--ink); font-size: .9375rem; font-weight: 600; }
.lead { max-width: 56rem; margin: 0 auto 1.5rem; }
figcaption { margin-top: .5rem; color: var(--soft); font-size: .8125rem; }
figcaption small { font-size: inherit; font-weight: 600; }
.lead img, .text > figure img { max-height: 85vh; object-fit: contain; }
.text { font-size: calc(1.1875rem * var(--scale)); }
.text > * { margin: 0 0 1.15em; }
.text h2 { font-size: 1.3em; margin: 1.7em 0 .6em; }
.text h3, .text h4, .text h5, .text h6 { font-size: 1.1em; margin: 1.5em 0 .5em; }
.text a { text-decoration-color: var(--accent); }
.text ul, .text ol { padding-inline-start: 1.4em; list-style: disc; }
.text ol { list-style: decimal; }
.text li + li { margin-top: .4em; }
blockquote { padding-inline-start: 1.1rem; border-inline-start: 3px solid var(--accent); }
blockquote > * { margin: 0 0 .6em; }
blockquote > :last-child { margin: 0; }
blockquote footer { color: var(--soft); font-size: .9375rem; }
aside, .embed, .also { padding: .8rem 1rem; background: var(--tint); border-radius: .25rem; }
aside > :last-child { margin-bottom: 0; }
aside > :first-child { margin-top: 0; }
dt { font-weight: 700; }
dd { margin: 0 0 .6em; margin-inline-start: 1.1rem; }
rt { font-size: .6em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
caption { text-align: start; font-weight: 700; padding-bottom: .4rem; }
th, td { text-align: start; vertical-align: top; padding-block: .45rem; padding-inline-end: .75rem; border-bottom: 1px solid var(--rule); }
thead th { border-bottom: 2px solid var(--ink); }
pre { overflow-x: auto; background: var(--tint); padding: .75rem 1rem; direction: ltr; text-align: left; }
pre, code { font: .875em/1.5 ui-monospace, Menlo, Consolas, monospace; }
.text hr { border: 0; border-top: 1px solid var(--rule); width: 6rem; margin: 2rem auto; }
.gallery { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); gap: 1rem; }
.embed { font-size: .9375rem; }
.embed p { margin: 0; }
.also { border-inline-start: 4px solid var(--accent); font-weight: 600; font-size: 1em; }
.also b { display: block; color: var(--accent); font-size: .8125rem; }
.ad { text-align: center; overflow: hidden; padding-block: .4rem 1rem; border-block: 1px solid var(--rule); }
.ad p { margin: 0 0 .4rem; color: var(--soft); font-size: .75rem; }
.story > footer { margin-top: 2.25rem; }
.source { padding: .8rem 0; border-block: 1px solid var(--rule); color: var(--soft); font-size: .875rem; }
.source p { margin: 0; }
.source a { color: var(--ink); }
.original { font-size: 1rem; font-weight: 600; }
.story section { margin-top: 1.75rem; }
.story section h2 { font-size: 1rem; margin-bottom: .5rem; }
.share { display: flex; gap: .9rem; margin-top: 1.25rem; font-size: .9375rem; }
.share p { margin: 0; padding-block: calc(.15rem + 1px); color: var(--soft); }
.share ul, .foot nav ul { flex: 1; }
.share ul, .tags ul, .translations ul { display: flex; flex-wrap: wrap; gap: .5rem; }
.share a, .tags a, .older a { display: block; padding: .15rem .9rem; border: 1px solid var(--rule); border-radius: 2rem; font-size: .9375rem; }
.share li:first-child a { background: var(--accent); border-color: var(--accent); color: var(--paper); font-weight: 600; }
.tags a { background: var(--tint); border-color: transparent; }
.translations ul { gap: 1rem; }
.related li { padding-block: .4rem; border-top: 1px solid var(--rule); font-weight: 600; }

.scope { border-bottom: 1px solid var(--rule); margin-bottom: 1.5rem; padding-bottom: .9rem; }
.scope h1 { font-size: clamp(1.75rem, 6vw, 2.5rem); font-weight: 800; }
.cards { display: grid; gap: 1.25rem 2rem; }
.card { position: relative; display: flex; flex-direction: row-reverse; gap: 1rem; padding-bottom: 1.25rem; border-bottom: 1px solid var(--rule); }
.card > div { flex: 1; min-width: 0; }
.card img { flex: none; width: 7rem; height: 5.25rem; object-fit: cover; border-radius: .25rem; }
.card h2, .card h3 { font-size: calc(1.125rem * var(--scale)); }
.card h2 a::after, .card h3 a::after { content: ""; position: absolute; inset: 0; }
.summary { margin: .35rem 0 0; color: var(--soft); font-size: calc(.9375rem * var(--scale)); display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.card .when { margin-top: .35rem; }
.first { display: block; }
.first img { width: 100%; height: auto; aspect-ratio: 16 / 9; margin-bottom: .8rem; }
.first h2, .first h3 { font-size: calc(clamp(1.625rem, 4vw, 2.375rem) * var(--scale)); font-weight: 800; }
.first .summary { font-size: calc(1.0625rem * var(--scale)); -webkit-line-clamp: 4; }
.older { margin: 2rem 0 0; text-align: center; }
.older a { display: inline-block; padding: .4rem 1.75rem; border-color: var(--ink); font-weight: 600; }
.others { margin-top: 3rem; display: grid; gap: 2.5rem; }
.more > h2, .trending h2 { padding-top: .6rem; border-top: 3px solid var(--accent); margin-bottom: 1rem; font-size: 1.25rem; }
.more .summary { display: none; }
.trending { margin-top: 2.5rem; }
.others .trending { margin-top: 0; }
.trending ol { counter-reset: rank; }
.trending li { counter-increment: rank; display: flex; gap: .9rem; align-items: start; padding-block: .55rem; border-bottom: 1px solid var(--rule); font-weight: 600; }
.trending a { flex: 1; }
.trending li::before { content: counter(rank); color: var(--accent); font: 800 1.5rem/1 var(--plain); line-height: calc(1.0625rem * var(--leading)); margin-top: -.15rem; min-width: 1.4rem; }
.empty, .notice { padding-block: 4rem; text-align: center; }
.notice h1 { margin-bottom: .75rem; }

.foot { border-top: 1px solid var(--rule); padding-block: 1.5rem 2.5rem; color: var(--soft); font-size: .875rem; display: grid; gap: .75rem; }
.foot p { margin: 0; }
.foot .home a { font: 800 1.125rem/var(--tight) var(--face); color: var(--ink); }
.foot ul, .foot nav { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; }

@media (max-width: 39.99rem) {
  .lead figure > img, .first > img { width: calc(100% + 2rem); max-width: none; margin-inline: -1rem; border-radius: 0; }
  .text > .ad { margin-inline: -1rem; }
}
@media (min-width: 40rem) {
  .cards { grid-template-columns: repeat(auto-fill, minmax(17.5rem, 1fr)); gap: 2.25rem 2rem; }
  .card:not(.first) { display: block; border: 0; padding: 0; }
  .card:not(.first) img { width: 100%; height: auto; aspect-ratio: 16 / 9; margin-bottom: .7rem; }
  .card:not(.first) .summary { -webkit-line-clamp: 3; }
  .card:not(.first):not(:has(img)) { padding-top: .6rem; border-top: 1px solid var(--rule); }
  .first { grid-column: 1 / -1; padding-bottom: 2rem; }
  .first:has(img) { display: grid; grid-template-columns: 3fr 2fr; gap: 2rem; align-items: start; }
  .first img { margin: 0; }
}
@media (min-width: 60rem) {
  .pair { grid-template-columns: 2fr 1fr; gap: 3rem; }
}
@media print {
  .masthead nav, .live, .foot nav, .foot ul, .skip, .embed, .share, .tags, .related, .also, .ad, .others, .trending { display: none; }
  :root { --paper: #fff; --ink: #000; --soft: #333; }
}
`;

const COMMON = new StyleSheet(SOURCE);

/** The style sheet of a page: the site's colours, the typography of its languages, the rules for its elements. */
export function styles(
  colours: SchemeColours | undefined,
  languages: Iterable<string>,
  body: string,
): string {
  return paletteRules(colours) + typeRules(languages) + COMMON.usedIn(body);
}
