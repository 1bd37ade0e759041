/** `npm run openapi`: writes the route table as `src/edge/openapi.json`, which is committed and served as it is. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentOfRoutes } from './openapi-document.ts';
import { ROOT } from './wrangler.ts';

const { document } = await documentOfRoutes();
const file = join(ROOT, 'src/edge/openapi.json');
writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
console.log(`wrote ${file}`);
