import type { Written } from './articles.ts';

/** Ways in which newsrooms' systems put an article on a page. Each gives a whole page of markup. */

export const all = (
  article: Written,
  paragraph: (text: string, index: number) => string,
  heading = 'h2',
): string[] =>
  article.body.map((text, index) =>
    text.startsWith('## ') ? `<${heading}>${text.slice(3)}</${heading}>` : paragraph(text, index),
  );
export const plain = (text: string) => `<p>${text}</p>`;
export const links = (titles: readonly string[]) =>
  `<ul>${titles.map((title, index) => `<li><a href="/story/${index}">${title}</a></li>`).join('')}</ul>`;
export const cards = (titles: readonly string[]) =>
  titles
    .map(
      (title, index) =>
        `<div class="card"><a href="/story/${index}"><img src="/thumb/${index}.jpg" alt=""><h4>${title}</h4></a><span class="time">22 Nov 2026</span></div>`,
    )
    .join('\n');
const head = (article: Written, more = '') =>
  `<head><meta charset="utf-8"><title>${article.headline} | Sample</title><meta property="og:site_name" content="Sample">` +
  `<meta property="og:title" content="${article.headline}"><meta property="og:description" content="${article.summary}">${more}</head>`;
const share = ({ around }: Written) =>
  `<div class="share-bar"><span>${around.share}</span><a href="#f">Facebook</a><a href="#x">X</a><a href="#w">WhatsApp</a></div>`;
export const document = (article: Written, body: string, more = '') =>
  `<!doctype html><html lang="${article.language}">${head(article, more)}<body>${body}</body></html>`;

export type Shell = (article: Written) => string;

export const SHELLS: Readonly<Record<string, Shell>> = {
  'a semantic page': (a) =>
    document(
      a,
      `<header><nav>${links(a.around.sections)}</nav></header><main><article><h1>${a.headline}</h1><p class="standfirst">${a.summary}</p>
       ${share(a)}${all(a, plain).join('\n')}</article><aside><h3>${a.around.latest}</h3>${links(a.around.others)}</aside></main>
       <footer><p>${a.around.about}</p></footer>`,
    ),
  'div soup with a sidebar in front': (a) =>
    document(
      a,
      `<div id="wrap"><div class="c1">${links(a.around.sections)}</div><div class="col-l"><div class="b1"><h3>${a.around.latest}</h3>${cards(a.around.others)}</div>
       <div class="b2"><p>${a.around.remark}</p></div></div><div class="col-m"><h1>${a.headline}</h1><div class="x7">${a.summary}</div><div class="x9">${all(a, (t) => `<div>${t}</div>`, 'h3').join('')}</div>
       </div><div class="btm"><div>${a.around.about}</div></div></div>`,
    ),
  'text parted by line breaks': (a) =>
    document(
      a,
      `<table width="100%"><tr><td class="menu">${links(a.around.sections)}</td><td><h1>${a.headline}</h1><div class="newstext">${all(a, (t) => `${t}<br><br>`, 'b').join('\n')}</div></td>
       <td>${links(a.around.others)}</td></tr></table><div>${a.around.about}</div>`,
    ),
  'in-article advertisements and related boxes': (a) =>
    document(
      a,
      `<nav>${links(a.around.sections)}</nav><div class="story"><h1>${a.headline}</h1><div class="story-content">${all(
        a,
        (t, i) =>
          i === 1
            ? `<p>${t}</p><div class="ad-slot"><span>${a.around.advertisement}</span><div id="gpt-${i}"></div></div>`
            : i === 3
              ? `<p>${t}</p><div class="related-box"><h4>${a.around.alsoRead}</h4>${links(a.around.others.slice(0, 2))}</div>`
              : i === 4
                ? `<p>${t}</p><p><strong>${a.around.alsoRead}: <a href="/story/9">${a.around.others[2]}</a></strong></p>`
                : `<p>${t}</p>`,
      ).join(
        '\n',
      )}</div></div><div class="more"><h2>${a.around.latest}</h2>${cards(a.around.others)}</div><footer>${a.around.about}</footer>`,
    ),
  'comments longer than the article': (a) =>
    document(
      a,
      `<div class="post"><h1>${a.headline}</h1><div class="entry">${all(a, plain).join('')}</div></div>
       <div id="comments"><h3>${a.around.comments}</h3><ol>${Array.from({ length: 20 }, (_, i) => `<li class="comment"><b>Reader ${i}</b><p>${a.around.remark}</p></li>`).join('')}</ol></div>`,
    ),
  'a newsletter form, a cookie banner and a paywall note': (a) =>
    document(
      a,
      `<div id="cookie-consent" role="dialog"><p>${a.around.cookies}</p><button>OK</button></div><header>${links(a.around.sections)}</header>
       <article class="article"><h1>${a.headline}</h1><div class="article-body">${all(a, (t, i) =>
         i === 2 || i === 4
           ? `<p>${t}</p><form class="newsletter-signup" action="/s"><p>${a.around.subscribe}</p><input name="e"><button>OK</button></form>`
           : `<p>${t}</p>`,
       ).join(
         '',
       )}</div><div class="follow-us"><p>${a.around.subscribe}</p></div></article><footer><p>${a.around.about}</p><p>${a.around.cookies}</p></footer>`,
    ),
  'an AMP page': (a) =>
    `<!doctype html><html amp lang="${a.language}">${head(a, '<link rel="canonical" href="https://publisher.example/1"><style amp-boilerplate>body{visibility:hidden}</style>')}
     <body><amp-sidebar id="s" layout="nodisplay">${links(a.around.sections)}</amp-sidebar><header class="hd"><a href="/">Sample</a></header>
     <div class="container"><h1 class="title">${a.headline}</h1><amp-img src="/lead.jpg" width="1200" height="675" layout="responsive"></amp-img>
     <amp-social-share type="whatsapp"></amp-social-share><div class="content">${all(a, (t, i) => (i === 3 ? `<p>${t}</p><amp-ad width="300" height="250" type="x"></amp-ad>` : `<p>${t}</p>`)).join('')}</div></div>
     <div class="rel"><h3>${a.around.latest}</h3>${cards(a.around.others)}</div><footer>${a.around.about}</footer></body></html>`,
  'a print page': (a) =>
    `<html><head><title>${a.headline} - Sample</title></head><body onload="window.print()"><p>Sample</p><h2>${a.headline}</h2><hr>
     ${all(a, plain, 'h4').join('\n')}<hr><p><small>${a.around.about}</small></p></body></html>`,
  'a section for every paragraph': (a) =>
    document(
      a,
      `<header>${links(a.around.sections)}</header><div class="layout"><h1>${a.headline}</h1>${all(
        a,
        (t) => `<section class="block block--text"><div class="inner"><p>${t}</p></div></section>`,
      ).join(
        '\n<div class="block block--ad"><div></div></div>\n',
      )}<section class="block block--links"><h3>${a.around.latest}</h3>${links(a.around.others)}</section></div>`,
    ),
  'several articles in one page, as endless scrolling leaves them': (a) =>
    document(
      a,
      `<main><article><h1>${a.headline}</h1>${all(a, plain).join('')}</article>${a.around.others
        .map(
          (title) =>
            `<article class="teaser"><h2><a href="/s">${title}</a></h2><p>${a.around.remark}</p></article>`,
        )
        .join('')}</main>`,
    ),
  'JSON-LD with the article’s text': (a) =>
    document(
      a,
      `<div class="a"><div class="b">${links(a.around.sections)}</div><div class="c"><h1>${a.headline}</h1><p>${a.summary}</p>${all(a, plain).join('')}
       <p>${a.around.remark}</p><p>${a.around.cookies}</p></div></div>`,
      `<script type="application/ld+json">${JSON.stringify({ '@type': 'NewsArticle', headline: a.headline, description: a.summary, articleBody: a.body.map((t) => t.replace('## ', '')).join('\n') })}</script>`,
    ),
  'lists, quotes and short paragraphs': (a) =>
    document(
      a,
      `<nav>${links(a.around.sections)}</nav><div class="post-content"><h1>${a.headline}</h1>${all(
        a,
        (t, i) =>
          i === 1
            ? `<ul><li>${t.split(/(?<=[.।۔])\s/u).join('</li><li>')}</li></ul>`
            : i === 3
              ? `<blockquote><p>${t}</p></blockquote>`
              : plain(t.replace(/(?<=[.।۔])\s/gu, '</p><p>')),
      ).join(
        '',
      )}</div>${share(a)}<div class="widget"><h3>${a.around.latest}</h3>${links(a.around.others)}</div><div class="foot">${a.around.about}</div>`,
    ),
  'a class for boilerplate on the article’s own element': (a) =>
    document(
      a,
      `<div class="header">${links(a.around.sections)}</div><div class="page-with-sidebar"><div class="main-content social-news"><h1>${a.headline}</h1><div class="media-body">${all(a, plain).join('')}</div></div>
       <div class="sidebar"><h3>${a.around.latest}</h3>${cards(a.around.others)}<p>${a.around.subscribe}</p></div></div>`,
    ),
};
