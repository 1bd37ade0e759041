import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';

const SCRIPTS = join(import.meta.dirname, '../../cli');
const folder = mkdtempSync(join(tmpdir(), 'dateline-memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEAP_MIB = 40;
const POSTS = 6_000;

/** A post with its featured image behind it. */
const postWithPicture = (id: number, content: string): string =>
  `<item><title>Post ${id}</title><wp:post_id>${id}</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
    <wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>${id + POSTS}</wp:meta_value></wp:postmeta>
    <content:encoded><![CDATA[${content}]]></content:encoded></item>
  <item><wp:post_id>${id + POSTS}</wp:post_id><wp:post_type>attachment</wp:post_type>
    <wp:attachment_url>https://blog.example/uploads/${id}.jpg</wp:attachment_url></item>`;

test('a WordPress export larger than memory is read whole, every picture with its post', async () => {
  const path = join(folder, 'large.xml');
  const file = openSync(path, 'w');
  writeSync(
    file,
    '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>',
  );
  const content = '<p>The evening ferry is back on the bay, with a new bell and fresh paint.</p>\n'.repeat(
    150,
  );
  for (let id = 0; id < POSTS; id += 1) writeSync(file, postWithPicture(id, content));
  writeSync(file, '</channel></rss>');
  closeSync(file);

  const reading = `
    const { findFiles, readFile } = await import('${SCRIPTS}/files.ts');
    const [file] = await findFiles('${path}');
    let read = 0, posts = 0, pictures = 0;
    for await (const entry of readFile(file, {}, (bytes) => { read += bytes; })) {
      const draft = entry.item?.event.draft;
      if (draft === undefined) continue;
      posts += 1;
      if (draft.image?.url === 'https://blog.example/uploads/' + draft.id + '.jpg') pictures += 1;
    }
    console.log(JSON.stringify({ posts, pictures, isWhole: read === file.bytes, MiB: Math.floor(read / 2 / 2 ** 20) }));`;
  const child = spawn(process.execPath, [
    `--max-old-space-size=${HEAP_MIB}`,
    '--input-type=module',
    '-e',
    reading,
  ]);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(errors).not.toContain('out of memory');
  const { MiB, ...result } = JSON.parse(output);
  expect(result).toEqual({ posts: POSTS, pictures: POSTS, isWhole: true });
  expect(MiB).toBeGreaterThan(HEAP_MIB * 1.5);
});
