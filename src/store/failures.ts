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

/** A page of this site that another part of it could not get for now. */
export class PageUnavailable extends PlatformFailure {
  override readonly name = 'PageUnavailable';

  constructor(path: string, status: number) {
    super(`${path} answered ${status}`);
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

/**
 * Whether an error is temporary: a `PlatformFailure`, or a call of a Durable Object that is overloaded, restarting or
 * unreachable, or that threw (Durable Objects, "Error handling").
 */
export function isPlatformFailure(error: unknown): boolean {
  return error instanceof PlatformFailure || (error instanceof Error && isDurableObjectError(error));
}

const isDurableObjectError = (error: Error): boolean =>
  'remote' in error || 'overloaded' in error || 'retryable' in error;

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
