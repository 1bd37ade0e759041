/**
 * `npm run openapi`: writes the route table as `src/edge/openapi.json`, `docs.html` and `documents.json`, which are
 * committed and served as they are. `npm run build` runs it, too.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentsOfRoutes, EDGE } from './openapi-document.ts';

const { files } = await documentsOfRoutes();
for (const [name, text] of Object.entries(files)) writeFileSync(join(EDGE, name), text);
console.log(`wrote ${Object.keys(files).join(', ')} in ${EDGE}`);
