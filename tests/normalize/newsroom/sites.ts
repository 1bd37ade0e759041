import { all, cards, document, links, plain, type Shell } from './shells.ts';

/** More ways in which big news sites put an article on a page; each mixes what a page has around it. */
export const SITES: Readonly<Record<string, Shell>> = {
  'classes made by a build, text in blocks, promotions between them': (a) =>
    document(
      a,
      `<div id="__next"><div class="sc-1a2 kQxW"><div class="sc-9f3 dHjs">${links(a.around.sections)}</div></div><main id="main-content"><div class="ssrc-1kc">
       <div data-component="headline-block" class="ssrc-8d"><h1 class="ssrc-15x">${a.headline}</h1></div><div data-component="byline-block" class="ssrc-3a"><div><span>Sample Desk</span></div></div>
       <div data-component="image-block" class="ssrc-7z"><figure><img src="/lead.jpg" alt=""><figcaption>${a.around.others[3]}</figcaption></figure></div>
       ${all(
         a,
         (t, i) =>
           `<div data-component="text-block" class="ssrc-5t"><p class="ssrc-1q">${t}</p></div>${i === 1 ? `<div data-component="links-block" class="ssrc-2l"><p>${a.around.alsoRead}</p>${links(a.around.others.slice(0, 2))}</div>` : ''}`,
       ).join(
         '',
       )}</div><div class="ssrc-6w"><h2>${a.around.latest}</h2>${cards(a.around.others)}</div></main></div>`,
    ),
  'a live blog with the hour over every entry': (a) =>
    document(
      a,
      `<nav>${links(a.around.sections)}</nav><main><h1>${a.headline}</h1><div class="live-feed">${all(a, (t, i) => `<div class="feed-entry"><time datetime="2026-11-22T1${i}:05:00Z">1${i}:05 IST</time><div class="feed-text"><p>${t}</p></div></div>`).join('')}</div></main>
       <div class="rail"><h3>${a.around.latest}</h3>${links(a.around.others)}</div>`,
    ),
  'pictures between the paragraphs, each with its caption': (a) =>
    document(
      a,
      `<header>${links(a.around.sections)}</header><article><h1>${a.headline}</h1><div class="gallery-story">${all(a, (t, i) => `<figure><img src="/p/${i}.jpg" width="800" height="600" alt=""><figcaption>${a.around.others[i % 4]}</figcaption></figure><p>${t}</p>`).join('')}</div></article><div class="next">${cards(a.around.others)}</div>`,
    ),
  'a crumb trail, a byline, stamps, the writer’s life and topics': (a) =>
    document(
      a,
      `<ul class="crumb"><li><a href="/">${a.around.sections[0]}</a></li><li><a href="/c">${a.around.sections[1]}</a></li><li>${a.headline}</li></ul>
       <div class="detail"><h1>${a.headline}</h1><div class="meta"><span class="author-name"><a href="/a">Sample Desk</a></span><span class="publish-date">22 Nov 2026, 10:30 AM IST</span></div><div class="zoom"><button>A-</button><button>A+</button></div>
       <div class="detail-body">${all(a, plain).join('')}</div><div class="topic-row"><a href="/t1">${a.around.sections[2]}</a> <a href="/t2">${a.around.sections[3]}</a></div>
       <div class="author-info"><img src="/face.jpg" alt=""><p>${a.around.about}</p></div></div><footer>${a.around.about}</footer>`,
    ),
  'a list of others in the midst of the text, in a box of no telling name': (a) =>
    document(
      a,
      `<div class="wrap"><div class="lft"><h1>${a.headline}</h1><div class="txt">${all(a, (t, i) => `<p>${t}</p>${i === 3 ? `<div class="bx"><h4>${a.around.latest}</h4>${cards(a.around.others)}</div>` : ''}`).join('')}</div></div><div class="rgt">${links(a.around.sections)}</div></div>`,
    ),
  'the next articles, whole, below this one': (a) =>
    document(
      a,
      `<header>${links(a.around.sections)}</header><div class="infinite"><div class="story-wrap" data-url="/1"><h1>${a.headline}</h1><div class="story-text">${all(a, plain).join('')}</div></div>
       ${a.around.others
         .slice(0, 2)
         .map(
           (title, i) =>
             `<div class="story-wrap" data-url="/n${i}"><h1><a href="/n${i}">${title}</a></h1><div class="story-text"><p>${a.around.remark}</p><p>${a.around.remark}</p></div></div>`,
         )
         .join('')}</div>`,
    ),
  'metered text behind a teaser, and what subscribing costs': (a) =>
    document(
      a,
      `<main><article><h1>${a.headline}</h1><div class="lead-text">${all(a, plain).slice(0, 2).join('')}</div><div class="metered-content">${all(a, plain).slice(2).join('')}</div>
       <div class="paywall-promo"><h3>${a.around.subscribe}</h3><p>${a.around.subscribe}</p><button>OK</button></div></article></main><footer>${a.around.about}</footer>`,
      `<script type="application/ld+json">${JSON.stringify({ '@type': 'NewsArticle', headline: a.headline, isAccessibleForFree: false, hasPart: { '@type': 'WebPageElement', isAccessibleForFree: false, cssSelector: '.metered-content' } })}</script>`,
    ),
  'an invitation in the midst of the text, in a box of no telling name': (a) =>
    document(
      a,
      `<nav>${links(a.around.sections)}</nav><div class="col"><h1>${a.headline}</h1><div class="copy">${all(a, (t, i) => `<p>${t}</p>${i === 1 ? `<div class="inl"><h4>${a.around.subscribe}</h4><input type="email"><a href="/privacy">OK</a></div>` : ''}`).join('')}</div></div>`,
    ),
  'tables in tables, and fonts': (a) =>
    `<html><head><title>${a.headline}</title></head><body bgcolor="#ffffff"><table width="760"><tr><td colspan="3">${links(a.around.sections)}</td></tr><tr><td width="150" valign="top">${links(a.around.others)}</td>
     <td width="450" valign="top"><font size="5"><b>${a.headline}</b></font><br><br><table><tr><td><font face="Arial" size="2">${all(a, (t) => `${t}<br><br>`, 'h4').join('')}</font></td></tr></table></td><td>${a.around.remark}</td></tr></table>
     <p align="center"><font size="1">${a.around.about}</font></p></body></html>`,
  'cards with a picture and a title between the paragraphs': (a) =>
    document(
      a,
      `<header>${links(a.around.sections)}</header><section class="article-main"><h1>${a.headline}</h1>${all(a, (t, i) => `<p>${t}</p>${i % 3 === 1 ? `<a class="inline-card" href="/s${i}"><img src="/t${i}.jpg" alt=""><div><span>${a.around.alsoRead}</span><p>${a.around.others[i % 4]}</p></div></a>` : ''}`).join('')}</section>
       <section class="list">${cards(a.around.others)}</section>`,
    ),
  'JSON-LD with a text that is cut off': (a) =>
    document(
      a,
      `<div class="x"><div class="y">${links(a.around.sections)}</div><div class="z"><h1>${a.headline}</h1>${all(a, plain).join('')}</div><div class="w"><p>${a.around.remark}</p>${cards(a.around.others)}</div></div>`,
      `<script type="application/ld+json">${JSON.stringify({ '@graph': [{ '@type': 'NewsArticle', headline: a.headline, articleBody: `${a.body.join(' ').replaceAll('## ', '').slice(0, 300)}...` }] })}</script>`,
    ),
  'a print page with its address and a date': (a) =>
    `<html><head><title>${a.headline} - Sample</title></head><body><div>Sample</div><h1>${a.headline}</h1><p>22 Nov 2026</p>${all(a, plain, 'h3').join('')}<hr><p>https://publisher.example/news/1</p></body></html>`,
  'text in divisions without a paragraph, and slots for advertisements': (a) =>
    document(
      a,
      `<div id="hd">${links(a.around.sections)}</div><div id="ct"><h1>${a.headline}</h1><div class="artText">${all(a, (t, i) => `${t}<br/><br/>${i % 2 === 1 ? `<div class="slot"><span>${a.around.advertisement}</span></div>` : ''}`, 'h2').join('')}</div></div><div id="sd"><h3>${a.around.latest}</h3>${cards(a.around.others)}</div>`,
    ),
};
