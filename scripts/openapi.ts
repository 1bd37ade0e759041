/** `npm run openapi`: writes the route table as `public/openapi.json`, which is committed and served as it is. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROUTES } from '../src/app.ts';
import { openApiDocument } from '../src/http/openapi.ts';
import { ROOT } from './wrangler.ts';

const file = join(ROOT, 'public/openapi.json');
writeFileSync(file, `${JSON.stringify(openApiDocument(ROUTES), null, 2)}\n`);
console.log(`wrote ${file}`);
