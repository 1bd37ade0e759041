import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { toIssues } from '../../src/domain/draft.ts';
import { settingsSchema } from '../../src/domain/settings.ts';

function issuesOf(settings: object): string[] {
  const parsed = v.safeParse(settingsSchema, settings);
  return parsed.success ? [] : toIssues(parsed.issues).map(({ path, message }) => `${path} ${message}`);
}

const LOGO = { url: 'https://news.example/logo.png', width: 240, height: 80 };
const slot = { width: 300, height: 250 };
const ADS = { type: 'doubleclick', slots: [slot] };

describe('the site’s settings', () => {
  test('may all be left out, null or blank', () => {
    expect(v.parse(settingsSchema, {})).toEqual({});
    const blank = { name: ' ', logo: null, colours: null, navigation: null, ads: null, liveUrl: '' };
    expect(Object.values(v.parse(settingsSchema, blank)).every((value) => value === undefined)).toBe(true);
  });

  test('are taken as they are when all is well', () => {
    const settings = {
      name: 'दैनिक दिशा',
      languages: ['hi', 'ur'],
      localDigits: true,
      logo: LOGO,
      colours: { light: { accent: '#005a8c' } },
      navigation: [
        { title: 'खेल', section: 'खेल' },
        { title: 'Help', url: 'https://help.example/' },
      ],
      liveUrl: 'https://live.example/tv',
      ads: { ...ADS, attributes: { 'data-slot': '/1/a', json: '{}' } },
      social: { youtube: 'https://www.youtube.com/@news' },
      footer: { text: '© 2026', links: [{ title: 'About', url: 'https://news.example/about' }] },
    };
    expect(v.parse(settingsSchema, settings)).toEqual(settings);
  });

  test.each([
    [{ language: 'not a language' }, 'language must be a BCP 47'],
    [{ timeZone: 'Mars/Base' }, 'timeZone must be an IANA time zone'],
    [{ localDigits: 'yes' }, 'localDigits must be true or false'],
    [{ logo: { ...LOGO, url: 'http://news.example/logo.png' } }, 'logo.url must be an https URL'],
    [{ logo: { url: LOGO.url, width: 240 } }, 'logo.height is required'],
    [{ navigation: [{ title: 'x' }] }, 'navigation.0 must have either a section or a url'],
    [
      { navigation: [{ title: 'x', section: 'a', url: 'https://b.example' }] },
      'navigation.0 must have either',
    ],
    [
      { navigation: [{ title: 'x', url: 'javascript:alert(1)' }] },
      'navigation.0.url must be an absolute http',
    ],
    [{ navigation: Array(21).fill({ title: 'x', section: 'x' }) }, 'navigation must have at most 20'],
    [{ liveUrl: 'http://live.example' }, 'liveUrl must be an https URL'],
    [{ social: { orkut: 'https://orkut.example' } }, 'social.orkut '],
    [{ social: { x: 'javascript:alert(1)' } }, 'social.x must be an absolute http'],
    [{ footer: { links: [{ title: 'x', url: '/about' }] } }, 'footer.links.0.url must be an absolute http'],
    [{ tombstoneHours: 0 }, 'tombstoneHours must be a whole number of hours'],
    [{ ads: { ...ADS, type: 'elsewhere' } }, 'ads.type must be one of a9, '],
    [{ ads: { type: 'adsense' } }, 'ads.slots is required'],
    [{ ads: { ...ADS, slots: Array(9).fill(slot) } }, 'ads.slots must have at most 8'],
    [
      { ads: { ...ADS, slots: [{ ...slot, width: 728 }] } },
      'ads.slots.0.width must be a whole number of pixels from 1 to 320',
    ],
    [
      { ads: { ...ADS, attributes: { onclick: 'x' } } },
      'ads.attributes.onclick must be json or start with data-',
    ],
    [{ ads: { ...ADS, attributes: { 'data-"><script>': 'x' } } }, 'must be json or start with data-'],
  ])('%j is refused', (settings, message) => {
    expect(issuesOf(settings)).toEqual([expect.stringContaining(message)]);
  });
});

describe('colours', () => {
  test.each([
    [{ light: { text: '#777777', background: '#ffffff' } }, 'light text #777777 on #ffffff has 4.47:1'],
    [{ light: { accent: '#ff6600' } }, 'light accent #ff6600 on #fffdf9 has 2.88:1'],
    [{ dark: { accent: '#9c1c1c' } }, 'dark accent #9c1c1c'],
    // A background alone has to suit the texts that stay as they are.
    [{ light: { background: '#000000' } }, 'light text #1c1b18 on #000000'],
  ])('%j cannot be read, and is refused with its contrast', (colours, message) => {
    expect(issuesOf({ colours })).toEqual([
      expect.stringContaining('must have a contrast of at least 4.5:1'),
    ]);
    expect(issuesOf({ colours })).toEqual([expect.stringContaining(message)]);
  });

  test.each([['red'], ['#f00'], ['#ff0000;}*{display:none'], [7]])('%s is no colour', (accent) => {
    expect(issuesOf({ colours: { light: { accent } } })).toEqual([
      'colours.light.accent must be a colour as #rrggbb',
    ]);
  });

  test('are kept in lower case', () => {
    expect(v.parse(settingsSchema, { colours: { light: { accent: '#005A8C' } } }).colours).toEqual({
      light: { accent: '#005a8c' },
    });
  });
});
