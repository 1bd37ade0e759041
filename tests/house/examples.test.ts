import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { exampleArticles, examplePublishers } from '../../scripts/examples.ts';
import { draftSchema, instant, toIssues } from '../../src/domain/draft.ts';
import { guessLanguage } from '../../src/text/language.ts';

const examples = exampleArticles().map(({ publisher, file, body }) => ({
  publisher,
  file,
  body,
  event: JSON.parse(body),
}));

describe('the example articles', () => {
  test('cover the languages and the shapes that a newcomer should see', () => {
    const languages = examples.map(({ event }) => event.data.language).filter(Boolean);
    expect(new Set(languages)).toEqual(new Set(['hi', 'ur', 'en-IN', 'ta', 'bn', 'mr']));
    const formats = examples.map(({ event }) => event.data.body.format);
    expect(new Set(formats)).toEqual(new Set(['html', 'text', 'page']));
    const all = examples.map(({ event }) => event.data.body.content).join('\n');
    for (const shape of ['<table>', 'youtube.com/embed/', '<blockquote>', 'WATCH LIVE TV', '<nav'])
      expect(all).toContain(shape);
    expect(
      examples.some(
        ({ event }) => event.data.image?.caption && event.data.image.credit && event.data.image.alt,
      ),
    ).toBe(true);
  });

  test('have an id of their own within their publisher', () => {
    expect(new Set(examples.map(({ publisher, event }) => `${publisher} ${event.data.id}`)).size).toBe(
      examples.length,
    );
  });

  test.each(examples)('$file is a valid native webhook', ({ event }) => {
    expect(event.type).toBe('article.published');
    expect(v.is(instant, event.timestamp)).toBe(true);
    const draft = v.safeParse(draftSchema, event.data);
    expect(draft.success ? [] : toIssues(draft.issues, 'data')).toEqual([]);
    // Nobody sends an article before it is written.
    expect(Date.parse(event.data.updatedAt ?? event.data.publishedAt)).toBeLessThanOrEqual(
      Date.parse(event.timestamp),
    );
  });

  test.each(examples)('$file names no host but .example, and YouTube for its film', ({ body }) => {
    const hosts = [...body.matchAll(/https?:\/\/([^/"'\\\s<]+)/g)].map((match) => match[1] ?? '');
    expect(hosts.filter((host) => !host.endsWith('.example') && host !== 'www.youtube.com')).toEqual([]);
  });

  test.each(examples)('$file is NFC, in its language', ({ body, event }) => {
    expect(body).toBe(body.normalize('NFC'));
    const { language, headline } = event.data;
    if (language === undefined || headline === undefined) return;
    expect(guessLanguage(headline)).toBe(language.split('-')[0]);
  });

  test('belong to publishers that are registered with them', () => {
    expect(new Set(examples.map(({ publisher }) => publisher))).toEqual(
      new Set(examplePublishers().map(({ id }) => id)),
    );
  });
});
