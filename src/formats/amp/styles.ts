/**
 * The one style sheet of all pages: no web fonts (each device's own faces for its scripts are good and cost
 * nothing), logical properties (so that right to left needs no second set), colours for light and dark.
 *
 * A script is set in its own way: `--leading` is the line height its vowel signs and stacks need, `--tight` that
 * of its headlines, `--scale` evens out how large it looks, and `--slant` is upright where the script has no italic.
 * Every element that names its language starts afresh, so that an English card on a Hindi page is set as English.
 */
const SOURCE = `
:root {
  --paper: #fffdf8; --ink: #1b1a17; --soft: #5e594f; --rule: #ddd6c8; --tint: #f3eee2; --accent: #9a1b1b;
  color-scheme: light dark;
}
[lang] {
  --face: "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", Georgia, serif;
  --plain: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --leading: 1.6; --tight: 1.2; --scale: 1; --slant: italic;
}
:lang(hi), :lang(mr), :lang(ne), :lang(sa), :lang(kok), :lang(mai), :lang(bho) {
  --face: "Noto Serif Devanagari", "Kohinoor Devanagari", "Nirmala UI", Mangal, serif;
  --plain: "Noto Sans Devanagari", "Kohinoor Devanagari", "Nirmala UI", system-ui, sans-serif;
  --leading: 1.75; --tight: 1.4; --slant: normal;
}
:lang(bn), :lang(as) {
  --face: "Noto Serif Bengali", "Kohinoor Bangla", "Nirmala UI", Vrinda, serif;
  --plain: "Noto Sans Bengali", "Kohinoor Bangla", "Nirmala UI", system-ui, sans-serif;
  --leading: 1.75; --tight: 1.4; --scale: 1.02; --slant: normal;
}
:lang(ta) {
  --face: "Noto Serif Tamil", "Tamil Sangam MN", "Nirmala UI", Latha, serif;
  --plain: "Noto Sans Tamil", "Tamil Sangam MN", "Nirmala UI", system-ui, sans-serif;
  --leading: 1.75; --tight: 1.4; --scale: .94; --slant: normal;
}
:lang(te), :lang(kn), :lang(ml), :lang(gu), :lang(pa), :lang(or), :lang(si) {
  --face: "Noto Serif", "Nirmala UI", serif;
  --leading: 1.75; --tight: 1.4; --slant: normal;
}
:lang(ar), :lang(fa), :lang(ps), :lang(sd), :lang(ckb) {
  --face: "Noto Naskh Arabic", "Geeza Pro", Amiri, "Traditional Arabic", serif;
  --plain: "Noto Sans Arabic", "Geeza Pro", "Segoe UI", system-ui, sans-serif;
  --leading: 1.85; --tight: 1.5; --scale: 1.08; --slant: normal;
}
:lang(ur), :lang(ks), :lang(skr), :lang(pnb) {
  --face: "Noto Nastaliq Urdu", "Jameel Noori Nastaleeq", "Urdu Typesetting", "Awami Nastaliq", serif;
  --plain: "Noto Nastaliq Urdu", "Jameel Noori Nastaleeq", "Urdu Typesetting", system-ui, sans-serif;
  --leading: 2.3; --tight: 2; --slant: normal;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font-size: 1.0625rem; overflow-wrap: break-word; }
body, [lang] { font-family: var(--face); line-height: var(--leading); }
a[lang], span[lang] { line-height: inherit; }
a { color: inherit; text-decoration-color: var(--rule); text-underline-offset: .2em; }
a:hover { color: var(--accent); text-decoration-color: currentcolor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
main:focus { outline: 0; }
h1, h2, h3, h4, h5, h6 { line-height: var(--tight); margin: 0; font-weight: 700; text-wrap: balance; }
em, cite { font-style: var(--slant); }
time { unicode-bidi: isolate; }
ul { margin: 0; padding: 0; list-style: none; }
figure { margin: 0; }
img { display: block; width: 100%; height: auto; background: var(--tint); }
img.box { aspect-ratio: 16 / 9; object-fit: contain; }
.skip { position: absolute; inset-inline-start: -999rem; background: var(--paper); padding: .5rem 1rem; z-index: 2; }
.skip:focus { inset-inline-start: 1rem; top: 1rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }

.masthead, main, .foot { width: min(72rem, 100% - 2rem); margin: 0 auto; }
.masthead { text-align: center; padding-top: 1.25rem; }
.name { margin: 0; font-size: clamp(2rem, 8vw, 3.5rem); font-weight: 800; line-height: var(--tight); }
.name a { text-decoration: none; color: inherit; }
.tagline { margin: .25rem 0 .75rem; color: var(--soft); font-size: .9375rem; }
.masthead nav { margin-top: 1rem; border-top: 1px solid var(--rule); overflow-x: auto; }
.masthead ul { display: flex; gap: 1.5rem; width: max-content; min-width: 100%; justify-content: center; }
.masthead nav a { display: block; padding: .4rem 0; font: 600 .9375rem/var(--leading) var(--plain); text-decoration: none; }
.masthead nav [aria-current] { color: var(--accent); box-shadow: inset 0 -2px; }
.masthead { padding-bottom: .25rem; border-bottom: 3px double var(--ink); }
main { padding-top: 1.5rem; }
.foot { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; justify-content: space-between; align-items: baseline; border-top: 3px double var(--ink); margin-top: 3rem; padding-block: 1rem 2rem; font: .875rem/var(--leading) var(--plain); }
.foot p { margin: 0; }
.foot ul { display: flex; gap: 1rem; }

.kicker { margin: 0 0 .35rem; font: 700 .8125rem/var(--tight) var(--plain); color: var(--accent); }
.kicker a { color: inherit; text-decoration: none; position: relative; z-index: 1; }
.when, .by { margin: 0; color: var(--soft); font: .8125rem/var(--leading) var(--plain); }

.story > header, .text, .story > footer, .notice { max-width: 40rem; margin-inline: auto; }
.story h1 { font-size: calc(clamp(1.75rem, 6vw, 2.75rem) * var(--scale)); }
.dek { margin: .75rem 0 0; font-size: calc(1.1875rem * var(--scale)); color: var(--soft); }
.byline { margin: 1rem 0 1.25rem; padding-block: .6rem; border-block: 1px solid var(--rule); }
.by { color: var(--ink); font-weight: 600; }
.by a { text-decoration: none; }
.lead-picture { max-width: 56rem; margin: 0 auto 1.5rem; }
figcaption { margin-top: .4rem; color: var(--soft); font: .8125rem/var(--leading) var(--plain); }
figcaption small { font-size: inherit; font-weight: 600; }
.lead-picture img, .text > figure img { max-height: 90vh; object-fit: contain; }
.text { font-size: calc(1.1875rem * var(--scale)); }
.text > * { margin: 0 0 1.1em; }
.text h2 { font-size: 1.3em; margin-top: 1.6em; }
.text h3, .text h4, .text h5, .text h6 { font-size: 1.1em; margin-top: 1.4em; }
.text ul, .text ol { padding-inline-start: 1.4em; list-style: disc; }
.text ol { list-style: decimal; }
.text li + li { margin-top: .35em; }
blockquote { padding-inline-start: 1.1rem; border-inline-start: 3px solid var(--accent); }
blockquote > * { margin: 0 0 .6em; }
blockquote > :last-child { margin: 0; }
blockquote footer, .credit, .original, .copyright { color: var(--soft); font-size: .9375rem; }
aside { padding: .75rem 1rem; background: var(--tint); }
aside > :last-child { margin-bottom: 0; }
aside > :first-child { margin-top: 0; }
dt { font-weight: 700; }
dd { margin: 0 0 .6em; margin-inline-start: 1.1rem; }
rt { font-size: .6em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font: .9375rem/var(--leading) var(--plain); }
caption { text-align: start; font-weight: 700; padding-bottom: .4rem; }
th, td { text-align: start; vertical-align: top; padding-block: .4rem; padding-inline-end: .75rem; border-bottom: 1px solid var(--rule); }
thead th { border-bottom: 2px solid var(--ink); }
pre { overflow-x: auto; background: var(--tint); padding: .75rem 1rem; direction: ltr; text-align: left; }
pre, code { font: .875em/1.5 ui-monospace, Menlo, Consolas, monospace; }
hr { border: 0; border-top: 1px solid var(--rule); width: 6rem; margin: 2rem auto; }
.gallery { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); gap: 1rem; }
.text > p.embed { padding: .75rem 1rem; background: var(--tint); border-inline-start: 3px solid var(--rule); }
.story > footer { margin-top: 2rem; }
.story > footer p { margin: 0 0 .5rem; }
.story section { margin-top: 1.75rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
.story section h2 { font-size: 1rem; margin-bottom: .4rem; }
.related li { padding-block: .35rem; font-weight: 600; }
.tags ul, .translations ul { display: flex; flex-wrap: wrap; gap: .5rem; }
.tags a { display: block; padding: .1rem .75rem; background: var(--tint); border-radius: 1rem; font: .875rem/var(--leading) var(--plain); text-decoration: none; }

.scope { border-bottom: 1px solid var(--rule); margin-bottom: 1.5rem; padding-bottom: .75rem; }
.scope h1 { font-size: clamp(1.75rem, 6vw, 2.5rem); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1.5rem 2.5rem; }
.card { position: relative; display: flex; flex-direction: row-reverse; gap: 1rem; border-top: 1px solid var(--rule); padding-top: 1rem; }
.card > div { flex: 1; min-width: 0; }
.card img { width: 6.5rem; height: 6.5rem; object-fit: cover; }
.card h2, .card h3 { font-size: calc(1.1875rem * var(--scale)); }
.card h2 a, .card h3 a { text-decoration: none; }
.card h2 a::after, .card h3 a::after { content: ""; position: absolute; inset: 0; }
.summary { margin: .4rem 0 0; color: var(--soft); font-size: calc(.9375rem * var(--scale)); display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.card .when { margin-top: .4rem; }
.lead { grid-column: 1 / -1; display: block; border-top: 0; padding-top: 0; }
.lead img { width: 100%; height: auto; aspect-ratio: 16 / 9; margin-bottom: .75rem; }
.lead h2, .lead h3 { font-size: calc(clamp(1.625rem, 5vw, 2.5rem) * var(--scale)); }
.lead .summary { font-size: calc(1.125rem * var(--scale)); -webkit-line-clamp: 5; }
.older { margin: 2.5rem 0 0; text-align: center; }
.older a { display: inline-block; padding: .4rem 1.5rem; border: 1px solid var(--ink); text-decoration: none; }
.empty, .notice { padding-block: 3rem; text-align: center; }

@media (min-width: 50rem) {
  .lead img + div { align-self: center; }
  .lead:has(img) { display: grid; grid-template-columns: 3fr 2fr; gap: 2rem; }
  .lead img { margin: 0; }
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #15140f; --ink: #eae6dc; --soft: #aaa498; --rule: #3b382f; --tint: #23211a; --accent: #ee9a8f; }
}
@media print {
  .masthead nav, .foot, .skip, .embed, .tags, .related { display: none; }
  body { background: none; color: #000; }
}
`;

/** The style sheet as it is sent: what only helps the one who writes it is taken out. */
export const STYLES = SOURCE.replace(/\s*\n\s*/g, '')
  .replace(/\s*([{};,])\s*/g, '$1')
  .replace(/: /g, ':');
