import type { Article } from '../../domain/article.ts';
import type { Site } from '../../domain/site.ts';
import { escapeAttribute, escapeText } from '../escape.ts';
import type { Phrases } from './phrases.ts';

/** Plain links that share an article: no script, no counter, nothing is loaded until a reader follows one. */
export function shareLinks(article: Article, site: Site, phrases: Phrases): string {
  const { strings } = phrases;
  // The URL without its slug is a third as long in most scripts, and redirects to the one with it.
  const url = encodeURIComponent(`${site.origin}/news/${article.id}`);
  const headline = encodeURIComponent(article.headline.toWellFormed());
  const links = [
    ['WhatsApp', `https://wa.me/?text=${headline}%20${url}`],
    ['Facebook', `https://www.facebook.com/sharer/sharer.php?u=${url}`],
    ['X', `https://x.com/intent/post?text=${headline}&url=${url}`],
    ['Telegram', `https://t.me/share/url?url=${url}&text=${headline}`],
    [strings.email, `mailto:?subject=${headline}&body=${url}`],
  ] as const;
  const items = links.map(
    ([label, href]) =>
      `<li><a href="${escapeAttribute(href)}" rel="nofollow noopener">${label === strings.email ? phrases.html(label) : escapeText(label)}</a></li>`,
  );
  return `<nav class="share" aria-label="${escapeAttribute(strings.share)}"><p>${phrases.html(strings.share)}</p><ul>${items.join('')}</ul></nav>`;
}
