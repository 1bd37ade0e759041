import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './wrangler.ts';

const FOLDER = join(ROOT, 'examples/articles');

/** A publisher as `PUT /admin/publishers/{id}` accepts it. */
export interface ExamplePublisher {
  id: string;
  profile: { name: string; url: string; language: string };
}

/** A native webhook from `examples/articles/{publisher}/{slug}.json`. */
export interface ExampleArticle {
  publisher: string;
  /** `himalaya-patrika/morning-train.json` */
  file: string;
  /** The bytes to sign and send: never parsed and serialized again, so that every run sends the same. */
  body: string;
}

export function examplePublishers(): ExamplePublisher[] {
  const profiles: Record<string, ExamplePublisher['profile']> = JSON.parse(
    readFileSync(join(FOLDER, 'publishers.json'), 'utf8'),
  );
  return Object.entries(profiles).map(([id, profile]) => ({ id, profile }));
}

/** Every example, in the order of their envelopes' timestamps. */
export function exampleArticles(): ExampleArticle[] {
  return examplePublishers()
    .flatMap(({ id }) => readdirSync(join(FOLDER, id)).map((name) => readArticle(id, name)))
    .sort((a, b) => a.timestamp.localeCompare(b.timestamp))
    .map(({ timestamp: _timestamp, ...article }) => article);
}

function readArticle(publisher: string, name: string): ExampleArticle & { timestamp: string } {
  const body = readFileSync(join(FOLDER, publisher, name), 'utf8');
  return { publisher, file: `${publisher}/${name}`, body, timestamp: JSON.parse(body).timestamp };
}
