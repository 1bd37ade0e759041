import type { Card } from '../../src/domain/article.ts';
import { toCard } from '../../src/domain/article.ts';
import type { Site } from '../../src/domain/site.ts';
import { articles, site } from './articles.ts';

/** A site whose operator has set all there is to set. */
export const furnishedSite: Site = {
  ...site,
  languages: ['hi', 'ur', 'ta-IN', 'en'],
  localDigits: true,
  logo: { url: 'https://news.example/logo.png', width: 240, height: 80 },
  colours: { light: { accent: '#005a8c' }, dark: { background: '#000000' } },
  navigation: [
    { title: 'देश', section: 'देश' },
    { title: 'Science & more', section: 'Science' },
    { title: 'مدد', url: 'https://help.example/?a=1&b=2' },
  ],
  liveUrl: 'https://live.example/tv',
  ads: {
    type: 'doubleclick',
    attributes: { json: '{"targeting":{"site":"<news>"}}' },
    slots: Array.from({ length: 8 }, (_, at) => ({
      width: 300,
      height: 250,
      attributes: { 'data-slot': `/1234/article-${at + 1}` },
    })),
  },
  social: { youtube: 'https://www.youtube.com/@news', x: 'https://x.com/news' },
  footer: {
    text: '© 2026 दैनिक दिशा',
    links: [{ title: 'हमारे बारे में', url: 'https://news.example/about' }],
  },
};

/** Cards for the boxes around an article, in every language of the samples. */
export const boxCards: readonly Card[] = articles.map(toCard);
