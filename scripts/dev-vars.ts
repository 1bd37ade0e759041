import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** The two secrets a Worker of Dateline needs, as `wrangler dev` reads them from `.dev.vars`. */
export interface DevVars {
  ADMIN_TOKEN: string;
  SECRETS_KEY: string;
}

/**
 * The secrets in the file at `path`. Those that are missing are made at random and added to it, so that a fresh
 * clone starts without a step of preparation and no two clones share a token. Lines already there stay as they are.
 */
export function ensureDevVars(path: string): DevVars {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const found = parseEnv(text);
  const vars: DevVars = {
    ADMIN_TOKEN: found.ADMIN_TOKEN || randomBytes(32).toString('hex'),
    SECRETS_KEY: found.SECRETS_KEY || randomBytes(32).toString('base64'),
  };
  const made = Object.entries(vars).filter(([name]) => !found[name]);
  if (made.length > 0) {
    const lines = made.map(([name, value]) => `${name}="${value}"\n`).join('');
    const separator = text === '' || text.endsWith('\n') ? '' : '\n';
    writeFileSync(path, text + separator + lines, { mode: 0o600 });
  }
  return vars;
}
