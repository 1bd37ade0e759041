import { expect, test } from 'vitest';
import { atom } from '../../src/formats/atom.ts';
import { rss } from '../../src/formats/rss.ts';
import { FEED_STYLESHEET, FEED_STYLESHEET_PATH } from '../../src/formats/stylesheet.ts';
import { feedOf, render } from './feeds.ts';

test('the style sheet a feed names is the one that is served', () => {
  const instruction = `\n<?xml-stylesheet type="text/css" href="${FEED_STYLESHEET_PATH}"?>\n`;
  for (const format of [rss, atom]) expect(render(format, feedOf())).toContain(instruction);
  expect(FEED_STYLESHEET_PATH).toBe('/feeds.css');
});

test('its namespaces are those of the feeds, and it loads nothing', () => {
  const namespaces = [...FEED_STYLESHEET.matchAll(/@namespace \w+ "([^"]+)"/g)].map((match) => match[1]);
  const documents = render(rss, feedOf()) + render(atom, feedOf());
  for (const namespace of namespaces) expect(documents).toContain(`="${namespace}"`);
  expect(namespaces).toContain('http://www.w3.org/2005/Atom');
  expect(FEED_STYLESHEET).not.toMatch(/@import|url\(/);
  expect(FEED_STYLESHEET.length).toBeLessThan(3_000);
});
