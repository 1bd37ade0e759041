import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { documentsOfRoutes, EDGE } from '../../scripts/openapi-document.ts';
import { MEDIA_TYPES, readPayload } from '../../src/dialects/payload.ts';
import { Contract, readDocument } from '../contract.ts';

const ROOT = join(import.meta.dirname, '../..');
const document = readDocument();
const made = await documentsOfRoutes();

const operations = Object.entries(document.paths).flatMap(([template, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    route: `${method.toUpperCase()} ${template}`,
    template,
    ...(operation as unknown as {
      operationId: string;
      tags: string[];
      summary: string;
      parameters: { name: string; in: string; description?: string }[];
      responses: Record<string, { description: string }>;
    }),
  })),
);

describe('the document', () => {
  test.each(Object.entries(made.files))('run `npm run openapi` and commit %s', (name, text) => {
    expect(readFileSync(join(EDGE, name), 'utf8')).toBe(text);
  });

  test('has all that the routes give', () => {
    expect(document).toEqual(made.document);
  });

  test('has every route, and no other', () => {
    const routes = made.routes.flatMap(([template, methods]) =>
      Object.keys(methods).map((method) => `${method} ${template}`),
    );
    expect(operations.map(({ route }) => route).sort()).toEqual(routes.sort());
  });

  test.each(operations.map((operation) => [operation.route, operation] as const))(
    '%s can be called from it',
    (_route, { template, tags, summary, parameters, responses }) => {
      const placeholders = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      expect(inPath.sort()).toEqual(placeholders.sort());
      for (const { name, description } of parameters) expect(description, name).toBeTruthy();
      expect(tags).toHaveLength(1);
      expect(summary).toMatch(/^[A-Z].*[^.]$/);
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['500', '503']));
    },
  );

  test('lists the media types that deliveries are read from', () => {
    const types = MEDIA_TYPES.flatMap((each) => each.types);
    for (const path of [
      '/webhooks/{publisher}',
      '/webhooks/{publisher}/{token}',
      '/webhooks/{publisher}/preview',
    ]) {
      const { content } = document.paths[path]?.post?.requestBody ?? {};
      expect(Object.keys(content ?? {})).toEqual(types);
    }
    for (const type of types) {
      const payload = readPayload(new Headers({ 'Content-Type': type }), new TextEncoder().encode('{}'));
      expect(payload, type).toHaveProperty('kind');
    }
  });

  test('names every operation once', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('says something of every value, and closes every object that is answered', () => {
    const vague: string[] = [];
    const open: string[] = [];
    const visit = (node: unknown, path: string, isAnswer: boolean): void => {
      if (typeof node !== 'object' || node === null) return;
      const schema = node as Record<string, unknown>;
      if (SCHEMA_PLACE.test(path) && !SAYS_SOMETHING.some((key) => key in schema)) vague.push(path);
      if (isAnswer && schema.type === 'object' && !('additionalProperties' in schema)) open.push(path);
      for (const [key, value] of Object.entries(schema)) {
        const below =
          isAnswer || key === 'responses' || (path === '/components/schemas' && key !== 'NativePayload');
        visit(value, `${path}/${key}`, below);
      }
    };
    visit(document, '', false);
    expect(vague).toEqual([]);
    // The document itself, whose form is OpenAPI's to say.
    expect(open).toEqual(['/paths//openapi.json/get/responses/200/content/application/json/schema']);
  });

  test('has no error by the rules of @redocly/cli', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        join(ROOT, 'node_modules/@redocly/cli/bin/cli.js'),
        'lint',
        'src/edge/openapi.json',
        '--extends=recommended',
        '--format=json',
      ],
      {
        cwd: ROOT,
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      },
    );
    const { totals } = JSON.parse(stdout) as { totals: { errors: number } };
    expect(totals.errors).toBe(0);
  });
});

const SCHEMA_PLACE = /\/(?:schema|items|additionalProperties|(?:oneOf|anyOf|allOf)\/\d+|properties\/[^/]+)$/;
const SAYS_SOMETHING = ['type', '$ref', 'const', 'enum', 'oneOf', 'anyOf', 'allOf'];

describe('the check of answers finds', () => {
  const contract = new Contract(document);
  const problem = (reason: string, status: number, more: object = {}) =>
    JSON.stringify({ type: `urn:dateline:problem:${reason}`, title: 'A title', status, ...more });
  const seen = { method: 'GET', path: '/changes', status: 200, type: 'application/json' };
  const page = {
    changes: [{ seq: 1, kind: 'upsert', id: 'x', version: 1, at: '2026-11-20T10:00:00.000Z' }],
    next: null,
  };

  test('nothing wrong with what is documented', () => {
    expect(contract.fault({ ...seen, body: JSON.stringify(page) })).toBeUndefined();
    expect(contract.fault({ ...seen, path: '/changes?after=1', body: JSON.stringify(page) })).toBeUndefined();
    expect(contract.fault({ ...seen, method: 'HEAD' })).toBeUndefined();
    expect(
      contract.fault({
        ...seen,
        status: 400,
        type: 'application/problem+json; charset=utf-8',
        body: problem('invalid-parameters', 400, { issues: [{ path: 'after', message: 'x' }] }),
      }),
    ).toBeUndefined();
  });

  test.each([
    ['an undocumented status', { ...seen, status: 418 }, 'undocumented status'],
    ['an undocumented type', { ...seen, type: 'text/html; charset=utf-8' }, 'undocumented type'],
    ['a member more', { ...seen, body: JSON.stringify({ ...page, more: 1 }) }, 'additional properties'],
    ['a member less', { ...seen, body: JSON.stringify({ changes: [] }) }, "required property 'next'"],
    [
      'a member more far inside',
      { ...seen, body: JSON.stringify({ ...page, changes: [{ ...page.changes[0], secret: 1 }] }) },
      'additional properties',
    ],
    [
      'a problem for another reason',
      {
        ...seen,
        status: 400,
        type: 'application/problem+json',
        body: problem('conflict', 400),
      },
      'must be equal to constant',
    ],
    [
      'a body of an undocumented type that was taken',
      { method: 'PUT', path: '/admin/site', status: 200, type: 'application/json', sent: 'text/csv' },
      'took an undocumented body of text/csv; documented: application/json',
    ],
    [
      'a body that was taken where none is documented',
      { ...seen, sent: 'application/json' },
      'took an undocumented body of application/json; documented: none',
    ],
    ['an answer where there is no route', { ...seen, path: '/nowhere' }, 'expected 404'],
    ['an answer to a method that a route does not take', { ...seen, method: 'PUT' }, 'expected 405'],
    [
      'content where there is none',
      { method: 'POST', path: '/hub', status: 202, type: 'text/plain' },
      'has no content',
    ],
  ])('%s', (_what, answer, fault) => {
    expect(contract.fault(answer)).toContain(fault);
  });
});
