import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { Failure } from './failure.ts';

/** Where commands keep what is theirs; ignored by git. */
const FOLDER = '.dateline';

const FILE = join(FOLDER, 'profile.json');

const profileSchema = v.partial(v.object({ site: v.string(), publisher: v.string(), secret: v.string() }));

export type Profile = v.InferOutput<typeof profileSchema>;

/** What `login` kept; empty when nobody logged in here. */
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
    throw new Failure(`${FILE} cannot be read as a profile. Write it anew: npm run dateline -- login`);
  }
}

/** Keeps a profile for later commands, for this user's eyes only. @returns where it lies */
export function writeProfile(profile: Required<Profile>): string {
  ownFolder();
  writeFileSync(FILE, `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600 });
  // The mode above is for a new file only.
  chmodSync(FILE, 0o600);
  return FILE;
}

/** Makes the commands' folder, or a folder in it. It ignores itself, whatever the repository around it does. */
export function ownFolder(...names: string[]): string {
  const folder = join(FOLDER, ...names);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(FOLDER, '.gitignore'), '*\n');
  return folder;
}
