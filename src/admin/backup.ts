import * as v from 'valibot';
import { readBody } from '../access/bounded-body.ts';
import { BytesInFlight } from '../access/bytes-in-flight.ts';
import { openSecret, sealSecret } from '../access/secrets.ts';
import { type Bindings, deskOf, subscriptionsOf } from '../bindings.ts';
import type { DeskExport, ImportProgress } from '../desk/contract/messages.ts';
import { Refusal } from '../domain/refusal.ts';
import { described, json, operation } from '../http/operation.ts';
import { wholeNumber } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import {
  BACKUP_FORMAT,
  type BackupEnd,
  type Cursor,
  closingOf,
  decodeCursor,
  encodeCursor,
  MAX_PAGE_BYTES,
  type Manifest,
  type Page,
  PageError,
  readPage,
  writePage,
} from '../store/backup-page.ts';
import { MAX_PAGE_ROWS } from '../store/table-backup.ts';
import type { ImportState } from '../store/table-import.ts';
import { importSchema } from './response-schemas.ts';

/** The release that a backup names; the version of `package.json`. */
export const RELEASE = '0.1.0';

const NDJSON = 'application/x-ndjson';

/** What is sealed in the manifest, and the owner to which it is bound. */
const PROOF = 'This backup was made under the SECRETS_KEY that opens this text.';
const PROOF_OWNER = 'backup';

/**
 * How long after the Desk's part the part of Subscriptions may be taken. What subscribers accepted later is not known to
 * the Desk of the backup.
 */
const MAX_APART_MS = 3_600_000;

/** The longest wait for announcements that are on their way from the Desk to Subscriptions. */
const MAX_SETTLING_MS = 5_000;

/** The pages that an isolate reads at a time. */
const importsInFlight = () =>
  new BytesInFlight({
    total: 2 * MAX_PAGE_BYTES,
    unverified: 2 * MAX_PAGE_BYTES,
    minimum: 65_536,
    deadlineMs: 120_000,
  });

const BEGIN_AGAIN = 'The backup cannot go on from this cursor; begin again, without one.';

export const exportSite = operation(
  {
    id: 'exportSite',
    tag: 'Operator',
    summary: 'Get a page of a backup of the site',
    description:
      'Lines of JSON: on the first page the manifest, then rows of the site’s tables, then a line that closes the page with the cursor of the next one. All pages in their order are a backup: the state at the moment of the last page, also if the site changed meanwhile. It has the articles’ words and sealed secrets: keep it as safe as the site.',
    security: ['operator'],
    query: v.object({
      after: v.optional(
        described(
          v.pipe(v.string(), v.maxLength(4_096, 'must be a cursor')),
          'The `next` of the page before.',
        ),
      ),
      limit: v.optional(
        described(wholeNumber(1, MAX_PAGE_ROWS), 'The most rows on the page. It has about 2 MiB at most.'),
        String(MAX_PAGE_ROWS),
      ),
    }),
    answers: { 200: { description: 'A page.', content: { [NDJSON]: v.string() } } },
    problems: ['conflict', 'invalid-parameters'],
  },
  async (c, { query: { after = '', limit } }) => {
    const cursor = after === '' ? undefined : decodeCursor(after);
    if (after !== '' && cursor === undefined) {
      return new Refusal('invalid-parameters', {
        issues: [{ path: 'after', message: 'must be the `next` of the page before' }],
      });
    }
    const text = await exportPage(c.env, after, cursor, limit);
    if (text instanceof Refusal) return text;
    return new Response(text, { headers: { ...NO_STORE, 'Content-Type': NDJSON } });
  },
);

/**
 * A page of a backup as text.
 * @param after the `next` of the page before, and what it says; empty and undefined for the first page
 */
export function exportPage(
  env: Bindings,
  after: string,
  cursor: Cursor | undefined,
  limit = MAX_PAGE_ROWS,
): Promise<string | Refusal> {
  return cursor?.object === 'subscriptions'
    ? subscriptionsPage(env, after, cursor, limit)
    : deskPage(env, after, cursor, limit);
}

/** A page of the Desk's part. The first one has the manifest. */
async function deskPage(
  env: Bindings,
  after: string,
  cursor: Cursor | undefined,
  limit: number,
): Promise<string | Refusal> {
  const desk = deskOf(env);
  const manifest = cursor === undefined ? await manifestOf(env) : undefined;
  const taken = (await desk.exportPage(cursor?.position ?? undefined, limit)) as
    | DeskExport
    | 'expired'
    | 'unready';
  if (taken === 'expired') return new Refusal('conflict', { detail: BEGIN_AGAIN });
  if (taken === 'unready') {
    return new Refusal('conflict', {
      detail:
        'The Desk still takes articles from KV that an earlier release left there. Try again when GET /admin/migration shows that it is done.',
    });
  }
  const page = cursor?.page ?? 1;
  const rows = (cursor?.rows ?? 0) + taken.rows;
  const { lines, sequence, at, settlesAt } = taken;
  const isLast = taken.next === null;
  return writePage(
    after,
    { ...(manifest && { manifest }), lines, page, object: 'desk', rows: taken.rows },
    (before) =>
      encodeCursor({
        page: page + 1,
        before,
        rows,
        object: isLast ? 'subscriptions' : 'desk',
        position: taken.next,
        ...(isLast && { desk: { sequence, at, settlesAt } }),
      }),
  );
}

async function subscriptionsPage(
  env: Bindings,
  after: string,
  cursor: Cursor,
  limit: number,
): Promise<string | Refusal> {
  const { page, position, desk } = cursor;
  if (desk === undefined || Math.abs(Date.now() - Date.parse(desk.at)) > MAX_APART_MS)
    return new Refusal('conflict', { detail: BEGIN_AGAIN });
  // What the Desk has announced must have arrived, or it would be in neither part.
  if (position === null)
    await scheduler.wait(Math.min(MAX_SETTLING_MS, Math.max(0, desk.settlesAt - Date.now())));
  const taken = await subscriptionsOf(env).exportPage(position ?? undefined, limit);
  if (taken === undefined) return new Refusal('conflict', { detail: BEGIN_AGAIN });
  const { lines, next } = taken;
  const rows = cursor.rows + taken.rows;
  const end: BackupEnd = { rows, sequence: desk.sequence, at: desk.at };
  return writePage(
    after,
    { lines, page, object: 'subscriptions', rows: taken.rows, ...(next === null && { end }) },
    (before) =>
      next === null
        ? null
        : encodeCursor({ page: page + 1, before, rows, object: 'subscriptions', position: next, desk }),
  );
}

async function manifestOf(env: Bindings): Promise<Manifest> {
  return {
    format: BACKUP_FORMAT,
    release: RELEASE,
    schemas: await schemasOf(env),
    origin: env.ORIGIN,
    startedAt: new Date().toISOString(),
    secretsKey: await sealSecret(env.SECRETS_KEY, PROOF_OWNER, PROOF),
  };
}

async function schemasOf(env: Bindings): Promise<Manifest['schemas']> {
  const [desk, subscriptions] = await Promise.all([
    deskOf(env).schemaVersion(),
    subscriptionsOf(env).schemaVersion(),
  ]);
  return { desk, subscriptions };
}

export const importPage = operation(
  {
    id: 'importPage',
    tag: 'Operator',
    summary: 'Restore a page of a backup',
    description:
      'Takes the pages of a backup in their order into an empty site with the same `SECRETS_KEY` and the same release. From the first page to the last, the site accepts no delivery and answers nothing that KV does not have (503). The last page starts a rebuild of KV. Repeating the last page does no harm. Under another origin, subscriptions and partners’ webhooks are left out.',
    security: ['operator'],
    rawBody: { description: 'A page as `GET /admin/export` gave it.', content: { [NDJSON]: v.string() } },
    answers: { 200: json(importSchema, 'The page was taken.') },
    problems: ['malformed', 'conflict', 'too-large', 'unsupported-media-type', 'invalid', 'request-timeout'],
  },
  async (c) => {
    const [type = ''] = (c.req.header('Content-Type') ?? '').toLowerCase().split(';');
    if (type.trim() !== NDJSON)
      return new Refusal('unsupported-media-type', { detail: `Content-Type: ${NDJSON} is required.` });
    const held = await readBody(c.req.raw, {
      limit: MAX_PAGE_BYTES,
      inFlight: c.var.isolate.get(importsInFlight),
    });
    if (held instanceof Refusal) return held;
    try {
      const text = decode(held.bytes);
      if (text instanceof Refusal) return text;
      const result = await takePage(c.env, text);
      return result instanceof Refusal ? result : Response.json(result, { headers: NO_STORE });
    } catch (error) {
      if (error instanceof PageError) return new Refusal('malformed', { detail: error.message });
      throw error;
    } finally {
      held.reservation.release();
    }
  },
);

function decode(bytes: Uint8Array): string | Refusal {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new Refusal('malformed', { detail: 'The page is not valid UTF-8.' });
  }
}

type Imported = v.InferOutput<typeof importSchema>;

/** Takes a page, if it is the one that is due. Throws a `PageError` when it is damaged. */
async function takePage(env: Bindings, text: string): Promise<Imported | Refusal> {
  const current = await importOf(env);
  const last = current?.progress;
  const { page: number, sha256 } = closingOf(text);
  // The response was lost.
  if (last !== undefined && number === last.page && sha256 === last.sha256) return shown(env, current);
  const due = current?.state === 'running' ? current.progress.page + 1 : 1;
  if (number !== due) return unexpected(due, number);
  const page = await readPage(due === 1 ? '' : (last?.next ?? ''), text);
  if (page.manifest !== undefined) {
    const refused = await begin(env, page.manifest);
    if (refused !== undefined) return refused;
  }
  return take(env, page);
}

/** Checks that this site can take a backup, and starts. */
async function begin(env: Bindings, manifest: Manifest): Promise<Refusal | undefined> {
  const problem = await problemOf(env, manifest);
  if (problem !== undefined) return new Refusal('conflict', { detail: problem });
  const progress: ImportProgress = {
    ...{ page: 0, sha256: '', next: '', rows: 0, leftOut: 0, origin: manifest.origin },
    ...{ madeAt: manifest.startedAt, startedAt: new Date().toISOString() },
  };
  if (!(await deskOf(env).beginImport(progress)))
    return new Refusal('conflict', {
      detail: 'The site is not empty. A backup is restored into a new site only.',
    });
  if (await subscriptionsOf(env).beginImport()) return undefined;
  await deskOf(env).abandonImport();
  return new Refusal('conflict', {
    detail: 'The site has subscriptions. A backup is restored into a new site only.',
  });
}

/** Why this deployment cannot restore a backup. */
async function problemOf(env: Bindings, manifest: Manifest): Promise<string | undefined> {
  if (manifest.format !== BACKUP_FORMAT)
    return `The backup has format ${manifest.format}; this release reads format ${BACKUP_FORMAT}.`;
  if (!(await opensProof(env, manifest.secretsKey)))
    return 'The backup was made under another SECRETS_KEY. Set the same one: publishers’ secrets are sealed under it.';
  const schemas = await schemasOf(env);
  const isSame =
    schemas.desk === manifest.schemas.desk && schemas.subscriptions === manifest.schemas.subscriptions;
  if (isSame) return undefined;
  const named = ({ desk, subscriptions }: Manifest['schemas']) =>
    `schema ${desk} of the Desk and ${subscriptions} of Subscriptions`;
  return `The backup has ${named(manifest.schemas)}; this release has ${named(schemas)}. Restore it with the release that made it (${manifest.release}), then upgrade.`;
}

async function opensProof(env: Bindings, sealed: string): Promise<boolean> {
  try {
    return (await openSecret(env.SECRETS_KEY, PROOF_OWNER, sealed)) === PROOF;
  } catch {
    return false;
  }
}

/** Writes a page that is due. */
async function take(env: Bindings, page: Page): Promise<Imported | Refusal> {
  const [desk, subscriptions] = [deskOf(env), subscriptionsOf(env)];
  const last = (await importOf(env))?.progress;
  if (last === undefined) return unexpected(1, page.page);
  const isOfDesk = page.object === 'desk';
  const isLeftOut = !isOfDesk && last.origin !== env.ORIGIN;
  if (!isOfDesk && !isLeftOut) {
    const fault = await subscriptions.importPage(page.lines);
    if (fault !== undefined) return faulty(page, fault);
  }
  const progress: ImportProgress = {
    ...last,
    ...{ page: page.page, sha256: page.sha256, next: page.next ?? '' },
    rows: last.rows + page.rows,
    leftOut: last.leftOut + (isLeftOut ? page.rows : 0),
  };
  const isLast = page.end !== undefined;
  // Before the Desk: until the Desk's import ends, this page can be sent again.
  if (isLast) await subscriptions.finishImport();
  const fault = await desk.importPage(isOfDesk ? page.lines : '', progress, isLast);
  if (fault === 'unexpected') {
    const state = await importOf(env);
    return unexpected(state === undefined ? 1 : state.progress.page + 1, page.page);
  }
  if (fault !== undefined) return faulty(page, fault);
  return shown(env, await importOf(env));
}

function faulty({ page, manifest }: Page, { line, problem }: { line: number; problem: string }): Refusal {
  const inPage = line + (manifest === undefined ? 0 : 1);
  return new Refusal('invalid', { detail: `Page ${page}, line ${inPage}: ${problem}.` });
}

const unexpected = (due: number, number: number): Refusal =>
  new Refusal('conflict', {
    detail: `Page ${due} is due, not page ${number}.`,
  });

export const showImport = operation(
  {
    id: 'showImport',
    tag: 'Operator',
    summary: 'Get the progress of the restore',
    security: ['operator'],
    answers: { 200: json(importSchema, 'The progress; the state `never` when there was no restore.') },
  },
  async (c) => Response.json(shown(c.env, await importOf(c.env)), { headers: NO_STORE }),
);

export const abandonImport = operation(
  {
    id: 'abandonImport',
    tag: 'Operator',
    summary: 'Abandon an unfinished restore',
    description: 'The site is empty again.',
    security: ['operator'],
    answers: { 204: { description: 'It was abandoned.' } },
    problems: ['conflict'],
  },
  async (c) => {
    const current = await importOf(c.env);
    if (current?.state !== 'running') return new Refusal('conflict', { detail: 'No restore is running.' });
    // Subscriptions first: while the Desk's import runs, this can be repeated.
    await subscriptionsOf(c.env).abandonImport(current.progress.page > 0);
    await deskOf(c.env).abandonImport();
    return new Response(null, { status: 204, headers: NO_STORE });
  },
);

async function importOf(env: Bindings): Promise<ImportState<ImportProgress> | undefined> {
  return (await deskOf(env).importState()) as ImportState<ImportProgress> | undefined;
}

function shown(env: Bindings, current: ImportState<ImportProgress> | undefined): Imported {
  if (current === undefined) return { state: 'never', page: 0, rows: 0, subscriptions: 'taken' };
  const { page, rows, sha256, origin, madeAt, startedAt, finishedAt } = current.progress;
  return {
    state: current.state,
    ...{ page, rows, origin, madeAt, startedAt },
    ...(finishedAt !== undefined && { finishedAt }),
    ...(sha256 !== '' && { sha256 }),
    subscriptions: origin === env.ORIGIN ? 'taken' : 'left out',
  };
}
