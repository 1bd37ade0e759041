import type { Article } from '../domain/article.ts';
import type { Block } from '../domain/blocks.ts';
import { type Media, renderBlocks, renderFigure } from './blocks.ts';
import { escapeAttribute, escapeText } from './escape.ts';
import { safeWebUrl } from './url.ts';

/** Media for feed readers: pictures, videos and audio; other embeds as links, never as frames or scripts. */
const FEED_MEDIA: Media = {
  picture(image) {
    const url = safeWebUrl(image.url);
    if (url === undefined) return '';
    const size = image.width && image.height ? ` width="${image.width}" height="${image.height}"` : '';
    return `<img src="${escapeAttribute(url)}" alt="${escapeAttribute(image.alt ?? '')}"${size}>`;
  },
  // The bare URL as text: many partners' systems turn a URL on its own line back into an embed.
  embed({ provider, ...embed }) {
    const url = safeWebUrl(embed.url);
    if (url === undefined) return '';
    const link = `<a href="${escapeAttribute(url)}">${escapeText(url)}</a>`;
    if (provider !== 'video' && provider !== 'audio') {
      return `<blockquote class="embed"><p>${link}</p></blockquote>`;
    }
    const poster = provider === 'video' ? safeWebUrl(embed.poster) : undefined;
    const still = poster === undefined ? '' : ` poster="${escapeAttribute(poster)}"`;
    return `<${provider} src="${escapeAttribute(url)}"${still} controls>${link}</${provider}>`;
  },
  table: (html) => html,
};

/**
 * An article's whole content as an HTML fragment for feeds (`content:encoded`, `content_html`): the lead picture,
 * the body with its dateline, the agency's credit. The headline and the summary have their own fields.
 */
export function articleHtml(article: Article): string {
  const html = [
    article.image ? renderFigure(article.image, FEED_MEDIA) : '',
    renderBlocks(withDateline(article.body, article.dateline), FEED_MEDIA),
    article.credit ? `<p>${escapeText(article.credit)}</p>` : '',
  ].join('');
  // A feed reader's page is left to right by default.
  if (article.direction === 'ltr') return html;
  return `<div lang="${escapeAttribute(article.language)}" dir="rtl">${html}</div>`;
}

/**
 * The body with its dateline restored at the start of the first paragraph: `Haridwar: …`. A body without a paragraph
 * gets one for it.
 */
export function withDateline(body: readonly Block[], dateline: string | undefined): readonly Block[] {
  if (dateline === undefined) return body;
  const at = body.findIndex((block) => block.type === 'paragraph');
  const first = body[at];
  if (first?.type !== 'paragraph') {
    return [
      { type: 'paragraph', content: [{ type: 'strong', content: [{ type: 'text', text: dateline }] }] },
      ...body,
    ];
  }
  const led: Block = {
    ...first,
    content: [
      { type: 'strong', content: [{ type: 'text', text: `${dateline}:` }] },
      { type: 'text', text: ' ' },
      ...first.content,
    ],
  };
  return body.with(at, led);
}
