/** The platform failed to do something, and may succeed at the next try. */
class PlatformFailure extends Error {
  override readonly name: string = 'PlatformFailure';
}

/** Work that took longer than it may. */
class DeadlineExceeded extends PlatformFailure {
  override readonly name = 'DeadlineExceeded';

  constructor(what: string, milliseconds: number) {
    super(`${what} took longer than ${milliseconds / 1_000} s`);
  }
}

/** An operation of KV that failed or took too long; `cause` is what KV said. */
export class KvFailure extends PlatformFailure {
  override readonly name = 'KvFailure';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/**
 * Whether an error passes by itself: a `PlatformFailure`, or a call of a Durable Object that is overloaded, restarting,
 * out of reach, or threw (Durable Objects, "Error handling").
 */
export function isPlatformFailure(error: unknown): boolean {
  return error instanceof PlatformFailure || (error instanceof Error && isDurableObjectError(error));
}

const isDurableObjectError = (error: Error): boolean =>
  'remote' in error || 'overloaded' in error || 'retryable' in error;

/**
 * Waits for work, but no longer than so many milliseconds. The work itself goes on: an operation of KV cannot be
 * cancelled.
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
