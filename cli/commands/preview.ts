import type { Command } from 'commander';
import { readableArticle } from '../../scripts/readable.ts';
import type { Article } from '../../src/domain/article.ts';
import { Client } from '../client.ts';
import { toConnection, withConnection } from '../connection.ts';
import { printWarnings } from '../report.ts';
import { type ArticleOptions, acceptedBody, readSingle, withArticle } from '../single-article.ts';

interface Shown {
  article: Article;
  warnings: { code: string; excerpt: string }[];
}

/** `preview FILE`: shows a normalized article and its warnings; stores nothing. */
export function addPreview(program: Command): void {
  withConnection(
    withArticle(
      program
        .command('preview')
        .summary('show how the site would normalize an article; nothing is stored')
        .description(
          'Shows one article as the site would publish it, with warnings for everything it would change or leave out. Nothing is stored.',
        )
        .argument('<file>'),
    ),
  )
    .option('--json', 'print the site’s response as JSON')
    .addHelpText('after', '\nExample:\n  npm run dateline -- preview ferry.html')
    .action(run);
}

async function run(path: string, options: ArticleOptions & { json?: boolean }): Promise<void> {
  const connection = toConnection(options);
  const { id, payload } = await readSingle(path, options);
  const answer = await new Client(connection).preview(id, payload);
  const shown = acceptedBody(answer, options) as Shown;
  if (options.json) {
    console.log(JSON.stringify(shown));
    return;
  }
  console.log(readableArticle(shown.article));
  printWarnings(shown.warnings);
}
