/** A failure of the platform that a retry may not meet again. */
class PlatformFailure extends Error {
  override readonly name: string = 'PlatformFailure';
}

/** Work that exceeded its deadline. */
class DeadlineExceeded extends PlatformFailure {
  override readonly name = 'DeadlineExceeded';

  constructor(what: string, milliseconds: number) {
    super(`${what} took longer than ${milliseconds / 1_000} s`);
  }
}

/** A KV operation that failed or took too long; `cause` is KV's error. */
export class KvFailure extends PlatformFailure {
  override readonly name = 'KvFailure';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The archive of bodies in R2 that failed, took too long, has lost an object, or is not bound. */
export class ArchiveFailure extends PlatformFailure {
  override readonly name = 'ArchiveFailure';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A value that exists and that the Desk cannot make for now. */
export class ValueUnavailable extends PlatformFailure {
  override readonly name = 'ValueUnavailable';
  /** The JSON of the article's card, when it is only its body that is missing or damaged. */
  readonly card: string | undefined;

  constructor(reason: string, card?: string) {
    super(reason);
    this.card = card;
  }
}

/** A page of this site that another part of it could not get for now. */
export class PageUnavailable extends PlatformFailure {
  override readonly name = 'PageUnavailable';

  constructor(path: string, status: number) {
    super(`${path} answered ${status}`);
  }
}

/** A database that a newer release has migrated, and that this release cannot use. */
export class UnreadableSchema extends PlatformFailure {
  override readonly name = 'UnreadableSchema';

  constructor(version: number, known: number) {
    super(
      `The database has schema version ${version}; this release knows versions up to ${known}, and that version is not declared readable by it. Deploy a release that knows it.`,
    );
  }
}

/** Work that was not done because this isolate's budget for it is spent. */
export class BudgetExceeded extends PlatformFailure {
  override readonly name = 'BudgetExceeded';

  constructor(what: string) {
    super(`the budget of ${what} is spent`);
  }
}

/** A Durable Object that is written from a backup: until the end of that, nothing in it can be relied on. */
export class ImportRunning extends PlatformFailure {
  override readonly name = 'ImportRunning';

  constructor() {
    super('a backup is being restored');
  }
}

/** A Desk that goes back to an earlier point in time: until that is applied, it does nothing else. */
export class RecoveryRunning extends PlatformFailure {
  override readonly name = 'RecoveryRunning';

  constructor() {
    super('the Desk goes back to an earlier point in time');
  }
}

/**
 * Messages of the platform's errors that arrive without a property that tells their kind: a Durable Object that restarts
 * or is replaced, a lost connection, and a database that cannot be written (SQLite, "Result Codes").
 */
const PLATFORM_MESSAGES = new RegExp(
  [
    'network connection lost',
    'object (?:has been|was) reset|code (?:has been|was) updated',
    '^internal error',
    'storage caused object to be reset|exceeded its (?:memory|cpu)',
    'sqlite_(?:full|ioerr|corrupt|busy|nomem|readonly|cantopen)',
    'database or disk is full|disk i/o error|disk image is malformed|database is locked',
    'durable object (?:is|storage)[^.]{0,80}(?:overloaded|unavailable|timeout)',
  ].join('|'),
  'i',
);

/**
 * Whether an error is temporary: a `PlatformFailure`, or a call of a Durable Object that is overloaded, restarting or
 * unreachable, or that threw (Durable Objects, "Error handling"), or whose disk is full.
 */
export function isPlatformFailure(error: unknown): boolean {
  return error instanceof PlatformFailure || (error instanceof Error && isDurableObjectError(error));
}

const isDurableObjectError = (error: Error): boolean =>
  'remote' in error ||
  'overloaded' in error ||
  'retryable' in error ||
  'durableObjectReset' in error ||
  PLATFORM_MESSAGES.test(error.message);

/**
 * Waits for work with a deadline. The work itself continues afterwards: a KV operation cannot be cancelled.
 * @param what names the work in the error
 * @throws DeadlineExceeded
 */
export async function withDeadline<Result>(
  milliseconds: number,
  what: string,
  work: PromiseLike<Result> | Result,
): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineExceeded(what, milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
