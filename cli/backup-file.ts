/** A backup on disk: its pages, one at a time. */
import { createReadStream } from 'node:fs';
import { closesPage, MAX_PAGE_BYTES, type Page, PageError, readPage } from '../src/store/backup-page.ts';
import { Failure } from './report.ts';

/** A verified page, its text, and where it ends in the file. */
export interface FilePage {
  page: Page;
  text: string;
  end: number;
}

const LINE_FEED = 10;

/**
 * The pages of a backup in their order, each verified, with the whole chain up to it. Keeps one page in memory.
 * @throws Failure when a page is damaged, missing or out of order, or the file has no end
 * @param isWhole false for a file that is still being written: then it ends without an error at its last whole page
 */
export async function* pagesOf(path: string, isWhole = true): AsyncGenerator<FilePage> {
  let last: Page | undefined;
  for await (const { text, end } of texts(path, isWhole)) {
    if (last !== undefined && last.next === null)
      throw new Failure(`${path} goes on after its end, at byte ${end - text.length}.`);
    const page = await verified(path, last, text);
    last = page;
    yield { page, text, end };
  }
  if (isWhole && last?.next !== null)
    throw new Failure(
      `${path} is not a whole backup: it ends after ${last?.page ?? 0} pages, without its end.`,
    );
}

async function verified(path: string, last: Page | undefined, text: string): Promise<Page> {
  try {
    const page = await readPage(last?.next ?? '', text);
    if (page.page === (last?.page ?? 0) + 1) return page;
    throw new PageError(`Page ${page.page} comes after page ${last?.page ?? 0}.`);
  } catch (error) {
    if (!(error instanceof PageError)) throw error;
    throw new Failure(`${path} is damaged: ${error.message}`);
  }
}

/** The texts between the lines that close pages, with the bytes up to their ends. */
async function* texts(path: string, isWhole: boolean): AsyncGenerator<{ text: string; end: number }> {
  let held: Buffer[] = [];
  let size = 0;
  let end = 0;
  for await (const line of lines(path)) {
    held.push(line);
    size += line.length;
    if (size > MAX_PAGE_BYTES) throw new Failure(`${path} is no backup: a page has more than 8 MiB.`);
    if (!closesPage(line.toString('latin1', 0, 16))) continue;
    if (line.at(-1) !== LINE_FEED) break;
    end += size;
    yield { text: Buffer.concat(held).toString('utf8'), end };
    held = [];
    size = 0;
  }
  if (isWhole && size > 0) throw new Failure(`${path} is not a whole backup: its last page is incomplete.`);
}

/** The lines of a file with their line feeds; the last one may lack its own. */
async function* lines(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      let bytes = chunk as Buffer;
      for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED)) {
        yield Buffer.concat([...rest, bytes.subarray(0, at + 1)]);
        rest = [];
        size = 0;
        bytes = bytes.subarray(at + 1);
      }
      rest.push(bytes);
      size += bytes.length;
      if (size > MAX_PAGE_BYTES) throw new Failure(`${path} is no backup: a line has more than 8 MiB.`);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Failure(`There is no file ${path}.`);
    if (code === 'EISDIR') throw new Failure(`${path} is a folder.`);
    throw error;
  }
  if (size > 0) yield Buffer.concat(rest);
}
