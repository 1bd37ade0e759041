import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** The two secrets of Dateline's Worker, as `wrangler dev` reads them from `.dev.vars`. */
export interface DevVars {
  ADMIN_TOKEN: string;
  SECRETS_KEY: string;
}

/**
 * The secrets in the file at `path`. Generates missing ones and adds them to the file, so that a fresh clone starts
 * without preparation and no two clones share a token. Existing lines stay unchanged.
 */
export function ensureDevVars(path: string): DevVars {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const found = parseEnv(text);
  const vars: DevVars = {
    ADMIN_TOKEN: found.ADMIN_TOKEN || randomBytes(32).toString('hex'),
    SECRETS_KEY: found.SECRETS_KEY || randomBytes(32).toString('base64'),
  };
  const generated = Object.entries(vars).filter(([name]) => !found[name]);
  if (generated.length > 0) {
    const lines = generated.map(([name, value]) => `${name}="${value}"\n`).join('');
    const separator = text === '' || text.endsWith('\n') ? '' : '\n';
    writeFileSync(path, text + separator + lines, { mode: 0o600 });
  }
  return vars;
}
