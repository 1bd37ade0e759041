import { Alarm, type Retries } from '../store/alarm.ts';
import { Kv } from '../store/kv.ts';
import type { Target } from '../store/records.ts';
import { TableBackup } from '../store/table-backup.ts';
import { TableImport } from '../store/table-import.ts';
import { ArticleWriter } from './article-writer.ts';
import type { Announcement, ImportProgress } from './contract/messages.ts';
import type { RecoveryJournal } from './contract/recovery.ts';
import { IntakeCheck } from './intake-check.ts';
import { ArchiveCleaning, ArchiveSweep, Archiving } from './jobs/archiving.ts';
import { BodyMigration } from './jobs/body-migration.ts';
import { Pruning } from './jobs/pruning.ts';
import { Rebuild } from './jobs/rebuild.ts';
import { Recovery } from './jobs/recovery.ts';
import { Scrub } from './jobs/scrub.ts';
import { Settling } from './jobs/settling.ts';
import { AnnouncementQueue } from './projection/announcement-queue.ts';
import { Archive } from './projection/archive.ts';
import { ArchivedEntries } from './projection/archived-entries.ts';
import { BodyReader } from './projection/body-reader.ts';
import { Inventory } from './projection/inventory.ts';
import { Outbox } from './projection/outbox.ts';
import { Projection } from './projection/projection.ts';
import { PurgeQueue } from './projection/purge-queue.ts';
import { Repairs } from './projection/repairs.ts';
import { BACKED_UP } from './tables/backed-up.ts';
import { migrate } from './tables/schema.ts';
import { openTables, type Tables } from './tables/tables.ts';

export interface DeskEnv {
  KV: KVNamespace;
  PUSH_QUEUE: Queue<Announcement>;
  /** The other object of the site, which keeps the plan of a recovery. */
  SUBSCRIPTIONS: { getByName(name: string): RecoveryJournal };
  ORIGIN: string;
  /** The bucket of old bodies: an optional binding. */
  ARCHIVE?: R2Bucket;
}

/** A feed that was written without bodies that R2 did not answer is written again after this. */
const PARTIAL_PAUSE_MS = 30_000;

/** Jobs that wait for no other one for long. */
const PROMPT = ['settle', 'write', 'announce', 'purge'];

/** The components that the Desk's methods use. */
export interface Components {
  tables: Tables;
  articleWriter: ArticleWriter;
  projection: Projection;
  outbox: Outbox;
  repairs: Repairs;
  announcementQueue: AnnouncementQueue;
  rebuild: Rebuild;
  bodyMigration: BodyMigration;
  archive: Archive;
  archivedEntries: ArchivedEntries;
  inventory: Inventory;
  scrub: Scrub;
  backup: TableBackup;
  imports: TableImport<ImportProgress>;
  recovery: Recovery;
  alarm: Alarm;
  intakeCheck: IntakeCheck;
}

/** Migrates the database and creates the Desk's components. */
export function compose(ctx: DurableObjectState, env: DeskEnv): Components {
  migrate(ctx.storage);
  const { sql } = ctx.storage;
  const kv = new Kv(env.KV);
  const transaction = (work: () => void) => ctx.storage.transactionSync(work);
  const tables = openTables(sql);
  const bodyMigration = new BodyMigration({ tables, kv, transaction });
  const archive = new Archive(env.ARCHIVE, ctx.id.toString());
  const bodies = new BodyReader(tables.bodies, archive, bodyMigration);
  const projection = new Projection(tables, bodies, bodyMigration, env.ORIGIN);
  const announcementQueue = new AnnouncementQueue(sql, tables, env.PUSH_QUEUE);
  const purgeQueue = new PurgeQueue(sql, tables.articles, {
    purge: (tags) => ctx.exports.PublicReads.purge(tags),
  });
  const inventory = new Inventory(tables);
  const source = {
    valueOf: (target: Target, maxBytes?: number) =>
      stamped(projection.valueOf(target, maxBytes), inventory.stampOf(target)),
    written: (target: Target, now: number, isSilent: boolean) => {
      repairs.written(target);
      if (target.kind === 'rendered' && projection.isPartial(target.extension))
        outbox.add(target, now, { pause: PARTIAL_PAUSE_MS, silent: true });
      if (isSilent) return;
      announcementQueue.add(target, now);
      purgeQueue.add(target, now);
    },
  };
  const outbox = new Outbox(sql, kv, source, { wake: () => alarm.set() });
  const repairs: Repairs = new Repairs(outbox);
  const archiving = new Archiving({ tables, archive, transaction });
  const archiveSweep = new ArchiveSweep(tables, archive);
  const archiveCleaning = new ArchiveCleaning(tables, archive);
  const articleWriter = new ArticleWriter(tables, outbox, env.ORIGIN);
  const intakeCheck = new IntakeCheck(transaction, (delivery, now) => articleWriter.receive(delivery, now));
  const rebuild = new Rebuild({ tables, outbox, articleWriter, bodyMigration, transaction });
  const pruning = new Pruning(tables, outbox);
  const scrub = new Scrub({ ...tables, inventory, repairs, outbox, kv, bodyMigration });
  const backup = new TableBackup(ctx.storage, BACKED_UP);
  const imports = new TableImport<ImportProgress>(ctx.storage, BACKED_UP);
  const recovery: Recovery = new Recovery({
    ...{ tables, articleWriter, outbox, rebuild, scrub, backup, imports, transaction },
    journal: () => env.SUBSCRIPTIONS.getByName('subscriptions'),
    alarm: { pause: () => alarm.pause(), resume: () => alarm.resume() },
    wake: (at) => void ctx.storage.setAlarm(at),
  });
  // In the order of one alarm: what is settled is then written, and what is written is then announced.
  const alarm: Alarm = new Alarm(
    ctx.storage,
    {
      settle: new Settling(tables.articles, (id, now) => transaction(() => articleWriter.settle(id, now))),
      write: {
        nextDue: (now) => outbox.nextDue(now),
        // A drain may take many seconds; what became due meanwhile does not wait for its end.
        run: () => outbox.drain(() => alarm.runDue(['settle', 'announce', 'purge'])),
      },
      announce: { nextDue: (now) => announcementQueue.nextDue(now), run: () => announcementQueue.send() },
      purge: { nextDue: (now) => purgeQueue.nextDue(now), run: (now) => purgeQueue.send(now) },
      rebuild,
      'take bodies': bodyMigration,
      prune: pruning,
      scrub,
      backup,
      // R2 may take seconds; what becomes due meanwhile does not wait for it.
      archive: {
        nextDue: (now) => (bodyMigration.isRunning ? undefined : archiving.nextDue(now)),
        run: (now) => (bodyMigration.isRunning ? undefined : alarm.beside(archiving.run(now), PROMPT)),
      },
      'sweep archive': {
        nextDue: (now) => archiveSweep.nextDue(now),
        run: (now) => alarm.beside(archiveSweep.run(now), PROMPT),
      },
      'delete archived': {
        nextDue: () => archiveCleaning.nextDue(),
        run: (now) => alarm.beside(archiveCleaning.run(now), PROMPT),
      },
      recover: recovery,
    },
    {
      companion: [
        'takedown',
        { nextDue: (now) => outbox.nextUrgent(now), watch: (others) => outbox.watch(others) },
      ],
      retries: {
        read: () => tables.settings.read<Retries>('retries'),
        write: (retries) => tables.settings.write('retries', retries),
      },
    },
  );
  return {
    tables,
    articleWriter,
    projection,
    outbox,
    repairs,
    announcementQueue,
    rebuild,
    bodyMigration,
    archive,
    archivedEntries: new ArchivedEntries(tables, archive),
    inventory,
    scrub,
    backup,
    imports,
    recovery,
    alarm,
    intakeCheck,
  };
}

type Valued = Awaited<ReturnType<Projection['valueOf']>>;

/**
 * Adds the stamp to a value's metadata. It was taken before the value was computed: where the target changes meanwhile,
 * the outbox writes it again.
 */
function stamped(value: Promise<Valued> | Valued, stamp: string | undefined): Promise<Valued> | Valued {
  if (value instanceof Promise) return value.then((known) => stamped(known, stamp));
  if (!value || stamp === undefined) return value;
  return { ...value, metadata: { ...value.metadata, stamp } };
}
