import type { Site } from '../../domain/site.ts';
import { languageDirection } from '../../locales/language-tag.ts';
import { escapeText } from '../escape.ts';
import { meta, renderPage } from './layout.ts';
import { phrasesFor } from './phrases.ts';

export interface NoticePageInput {
  site: Site;
  /** BCP 47: that of the withdrawn article if known, else the site's. */
  language: string;
  /** `withdrawn` goes with 410, `not-found` with 404. */
  kind: 'withdrawn' | 'not-found';
  /** The publisher's or operator's own words about a withdrawal. */
  reason?: string | undefined;
}

/** A short page for an article that is withdrawn, or a page that does not exist. */
export function noticePage({ site, language, kind, reason }: NoticePageInput): string {
  const phrases = phrasesFor(language);
  const { strings } = phrases;
  const [title, text] =
    kind === 'withdrawn'
      ? [strings.withdrawnTitle, strings.withdrawnText]
      : [strings.notFoundTitle, strings.notFoundText];
  return renderPage({
    site,
    language,
    direction: languageDirection(language),
    phrases,
    title: `${title} · ${site.name}`,
    // AMP requires a canonical URL on every document; this page has none of its own.
    canonicalUrl: `${site.origin}/`,
    scope: { kind: 'all' },
    sections: [],
    head: meta('name', 'robots', 'noindex'),
    main: [
      `<div class="notice"><h1>${phrases.html(title)}</h1><p>${phrases.html(text)}</p>`,
      reason ? `<p><bdi>${escapeText(reason)}</bdi></p>` : '',
      '</div>',
    ].join(''),
  });
}
