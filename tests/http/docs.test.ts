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
