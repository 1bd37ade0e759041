/**
 * Prints the regular expressions that the code constructs while it runs, as JSON: `[{site, source, flags}]`, where the
 * site is the file and line in `src`. It does what constructs them: reads and writes articles in every language. A
 * process of its own, because most are constructed once per process.
 */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface Constructed {
  site: string;
  source: string;
  flags: string;
}

const root = join(import.meta.dirname, '../..');
const found = new Map<string, Constructed>();

const Native = globalThis.RegExp;
globalThis.RegExp = new Proxy(Native, {
  construct(target, given, self) {
    const made: RegExp = Reflect.construct(target, given, self);
    const frame = new Error().stack?.split('\n')[2] ?? '';
    const [, path = '', line = ''] = Native(/(?:file:\/\/)?(\/[^)]+?):(\d+):\d+\)?$/).exec(frame) ?? [];
    const site = `${relative(root, path)}:${line}`;
    if (site.startsWith('src/')) {
      found.set(`${site} ${made.source} ${made.flags}`, { site, source: made.source, flags: made.flags });
    }
    return made;
  },
});

const { allLocales } = await import('../../src/locales/locales.ts');
const { normalize } = await import('../../src/normalize/normalize.ts');
const { instantIn } = await import('../../src/markup/dates.ts');

const PARAGRAPH =
  'HARBOUR, Nov 22 (Agency): Some words: of a story. And more of it (Agency). “Words” of A. B. Name.';
const MARKUP = `<p class=author>By A Name</p><p>Updated: 22 Nov 2026, 10:00 IST</p><p>${PARAGRAPH}</p>
<figure><img src=/a.jpg><figcaption>A caption (Photo: Agency)</figcaption></figure>
[gallery ids="1"] [video src="https://a.example/a.mp4" poster="https://a.example/a.jpg"]
<p>Harbour / Agency</p><p>${PARAGRAPH}</p><p>Agency and Agency</p><p>© 2026 The Gazette. All rights reserved.</p><p>(Some and Others)</p>`;
const TEXT = `A headline\n\nBy A Name\n22 Nov 2026, 10:00 IST\n\n${PARAGRAPH}\n\nPhoto: Agency\n\n${PARAGRAPH}\n\nSpeaker: words\nFollow us on a channel\n© 2026 The Gazette. All rights reserved.\n(Agency)`;
const PAGE = `<!doctype html><title>A headline</title><article><h1>A headline</h1>${MARKUP}</article>`;

for (const { tag, guess } of allLocales()) {
  const sample = guess?.words ?? '';
  for (const [format, content] of [
    ['html', MARKUP],
    ['text', TEXT],
    ['page', PAGE],
    ['page', TEXT],
  ] as const) {
    const draft = { id: '1', url: 'https://a.example/1', headline: sample || 'A headline' };
    for (const language of [{ language: tag }, {}]) {
      const body = {
        format,
        content: format === 'text' ? `${content}\n\n${sample}` : `${content}<p>${sample}</p>`,
      };
      await normalize({ ...draft, ...language, body }, { id: 'gazette', name: 'The Gazette' });
    }
  }
  instantIn('22 Nov 2026, 10:00 IST', tag);
}
// By name: its types are those of Workers, which this program does not have.
const ROUTES = '../../src/http/routes.ts';
const { mount } = (await import(ROUTES)) as { mount: (app: object, routes: readonly unknown[]) => void };
const { paths } = JSON.parse(await readFile(join(root, 'src/edge/openapi.json'), 'utf8')) as {
  paths: object;
};
mount(
  { all() {} },
  Object.keys(paths).map((template) => [template, {}]),
);

console.log(JSON.stringify([...found.values()]));
