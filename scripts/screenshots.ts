/** `npm run screenshots`: takes screenshots of the example site on a phone and a desktop into docs/pictures. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchBrowser } from './browser.ts';
import { startExampleSite } from './example-site.ts';
import { ROOT } from './wrangler.ts';

const FOLDER = join(ROOT, 'docs/pictures');

/** The maximum size of a picture in the README. */
const MAX_BYTES = 150 * 1_024;

const PHONE = { width: 390, height: 780 };
const DESKTOP = { width: 1120, height: 760 };

/** Replaces the publishers' pictures, whose hosts do not exist. */
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 900" preserveAspectRatio="xMidYMid slice">
  <rect width="1600" height="900" fill="#cfe0e8"/><circle cx="1180" cy="250" r="90" fill="#f6d98b"/>
  <path d="M0 620 350 330 620 560 930 250 1600 700V900H0Z" fill="#7d98a6"/><path d="M0 740Q400 640 800 730T1600 720V900H0Z" fill="#4d6b62"/>
</svg>`;

const [site, browser] = await Promise.all([startExampleSite(), launchBrowser()]);
try {
  await mkdir(FOLDER, { recursive: true });
  await setSite('hi');
  const article = (language: string) =>
    new URL(site.cards.find((card) => card.language.startsWith(language))?.url ?? site.origin).pathname;
  await take('article-hindi', article('hi'), PHONE);
  await take('article-urdu', article('ur'), PHONE, 'dark');
  await take('home', '/', DESKTOP);
} finally {
  await Promise.all([browser.close(), site.end()]);
}

/** Configures the site in `language`, without the example in Bengali, for which no package has a font. */
async function setSite(language: string): Promise<void> {
  const headers = { Authorization: `Bearer ${site.adminToken}` };
  const calls: [method: string, path: string, body: object][] = [
    ['PUT', '/admin/site', { name: 'Dateline', language, timeZone: 'Asia/Kolkata' }],
    ...site.cards
      .filter((card) => card.language === 'bn')
      .map(({ id }): [string, string, object] => ['POST', `/admin/articles/${id}/withdraw`, {}]),
  ];
  for (const [method, path, body] of calls) {
    const response = await fetch(site.origin + path, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path} responded with ${response.status}`);
  }
  // KV is a second behind the Desk, and an isolate's cache two more.
  while ((await (await fetch(site.origin)).text()).includes('lang="bn"')) await sleep(500);
}

async function take(
  name: string,
  path: string,
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark' = 'light',
): Promise<void> {
  const context = await browser.newContext({ viewport, colorScheme });
  await context.route(
    (url) => url.origin !== site.origin,
    (route) =>
      route.request().resourceType() === 'image'
        ? route.fulfill({ contentType: 'image/svg+xml', body: PICTURE })
        : route.abort(),
  );
  const page = await context.newPage();
  await page.goto(site.origin + path, { waitUntil: 'load' });
  const file = join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file });
  await context.close();
  const { size } = await stat(file);
  if (size > MAX_BYTES) throw new Error(`${file} is ${size} bytes, more than ${MAX_BYTES}.`);
  console.log(`${file}: ${Math.ceil(size / 1_024)} KB`);
}
