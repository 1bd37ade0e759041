import { afterEach, expect, test } from 'vitest';
import { film, newestIn, pathOf } from './site.ts';
import { Visitor } from './visitor.ts';

/** Does to a page what AMP's runtime does: styles of its own, a measuring picture, a player's frame, a request. */
const RUNTIME = `
  const style = document.createElement('style');
  style.setAttribute('amp-runtime', '');
  style.textContent = 'html { --runtime: 1 }';
  document.head.append(style);
  const ready = () => {
    document.body.setAttribute('style', 'animation: none; visibility: visible');
    const player = document.querySelector('amp-youtube');
    const sizer = new Image();
    sizer.src = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="16" height="9"/>';
    const frame = document.createElement('iframe');
    frame.src = 'https://www.youtube.com/embed/' + player.dataset.videoid;
    player.append(sizer, frame);
    fetch('https://cdn.ampproject.org/rtv/metadata').catch(() => {});
    document.documentElement.dataset.runtime = getComputedStyle(document.documentElement).getPropertyValue('--runtime');
  };
  document.readyState === 'loading' ? addEventListener('DOMContentLoaded', ready) : ready();`;

const STRANGER = `
  const script = document.createElement('script');
  script.src = 'https://stranger.example/x.js';
  document.head.append(script);`;

let visitor: Visitor | undefined;
afterEach(async () => {
  await visitor?.leave();
  visitor = undefined;
});

/** Somebody who gets this for AMP's runtime. */
const withRuntime = (body: string) =>
  Visitor.arrive({
    async answer(route, url) {
      if (url.href !== 'https://cdn.ampproject.org/v0.js') return false;
      await route.fulfill({ contentType: 'text/javascript', body });
      return true;
    },
  });

test('a page with a film lets AMP do its work', async () => {
  visitor = await withRuntime(RUNTIME);
  const { page, violations, outside } = await visitor.open(film());
  expect(await page.locator('html').getAttribute('data-runtime')).toBe('1');
  expect(await page.locator('h1').isVisible()).toBe(true);
  expect(outside).toContain('https://cdn.ampproject.org/v0/amp-youtube-0.1.js');
  expect(outside).toContain('https://cdn.ampproject.org/rtv/metadata');
  expect(outside.some((url) => url.startsWith('https://www.youtube.com/embed/'))).toBe(true);
  expect(violations).toEqual([]);
});

test('and nobody else', async () => {
  visitor = await withRuntime(STRANGER);
  const { violations, outside } = await visitor.open(film());
  expect(outside).not.toContain('https://stranger.example/x.js');
  expect(violations.join()).toContain('https://stranger.example/x.js');
});

test('a page without components runs nothing that gets into it, and takes no style but its own', async () => {
  visitor = await Visitor.arrive();
  const { page, violations } = await visitor.open(pathOf(newestIn('hi')));
  expect(violations).toEqual([]);
  const got = await page.evaluate(() => {
    const scope = globalThis as unknown as {
      ran?: boolean;
      document: {
        createElement(name: string): { textContent: string };
        head: { append(child: object): void };
      };
      getComputedStyle(element: object): { color: string };
    };
    const add = (name: string, text: string) => {
      const element = scope.document.createElement(name);
      element.textContent = text;
      scope.document.head.append(element);
    };
    add('script', 'globalThis.ran = true');
    add('style', 'head { color: rgb(1, 2, 3) }');
    return { ran: scope.ran, color: scope.getComputedStyle(scope.document.head).color };
  });
  expect(got.ran).toBeUndefined();
  expect(got.color).not.toBe('rgb(1, 2, 3)');
  expect(violations.join()).toMatch(/script.*style/s);
});

test.each([
  '/feeds/all.rss',
  '/feeds/all.atom',
  '/sitemap.xml',
  '/articles',
  '/feeds/all.json',
  '/robots.txt',
])('a browser shows %s within its policy', async (path) => {
  visitor = await Visitor.arrive();
  const { status, violations } = await visitor.open(path);
  expect(status).toBe(200);
  expect(violations).toEqual([]);
});
