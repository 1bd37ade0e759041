/** The site to send to and the publisher to send as: from options, environment variables, or the profile that `login` keeps. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { ACCOUNT_ID } from '../src/domain/account.ts';
import { Failure } from './report.ts';

export interface Connection {
  /** Without a trailing slash. */
  site: string;
  publisher: string;
  /** Signs requests; never printed. */
  secret: string;
}

export type ConnectionOptions = Partial<Connection>;

const NAMES = ['site', 'publisher', 'secret'] as const;

/** Adds the option for the site. */
export const withSite = (command: Command): Command =>
  command.addOption(new Option('--site <url>', 'URL of the Dateline site').env('DATELINE_SITE'));

/** Adds the options for site, publisher and secret. */
export function withConnection(command: Command): Command {
  return withSite(command)
    .addOption(new Option('--publisher <id>', 'the publisher’s id').env('DATELINE_PUBLISHER'))
    .addOption(
      new Option('--secret <whsec>', 'signing secret; safer in the environment or with `login`').env(
        'DATELINE_SECRET',
      ),
    );
}

/**
 * The connection from options (or their environment variables), else from the profile.
 * @throws Failure when something is missing or invalid
 */
export function toConnection(options: ConnectionOptions): Connection {
  const profile = readProfile();
  const given = Object.fromEntries(NAMES.map((name) => [name, options[name] || profile[name]]));
  const missing = NAMES.filter((name) => !given[name]);
  if (missing.length > 0) {
    throw new Failure(
      `${missing.map((name) => `--${name}`).join(', ')} ${missing.length === 1 ? 'is' : 'are'} required. ` +
        `Save all three with: npm run dateline -- login\n` +
        `Or set the options, or ${missing.map((name) => `DATELINE_${name.toUpperCase()}`).join(', ')}.`,
    );
  }
  return checked(given as unknown as Connection);
}

function checked({ site, publisher, secret }: Connection): Connection {
  const url = checkedSite(site);
  if (!ACCOUNT_ID.test(publisher)) {
    throw new Failure(
      `--publisher must be the id of a registered publisher, such as harbour-post, not ${publisher}`,
    );
  }
  return { site: url, publisher, secret: checkedSecret(secret) };
}

/**
 * The URL of a site, without a trailing slash.
 * @throws Failure when the text is none
 */
export function checkedSite(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new Failure(`--site must be an http or https URL such as https://news.example, not ${given}`);
  }
  return url.href.replace(/(?<!\/)\/+$/, '');
}

/** Checks the form of a secret; the error message does not repeat it. */
function checkedSecret(secret: string): string {
  const trimmed = secret.trim();
  try {
    if (/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(trimmed) && new Webhook(trimmed)) return trimmed;
  } catch {
    // Not base64: the same message.
  }
  throw new Failure(
    'The secret must start with whsec_. It is shown only once, when the operator registers the publisher or rotates its secret.',
  );
}

/** The folder where commands keep their files; ignored by git. */
const FOLDER = '.dateline';

const FILE = join(FOLDER, 'profile.json');

const profileSchema = v.partial(v.object({ site: v.string(), publisher: v.string(), secret: v.string() }));

type Profile = v.InferOutput<typeof profileSchema>;

/** The profile that `login` saved; empty when there is none. */
export function readProfile(): Profile {
  let text: string;
  try {
    text = readFileSync(FILE, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return v.parse(profileSchema, JSON.parse(text));
  } catch {
    throw new Failure(`${FILE} is not a valid profile. Write a new one with: npm run dateline -- login`);
  }
}

/** Stores a profile that only this user can read. @returns its path */
export function writeProfile(profile: Required<Profile>): string {
  makeFolder();
  writeFileSync(FILE, `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600 });
  // `mode` above applies to a new file only.
  chmodSync(FILE, 0o600);
  return FILE;
}

/** Creates the commands' folder, or a folder in it, with a .gitignore that keeps it out of any repository. */
export function makeFolder(...names: string[]): string {
  const folder = join(FOLDER, ...names);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(FOLDER, '.gitignore'), '*\n');
  return folder;
}
