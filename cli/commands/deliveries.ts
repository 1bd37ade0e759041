import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { oneLine } from '../../src/text/text.ts';
import { Client } from '../client.ts';
import { type ConnectionOptions, toConnection, withConnection } from '../connection.ts';
import { Failure } from '../report.ts';

type Row = Record<string, unknown>;

interface LogOptions extends ConnectionOptions {
  limit: number;
  follow?: boolean;
  json?: boolean;
}

const PAGE = 100;
const POLL_MS = 2_000;
/** Bounds one poll, should the last known row be gone. */
const MAX_BETWEEN_POLLS = 5_000;

/** `deliveries`: the newest rows of the delivery log, and with `--follow` every later row. */
export function addDeliveries(program: Command): void {
  withConnection(
    program
      .command('deliveries')
      .summary('list the delivery log, or follow it')
      .description(
        'Lists the newest deliveries and their outcomes, the newest last. The log covers 30 days.',
      ),
  )
    .addOption(new Option('--limit <number>', 'number of deliveries to list').default(20).argParser(toLimit))
    .option('--follow', 'list new deliveries as they arrive, until Ctrl+C')
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', '\nExample:\n  npm run dateline -- deliveries --follow')
    .action(run);
}

function toLimit(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value))
    throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
  return Number(value);
}

async function run(options: LogOptions): Promise<void> {
  const client = new Client(toConnection(options));
  const print = options.json ? (row: Row) => console.log(JSON.stringify(row)) : printRow;
  let rows = await newest(client, options.limit);
  if (rows.length === 0 && !options.follow) console.error('No deliveries in the last 30 days.');
  let last: Row | undefined;
  for (;;) {
    last = rows[0] ?? last;
    for (const row of rows.toReversed()) print(row);
    if (!options.follow) return;
    await sleep(POLL_MS);
    rows = await newest(client, MAX_BETWEEN_POLLS, last);
  }
}

/** At most `limit` of the newest rows, newest first, that are newer than the row `known`. */
async function newest(client: Client, limit: number, known?: Row): Promise<Row[]> {
  const end = JSON.stringify(known);
  const rows: Row[] = [];
  let before: string | undefined;
  do {
    const page = await pageOf(client, Math.min(limit - rows.length, PAGE), before);
    for (const row of page.deliveries) {
      if (JSON.stringify(row) === end) return rows;
      rows.push(row);
    }
    before = page.next ?? undefined;
  } while (before !== undefined && rows.length < limit);
  return rows;
}

async function pageOf(
  client: Client,
  limit: number,
  before: string | undefined,
): Promise<{ deliveries: Row[]; next: string | null }> {
  for (let tries = 1; ; tries += 1) {
    const answer = await client.deliveries(limit, before);
    if (answer.kind === 'accepted') return answer.body as { deliveries: Row[]; next: string | null };
    if (answer.kind === 'refused' || tries === 5)
      throw new Failure(`The delivery log is unavailable: ${answer.reason}`);
    await sleep(Math.min(answer.retryAfter ?? 1_000, 60_000));
  }
}

const COLOURS = { accepted: 'green', refused: 'red', invalid: 'red' } as const;

/** Prints the time, the status, the articles and all other fields on one line, then each issue on a line. */
function printRow({ at, status, article, articles, issues, ...rest }: Row): void {
  const colour = COLOURS[String(status) as keyof typeof COLOURS] ?? 'yellow';
  const more = Object.entries(rest).map(([name, value]) => `${name}=${asText(value)}`);
  const which = [article, ...(Array.isArray(articles) ? articles : [articles])]
    .filter(Boolean)
    .map(articleText);
  // A sender's text may contain anything, terminal escape sequences included.
  const word = styleText(colour, oneLine(String(status)).padEnd(9));
  console.log([oneLine(String(at)), word, ...[...which, ...more].map(oneLine)].join('  '));
  for (const issue of Array.isArray(issues) ? issues : []) console.log(`    ${oneLine(issueText(issue))}`);
}

function articleText(article: unknown): string {
  const { id, version } = (article ?? {}) as { id?: unknown; version?: unknown };
  return id === undefined ? asText(article) : `${id}${version === undefined ? '' : ` v${version}`}`;
}

function issueText(issue: unknown): string {
  const { path, message } = (issue ?? {}) as { path?: unknown; message?: unknown };
  return message === undefined ? asText(issue) : `${path ?? ''} ${message}`;
}

const asText = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);
