import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { decodePage } from './decode.ts';

/** The name of standard input. */
export const STANDARD_INPUT = '-';

const EXTENSIONS = new Set(['.html', '.htm', '.xhtml', '.txt']);

/** The files of `paths`, in order. A folder stands for every HTML and text file in and below it. */
export function pageFiles(paths: readonly string[], folder: string): string[] {
  return paths.flatMap((path) => {
    const from = resolve(folder, path);
    if (path === STANDARD_INPUT || !statSync(from, { throwIfNoEntry: false })?.isDirectory()) return [path];
    return readdirSync(from, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && EXTENSIONS.has(extname(entry.name).toLowerCase()))
      .map((entry) => join(path, relative(from, join(entry.parentPath, entry.name))))
      .sort();
  });
}

/** The text of a file or of standard input, whatever its encoding. Relative paths start from `folder`. */
export async function readPageFile(
  file: string,
  { stdin, folder }: { stdin: NodeJS.ReadableStream; folder: string },
): Promise<string> {
  return decodePage(file === STANDARD_INPUT ? await buffer(stdin) : await readFile(resolve(folder, file)));
}
