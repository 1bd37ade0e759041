import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { ROOT } from './wrangler.ts';

const require = createRequire(import.meta.url);
const CACHE = join(ROOT, 'node_modules/.cache');

/** Fonts for scripts that the browser package's font lacks. */
const FONTS = [
  require.resolve('@expo-google-fonts/noto-sans-devanagari/package.json'),
  require.resolve('@expo-google-fonts/noto-nastaliq-urdu/package.json'),
  require.resolve('@expo-google-fonts/noto-sans-tamil/package.json'),
].map(dirname);

/** Whether the packaged browser runs here. Elsewhere an installed Chrome replaces it, with the machine's fonts. */
export const OWN_BROWSER = process.platform === 'linux' && process.arch === 'x64';

/**
 * Starts a browser that needs only the machine's C library: binary, libraries and fonts come with packages. The first
 * start takes three seconds more, to unpack them.
 */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(await browserOptions());
}

/** The options of that browser, for callers that launch it themselves. */
export async function browserOptions(): Promise<LaunchOptions> {
  if (!OWN_BROWSER) return { channel: 'chrome' };
  const folder = await unpacked();
  const fonts = join(folder, 'fonts.conf');
  await writeFile(fonts, fontConfiguration(folder));
  return {
    executablePath: join(folder, 'chromium'),
    // Tests in a container run as root, and Chromium's sandbox refuses root.
    args: ['--no-sandbox', '--font-render-hinting=none'],
    env: {
      HOME: folder,
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: fonts,
    },
  };
}

async function unpacked(): Promise<string> {
  const manifest = await readFile(join(ROOT, 'node_modules/@sparticuz/chromium/package.json'), 'utf8');
  const { version }: { version: string } = JSON.parse(manifest);
  const folder = join(CACHE, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const unfinished = await mkdtemp(join(CACHE, 'chromium-'));
  try {
    await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/unpack-chromium.ts')], {
      // The package unpacks its libraries only when it detects AWS Lambda.
      env: { ...process.env, TMPDIR: unfinished, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' },
    });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Two processes started at once, and the other one finished first.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Prefers the package's Latin font wherever a page leaves the choice to the machine. */
function fontConfiguration(folder: string): string {
  const folders = [join(folder, 'fonts'), ...FONTS].map((path) => `<dir>${path}</dir>`);
  return [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    `<fontconfig>${folders.join('')}<cachedir>${join(folder, 'font-cache')}</cachedir>`,
    '<match><edit name="family" mode="append_last"><string>Open Sans</string></edit></match></fontconfig>',
  ].join('\n');
}
