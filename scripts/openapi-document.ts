import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ROOT } from './wrangler.ts';

/** The folder of the files that `/openapi.json` and `/docs` serve. */
export const EDGE = join(ROOT, 'src/edge');

type Routes = readonly (readonly [template: string, methods: Readonly<Record<string, object>>])[];

interface Built {
  routes: Routes;
  /** The API's OpenAPI document. */
  document: object;
  /** The files in `src/edge`: text by name. */
  files: Readonly<Record<'openapi.json' | 'docs.html' | 'documents.json', string>>;
}

/**
 * The route table, its OpenAPI document, and the files that the Worker serves. Loaded by path, because `src` is
 * type-checked with the types of Workers, and scripts with Node's.
 */
export async function documentsOfRoutes(): Promise<Built> {
  const app: { ROUTES: Routes } = await import(join(ROOT, 'src/app.ts'));
  const { openApiDocument }: { openApiDocument(routes: Routes): object } = await import(
    join(ROOT, 'src/http/openapi.ts')
  );
  const { docsPage }: { docsPage(document: object): string } = await import(join(EDGE, 'docs-page.ts'));
  const { pageHeaders }: { pageHeaders(html: string): Promise<Record<string, string>> } = await import(
    join(ROOT, 'src/http/security-headers.ts')
  );
  const document = JSON.parse(JSON.stringify(openApiDocument(app.ROUTES))) as object;
  const [json, html] = [minified(document), docsPage(document)];
  const headers = {
    'openapi.json': { 'Content-Type': 'application/json', ETag: etagOf(json) },
    'docs.html': { ...(await pageHeaders(html)), ETag: etagOf(html) },
  };
  return {
    routes: app.ROUTES,
    document,
    files: {
      'openapi.json': json,
      'docs.html': html,
      'documents.json': `${JSON.stringify(headers, null, 2)}\n`,
    },
  };
}

/** JSON without spaces, with a line for each path and each component, so that git shows what changed. */
function minified(value: unknown, depth = 3): string {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) {
    return JSON.stringify(value);
  }
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${minified(member, depth - 1)}`,
  );
  return `{\n${members.join(',\n')}\n}`;
}

/** A weak validator, like that of every other read: a cache in front may compress the response. */
const etagOf = (text: string): string =>
  `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
