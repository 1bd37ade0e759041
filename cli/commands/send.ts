import type { Command } from 'commander';
import { Client } from '../client.ts';
import { toConnection, withConnection } from '../connection.ts';
import { printWarnings } from '../report.ts';
import { type ArticleOptions, acceptedBody, readSingle, withArticle } from '../single-article.ts';

interface Outcome {
  status: string;
  article?: { id: string; version: number; url?: string };
  warnings?: { code: string; excerpt: string }[];
}

/** `send FILE`: posts one article. */
export function addSend(program: Command): void {
  withConnection(
    withArticle(
      program
        .command('send')
        .summary('post one article')
        .description(
          'Posts one article: a webhook in JSON, a page or piece of HTML, Markdown, or plain text.',
        )
        .argument('<file>'),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  npm run dateline -- send ferry.md --section City
  npm run dateline -- send --site https://news.example ferry.html`,
    )
    .action(run);
}

async function run(path: string, options: ArticleOptions): Promise<void> {
  const connection = toConnection(options);
  const { id, payload } = await readSingle(path, options);
  const answer = await new Client(connection).post(id, payload);
  const { status, article, warnings = [] } = acceptedBody(answer, options) as Outcome;
  console.log(
    [status, article && `version ${article.version}`, article?.url ?? article?.id].filter(Boolean).join('  '),
  );
  printWarnings(warnings);
}
