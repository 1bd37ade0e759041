import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { deskOf, subscriptionsOf } from '../../src/bindings.ts';
import type { Change } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import type { Subscriptions } from '../../src/push/subscriptions.ts';
import { asAdmin, request } from '../client.ts';

const FORMATS = ['rss', 'atom', 'json', 'ninjs'];

/** All that a site shows to anybody, by path: status, the headers that matter, and every byte. */
export async function outputs(partners: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
  const changes = await allChanges();
  const scopes = await inDesk((sql) =>
    sql.exec<{ kind: string; name: string }>("SELECT kind, name FROM scopes WHERE kind <> 'all'").toArray(),
  );
  const ids = await inDesk((sql) => sql.exec<{ id: string }>('SELECT id FROM articles').toArray());
  const days = await inDesk((sql) => sql.exec<{ day: string }>('SELECT day FROM days').toArray());
  const names = scopes.map(({ kind, name }) => `/feeds/${kind}/${encodeURIComponent(name)}`);
  const paths = [
    ...['/feeds/all', ...names].flatMap((scope) => FORMATS.map((format) => `${scope}.${format}`)),
    ...scopes.flatMap(({ kind, name }) =>
      kind === 'languages' ? [] : [`/${kind}/${encodeURIComponent(name)}`],
    ),
    ...ids.flatMap(({ id }) => [`/articles/${id}`, `/news/${id}`, `/news/${id}/x`]),
    ...days.map(({ day }) => `/sitemaps/${day}.xml`),
    ...['/', '/articles', '/trending', '/sitemap.xml', '/news-sitemap.xml', '/feeds.opml', '/robots.txt'],
    ...Object.entries(partners).map(([id, token]) => `/partners/${id}/feed.json?key=${token}`),
  ];
  const shown: Record<string, unknown> = { changes };
  for (const path of paths) shown[path] = await seenBy(request(path));
  for (const path of ['/admin/publishers', '/admin/partners', '/admin/site', '/admin/subscriptions'])
    shown[path] = await seenBy(asAdmin(path, 'GET'));
  return shown;
}

async function seenBy(answer: Promise<Response>): Promise<unknown> {
  const response = await answer;
  const headers = ['ETag', 'Last-Modified', 'Content-Type', 'Cache-Control', 'Location', 'Link', 'Cache-Tag'];
  return [response.status, headers.map((name) => response.headers.get(name)), await response.text()];
}

async function allChanges(): Promise<Change[]> {
  const all: Change[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page = (await (await request(`/changes?after=${after}&limit=7`)).json()) as {
      changes: Change[];
      next: number | null;
    };
    all.push(...page.changes);
    after = page.next;
  }
  return all;
}

export const inDesk = <Result>(work: (sql: SqlStorage) => Result): Promise<Result> =>
  runInDurableObject(deskOf(env), (_instance: Desk, { storage }) => work(storage.sql));

export const inSubscriptions = <Result>(work: (sql: SqlStorage) => Result): Promise<Result> =>
  runInDurableObject(subscriptionsOf(env), (_instance: Subscriptions, { storage }) => work(storage.sql));

/** The rows of tables, with bytes as numbers. */
export const rowsOf = (sql: SqlStorage, tables: readonly string[]) =>
  Object.fromEntries(
    tables.map((table) => [
      table,
      sql
        .exec(`SELECT * FROM ${table} ORDER BY 1, 2`)
        .toArray()
        .map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([name, value]) => [
              name,
              value instanceof ArrayBuffer ? [...new Uint8Array(value)].join() : value,
            ]),
          ),
        ),
    ]),
  );

/** Takes a backup, at most `limit` rows a page. `between` is done after each page. */
export async function backUp(
  limit = 2_000,
  between: (page: number) => Promise<unknown> = async () => {},
): Promise<string[]> {
  const pages: string[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const response = await asAdmin(
      `/admin/export?limit=${limit}${after === '' ? '' : `&after=${after}`}`,
      'GET',
    );
    if (response.status !== 200) throw new Error(`export: ${response.status} ${await response.text()}`);
    // As bytes: workerd warns that the type may be no text.
    const page = new TextDecoder().decode(await response.arrayBuffer());
    pages.push(page);
    after = (JSON.parse(page.trimEnd().split('\n').at(-1) ?? '') as { next: string | null }).next;
    await between(pages.length);
  }
  return pages;
}

export const sendPage = (page: string, bindings = {}): Promise<Response> =>
  request(
    '/admin/import',
    {
      method: 'POST',
      headers: { Authorization: `Bearer ${env.ADMIN_TOKEN}`, 'Content-Type': 'application/x-ndjson' },
      body: page,
    },
    { bindings },
  );

/** Restores a backup, and waits until KV is written. */
export async function restore(pages: readonly string[], bindings = {}): Promise<void> {
  for (const page of pages) {
    const response = await sendPage(page, bindings);
    if (response.status !== 200) throw new Error(`import: ${response.status} ${await response.text()}`);
    await response.body?.cancel();
  }
}
