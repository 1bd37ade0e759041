import { join } from 'node:path';
import { ROOT } from './wrangler.ts';

type Routes = readonly (readonly [template: string, methods: Readonly<Record<string, object>>])[];

/**
 * The route table and its OpenAPI document. Loaded by path, because `src` is type-checked with the types of Workers, and
 * scripts with Node's.
 */
export async function documentOfRoutes(): Promise<{ routes: Routes; document: unknown }> {
  const app: { ROUTES: Routes } = await import(join(ROOT, 'src/app.ts'));
  const { openApiDocument }: { openApiDocument(routes: Routes): unknown } = await import(
    join(ROOT, 'src/http/openapi.ts')
  );
  return { routes: app.ROUTES, document: openApiDocument(app.ROUTES) };
}
