import { type Command, InvalidArgumentError, Option } from 'commander';
import { Progress } from '../../scripts/progress.ts';
import { Client } from '../client.ts';
import { type ConnectionOptions, toConnection, withConnection } from '../connection.ts';
import { dispatch } from '../dispatch.ts';
import { findFiles, type InputFile, readFile } from '../files.ts';
import { Journal } from '../journal.ts';
import { type Delivery, toDelivery } from '../payload.ts';
import { Failure, Tally } from '../report.ts';

const MAX_AT_ONCE = 32;

interface ImportOptions extends ConnectionOptions {
  language?: string;
  pages?: boolean;
  atOnce: number;
}

/** `import FILE|DIR`: sends every article of feeds, exports and folders, and counts the outcomes. */
export function addImport(program: Command): void {
  withConnection(
    program
      .command('import')
      .summary('import articles from RSS, Atom, JSON Feed, a WordPress export or a folder')
      .description(
        'Sends every article in a feed (RSS, Atom, JSON Feed), a WordPress export (WXR), or a folder of these and of HTML, Markdown, text and webhooks in JSON.\n' +
          'After an interruption, the same command continues where it stopped. A repeated import changes only what has changed.',
      )
      .argument('<file|dir>'),
  )
    .option('--language <tag>', 'language (BCP 47) of articles that declare none')
    .option('--pages', 'import WordPress pages as well as posts')
    .addOption(
      new Option('--at-once <number>', `concurrent deliveries, 1 to ${MAX_AT_ONCE}`)
        .default(8)
        .argParser(toAtOnce),
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run dateline -- import wordpress.2026-11-24.xml
  npm run dateline -- import --language hi archive/`,
    )
    .action(run);
}

function toAtOnce(value: string): number {
  const number = /^\d{1,2}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > MAX_AT_ONCE)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_AT_ONCE}.`);
  return number;
}

async function run(path: string, options: ImportOptions): Promise<void> {
  const connection = toConnection(options);
  const files = await findFiles(path);
  const journal = Journal.open(connection, path);
  const tally = new Tally();
  const progress = new Progress(
    files.reduce((sum, { bytes }) => sum + bytes, 0),
    (done, total) => `${total === 0 ? 100 : Math.floor((done / total) * 100)} %, ${tally.articles} articles`,
  );
  const leave = () => {
    progress.clear();
    console.error('Stopped. Run the same command to continue.');
    process.exit(130);
  };
  process.once('SIGINT', leave);
  if (journal.settled.size > 0) {
    progress.clear();
    console.error(
      `Continuing an interrupted import: ${journal.settled.size} deliveries are done (${journal.path}).`,
    );
  }
  try {
    await dispatch(
      deliveriesOf(files, { options, journal, tally, progress }),
      new Client(connection),
      options.atOnce,
      ({ id, label }, answer) => {
        if (answer.kind === 'refused') tally.refused(label, answer.reason);
        else {
          const { status } = answer.body as { status: string };
          tally.settled(status);
          journal.add(id, status);
        }
        progress.step(0);
      },
    );
  } catch (error) {
    progress.clear();
    if (!(error instanceof Failure)) throw error;
    console.log(tally.toString());
    throw new Failure(`${error.message}\nRun the same command to continue.`);
  } finally {
    process.off('SIGINT', leave);
  }
  progress.clear();
  journal.end();
  console.log(tally.toString());
  if (tally.refusals > 0) process.exitCode = 1;
}

interface Run {
  options: ImportOptions;
  journal: Journal;
  tally: Tally;
  progress: Progress;
}

/** All deliveries, in order. A file that cannot be read does not stop the others. */
async function* deliveriesOf(files: readonly InputFile[], run: Run): AsyncGenerator<Delivery> {
  const { options, journal, tally, progress } = run;
  const { language, pages = false } = options;
  for (const file of files) {
    try {
      for await (const entry of readFile(file, { pages }, (bytes) => progress.step(bytes))) {
        const outcome = toDelivery(entry, language === undefined ? {} : { defaultLanguage: language });
        if ('skipped' in outcome) tally.skipped(outcome.skipped);
        else if ('refused' in outcome) tally.refused(outcome.label, outcome.refused);
        else {
          for (const field of outcome.dropped ?? []) tally.dropped(field);
          const before = journal.settled.get(outcome.id);
          if (before === undefined) yield outcome;
          else tally.settled(before);
        }
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      tally.refused(file.id, error.message);
    }
  }
}
