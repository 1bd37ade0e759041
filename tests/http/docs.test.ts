import { expect, test } from 'vitest';
import { ROUTES } from '../../src/app.ts';
import { docsPage, type OpenApi } from '../../src/edge/docs-page.ts';
import { request } from '../client.ts';

const document = async () => (await (await request('/openapi.json')).json()) as OpenApi & { openapi: string };

test('the API’s document is served to any origin', async () => {
  const response = await request('/openapi.json');
  expect(response.headers.get('Content-Type')).toBe('application/json');
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
  expect(response.headers.get('Cache-Control')).toContain('max-age=30');
  const { openapi, paths } = await document();
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths)).toEqual(ROUTES.map(([template]) => template));
});

test.each([
  ['/openapi.json', 'application/json'],
  ['/docs', 'text/html; charset=utf-8'],
])('%s is the generated file, and a client that has it gets 304', async (path, type) => {
  const response = await request(path);
  const file =
    path === '/docs' ? await import('../../src/edge/docs.html') : await import('../../src/edge/openapi.json');
  expect(await response.text()).toBe(file.default);
  expect(response.headers.get('Content-Type')).toBe(type);
  const etag = response.headers.get('ETag') ?? '';
  expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
  const current = await request(path, { headers: { 'If-None-Match': etag } });
  expect(current.status).toBe(304);
  expect(await current.text()).toBe('');
  expect(current.headers.get('ETag')).toBe(etag);
  expect(current.headers.get('Cache-Control')).toContain('max-age=30');
  expect(current.headers.has('Content-Type')).toBe(false);
  const stale = { 'If-None-Match': 'W/"another"', 'If-Modified-Since': new Date().toUTCString() };
  expect((await request(path, { headers: stale })).status).toBe(200);
});

test('its page runs nothing, and styles itself by its own sheet alone', async () => {
  const response = await request('/docs');
  const html = await response.text();
  const policy = response.headers.get('Content-Security-Policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'; script-src 'none'; style-src 'sha256-[^']+'; /);
  expect(policy).not.toContain('unsafe');
  expect(html).not.toMatch(/<script|<link|<img| style=| on\w+=/);
});

test('its page shows every operation, parameter and schema, and its links lead somewhere', async () => {
  const html = await (await request('/docs')).text();
  const { paths, components } = await document();
  for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
    expect(html).toContain(`id="${operation.operationId}"`);
    for (const { name } of operation.parameters) expect(html).toContain(`<code>${name}</code>`);
  }
  for (const name of Object.keys(components.schemas)) expect(html).toContain(`id="schema-${name}"`);
  const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
});

test('its page escapes what the document says', async () => {
  const hostile = '<img src=x onerror=alert(1)>"\'&`<b>`[<i>](https://x.example/"onclick=)';
  const { components, ...rest } = await document();
  const html = docsPage({
    ...rest,
    info: { title: hostile, description: hostile },
    components: {
      ...components,
      schemas: { [hostile]: { type: 'string', description: hostile, const: hostile } },
    },
  });
  const [elements, attributes] = [new Set<string>(), new Set<string>()];
  const reader = new HTMLRewriter().on('*', {
    element(element) {
      elements.add(element.tagName);
      for (const [name = ''] of element.attributes) attributes.add(name);
    },
  });
  await reader.transform(new Response(html)).text();
  expect(elements.has('details')).toBe(true);
  expect(elements.has('img')).toBe(false);
  expect([...attributes].sort()).toEqual([
    'aria-label',
    'charset',
    'class',
    'content',
    'href',
    'id',
    'lang',
    'name',
  ]);
});
