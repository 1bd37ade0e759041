import type { Strings } from './strings.ts';

export const de: Strings = {
  skip: 'Zum Inhalt springen',
  home: 'Startseite',
  sections: 'Ressorts',
  latest: 'Aktuelle Nachrichten',
  kinds: {
    publishers: 'Anbieter',
    sections: 'Ressort',
    tags: 'Thema',
    languages: 'Sprache',
    authors: 'Autor',
  },
  empty: 'Hier ist noch nichts erschienen.',
  older: 'Ältere Artikel',
  published: 'Veröffentlicht',
  updated: 'Aktualisiert',
  readingTime: '{minutes} Min. Lesezeit',
  topics: 'Themen',
  related: 'Lesen Sie auch',
  translations: 'In anderen Sprachen',
  corrections: 'Korrekturen',
  original: 'Bei {publisher} lesen',
  viewOn: 'Auf {provider} ansehen',
  table: 'Tabelle',
  feeds: 'Feeds',
  withdrawnTitle: 'Dieser Artikel wurde zurückgezogen',
  withdrawnText: 'Er wurde nach der Veröffentlichung zurückgezogen und ist hier nicht mehr zu lesen.',
  notFoundTitle: 'Seite nicht gefunden',
  notFoundText:
    'Unter dieser Adresse gibt es nichts. Der Link ist vielleicht veraltet oder falsch geschrieben.',
};
