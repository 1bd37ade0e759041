import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, run, start } from '../cli/command.ts';
import { TestSite } from './site.ts';

let site: TestSite;
let folder: string;

beforeAll(async () => {
  site = await TestSite.start();
  await site.register('gazette');
  folder = mkdtempSync(join(tmpdir(), 'dateline-by-hand-'));
});

afterAll(async () => {
  await site?.end();
  rmSync(folder, { recursive: true });
});

const environment = () => ({
  DATELINE_SITE: site.origin,
  DATELINE_PUBLISHER: 'gazette',
  DATELINE_SECRET: site.secretOf('gazette'),
});
const dateline = (...args: string[]): Promise<Ended> => run(folder, args, { env: environment() });

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

/** The summary of an import: `accepted  12` → `{accepted: 12}`. */
const counts = ({ output }: Ended): Record<string, number> =>
  Object.fromEntries(
    [...output.matchAll(/^(\w+(?: sent)?) +(\d+)/gm)].map(([, name = '', count]) => [name, Number(count)]),
  );

const wxr = (posts: number, words = 'The words of'): string =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
    xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
  ${Array.from(
    { length: posts },
    (_, n) => `<item><title>Post ${n}</title><wp:post_id>${n + 1}</wp:post_id><wp:status>publish</wp:status>
      <wp:post_type>post</wp:post_type><wp:post_date_gmt>2026-11-20 10:00:00</wp:post_date_gmt>
      <content:encoded><![CDATA[<p>${words} post ${n}.</p>]]></content:encoded></item>`,
  ).join('\n')}
  <item><title>Draft</title><wp:post_id>9999</wp:post_id><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
  <item><title></title><wp:post_id>9998</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>
  </channel></rss>`;

const journals = (): string[] =>
  readdirSync(join(folder, '.dateline/imports')).map((name) => join(folder, '.dateline/imports', name));

describe('import', () => {
  const POSTS = 300;
  const AT_ONCE = 4;

  test('killed midway it goes on where it stopped, and all of it is there once', async () => {
    const file = write('blog.xml', wxr(POSTS));
    const args = ['import', file, '--at-once', String(AT_ONCE)];
    const { child, ended } = start(folder, args, { env: environment() });
    const settled = () => {
      try {
        return journals().reduce((sum, path) => sum + readFileSync(path, 'utf8').split('\n').length - 1, 0);
      } catch {
        return 0;
      }
    };
    while (settled() < 80 && child.exitCode === null) await sleep(2);
    child.kill('SIGKILL');
    await ended;
    const before = settled();
    expect(before).toBeGreaterThanOrEqual(80);
    expect(before).toBeLessThan(POSTS);

    const second = await dateline(...args);
    expect(second.errors).toContain(`Continuing an interrupted import: ${before} deliveries are done`);
    const { accepted = 0, duplicate = 0, ...rest } = counts(second);
    expect(accepted + duplicate).toBe(POSTS);
    // Only what was in flight when it was killed can have arrived without its answer being noted.
    expect(duplicate).toBeLessThanOrEqual(AT_ONCE);
    expect(rest).toEqual({ refused: 1, 'not sent': 1 });
    expect(second.output).toContain('9998: headline is required');
    expect(second.code).toBe(1);
    expect(journals()).toEqual([]);
    expect(new Set(await site.changedIds()).size).toBe(POSTS);
  });

  test('run again, nothing changes; under other delivery ids, the same words are unchanged', async () => {
    const again = await dateline('import', 'blog.xml');
    expect(counts(again)).toEqual({ duplicate: POSTS, refused: 1, 'not sent': 1 });
    // The modification time alone makes other deliveries of the same content.
    const touched = wxr(5).replaceAll(
      '</wp:post_date_gmt>',
      '</wp:post_date_gmt><wp:post_modified_gmt>2026-11-21 10:00:00</wp:post_modified_gmt>',
    );
    expect(counts(await dateline('import', write('touched.xml', touched)))).toMatchObject({ unchanged: 5 });
    const changed = await dateline('import', write('old.xml', wxr(3, 'Older words of')));
    expect(counts(changed)).toMatchObject({ stale: 3 });
  });

  test('a file that is broken costs only itself', async () => {
    const broken = await dateline('import', write('broken.json', '{"version": '));
    expect(broken.output).toMatch(/refused +1[\s\S]*broken\.json: is not valid JSON/);
    expect(broken.code).toBe(1);
  });
});

describe('send and preview', () => {
  test('a Markdown file is shown, then stored, then unchanged', async () => {
    const file = write(
      'ferry.md',
      '# The ferry sails\n\nHARBOUR: It **sails** again.\n\nAdvertisement\n\nAlways.\n',
    );
    const shown = await dateline('preview', file, '--section', 'City');
    expect(shown.output).toMatch(/^The ferry sails\n/);
    expect(shown.output).toContain('City');
    expect(shown.errors).toMatch(/boilerplate-dropped +Advertisement/);
    expect(shown.code).toBe(0);
    const sent = await dateline('send', file, '--section', 'City');
    expect(sent.output).toMatch(/^accepted {2}version 1 {2}http/);
    const url = sent.output.trim().split('  ').at(-1) ?? '';
    expect((await fetch(url)).status).toBe(200);
    expect((await dateline('send', file, '--section', 'City')).output).toMatch(/^unchanged {2}version 1/);
  });

  test('a native webhook is sent as it stands; what is refused says why', async () => {
    const native = { type: 'article.published', data: { id: 'n', headline: 'Native', language: 'en' } };
    expect((await dateline('send', write('n.json', JSON.stringify(native)))).output).toMatch(/^accepted/);
    const refused = await dateline('send', write('none.html', '<p></p>'));
    expect(refused.errors).toMatch(/^Refused: data\.\S+ .*\n.*--headline/);
    expect(refused.code).toBe(1);
  });
});

describe('deliveries', () => {
  test('the newest, the newest last, with issues', async () => {
    const { output, code } = await dateline('deliveries', '--limit', '2');
    expect(code).toBe(0);
    expect(output).toMatch(/^\S+Z {2}accepted .*\n\S+Z {2}\w+ .*\n {4}\S+/);
  });

  test('--follow goes on with what comes in', async () => {
    const { child, ended } = start(folder, ['deliveries', '--follow', '--json', '--limit', '1'], {
      env: environment(),
    });
    const rows: { id: string }[] = [];
    child.stdout?.on('data', (chunk) =>
      rows.push(
        ...String(chunk)
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ),
    );
    while (rows.length === 0 && child.exitCode === null) await sleep(20);
    for (const id of ['late-1', 'late-2', 'late-3']) {
      await site.post('gazette', JSON.stringify({ type: 'article.updated', data: { id, headline: id } }), {
        id,
      });
    }
    const deadline = Date.now() + 20_000;
    while (rows.length < 4 && Date.now() < deadline) await sleep(50);
    child.kill();
    await ended;
    expect(rows.slice(1).map(({ id }) => id)).toEqual(['late-1', 'late-2', 'late-3']);
  });
});

describe('who speaks to whom', () => {
  test('login keeps a profile for this user alone, once the site has taken the secret', async () => {
    const secret = site.secretOf('gazette');
    const args = ['login', '--site', site.origin, '--publisher', 'gazette'];
    const wrong = await run(folder, args, { input: 'whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA==' });
    expect(wrong.errors).toContain('rejects the signature of gazette');
    expect(wrong.code).toBe(1);
    const kept = await run(folder, args, { input: `${secret}\n` });
    expect(kept.code).toBe(0);
    expect(kept.output + kept.errors).not.toContain(secret);
    const profile = join(folder, '.dateline/profile.json');
    expect(statSync(profile).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, '.dateline/.gitignore'), 'utf8')).toBe('*\n');
    expect((await run(folder, ['deliveries', '--limit', '1'])).code).toBe(0);
    // An option goes before the profile.
    const other = await run(folder, ['deliveries', '--publisher', 'nobody']);
    expect(other.errors).toContain('rejects the signature of nobody');
  });
});
