import { Refusal, tooLarge } from '../domain/refusal.ts';
import { type BytesInFlight, type Reservation, STEP_BYTES } from './bytes-in-flight.ts';

/** How a request's body may be read. */
export interface BodyBounds {
  /** The largest body, in bytes. */
  limit: number;
  /** What the body counts against. It also has the deadline. */
  inFlight: BytesInFlight;
  /** On whose behalf the body is sent, as far as that is known before it is verified; each gets a share. */
  owner?: string;
}

/** A body that was read to its end. Its bytes count as in flight until `reservation` is released. */
export interface HeldBody {
  bytes: Uint8Array<ArrayBuffer>;
  reservation: Reservation;
}

/** How often a body that is waited for is checked against its deadline and for eviction. */
const TICK_MS = 1_000;

/**
 * Reads a request's body into memory, bounded in size, time, and bytes in flight. Reads nothing when `Content-Length`
 * exceeds the limit or there is no room for its beginning. The header is not trusted: the bytes that arrive count as well.
 * @returns the bytes with their reservation, which the caller must release; or a refusal: 413 too large, 503 no room,
 * 408 too slow, 400 when the sender broke off. The body is then cancelled.
 */
export async function readBody(request: Request, bounds: BodyBounds): Promise<HeldBody | Refusal> {
  const declared = declaredLength(request.headers);
  if (declared > bounds.limit) return refuse(request, tooLarge(bounds.limit));
  const first = Math.min(declared, STEP_BYTES);
  const reservation = bounds.inFlight.reserve(first, bounds.owner ?? '', declared);
  if (reservation instanceof Refusal) return refuse(request, reservation);
  const bytes = await readWithin(request.body, declared, bounds, reservation);
  if (bytes instanceof Refusal) {
    reservation.release();
    return bytes;
  }
  reservation.read();
  return { bytes, reservation };
}

/** `Content-Length` as a number; 0 when it is absent or no length. */
function declaredLength(headers: Headers): number {
  const text = headers.get('Content-Length') ?? '';
  return /^\d+$/.test(text) ? Number(text) : 0;
}

function refuse(request: Request, refusal: Refusal): Refusal {
  cancelBody(request);
  return refusal;
}

/** Tells the sender of a body that it is not wanted. A body that was read, or is being read, is left alone. */
export function cancelBody({ body }: Request): void {
  // Not awaited: the answer must not wait for the sender.
  if (body !== null && !body.locked) void body.cancel().catch(() => undefined);
}

async function readWithin(
  body: ReadableStream<Uint8Array> | null,
  declared: number,
  { limit, inFlight }: BodyBounds,
  reservation: Reservation,
): Promise<Uint8Array<ArrayBuffer> | Refusal> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const gathered = new Gathered(limit, declared);
  const deadline = new Deadline(inFlight.deadlineMs);
  try {
    for (;;) {
      const chunk = await nextChunk(reader, deadline, reservation);
      if (chunk instanceof Refusal) return abandon(reader, chunk);
      if (chunk === undefined) return gathered.bytes();
      if (!gathered.add(chunk)) return abandon(reader, tooLarge(limit));
      const refused = reservation.received(gathered.size);
      if (refused !== undefined) return abandon(reader, refused);
    }
  } catch {
    // The sender hung up, or broke the framing of HTTP.
    return abandon(reader, new Refusal('malformed', { detail: 'The body ended before it was complete.' }));
  } finally {
    deadline.clear();
  }
}

/** A time limit that no change of the clock moves: a timer's, not the difference of two times. */
class Deadline {
  readonly milliseconds: number;
  readonly #timer: ReturnType<typeof setTimeout>;
  isOver = false;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
    this.#timer = setTimeout(() => {
      this.isOver = true;
    }, milliseconds);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** The next chunk; undefined at the end; a refusal after the deadline, or when the body has to make room for others. */
async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  deadline: Deadline,
  reservation: Reservation,
): Promise<Uint8Array | undefined | Refusal> {
  const read = reader.read();
  for (;;) {
    if (deadline.isOver) {
      read.catch(() => undefined);
      return new Refusal('request-timeout', { detail: 'The body did not arrive in time; send it again.' });
    }
    const result = await within(read, Math.min(TICK_MS, deadline.milliseconds));
    if (result !== undefined) return result.done ? undefined : result.value;
    const evicted = reservation.evicted();
    if (evicted !== undefined) {
      read.catch(() => undefined);
      return evicted;
    }
  }
}

/** The result of a promise, or undefined when it takes longer. */
async function within<Result>(promise: Promise<Result>, milliseconds: number): Promise<Result | undefined> {
  let cancel = () => {};
  const late = new Promise<undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    cancel = () => clearTimeout(timer);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}

function abandon(reader: ReadableStreamDefaultReader<Uint8Array>, refusal: Refusal): Refusal {
  void reader.cancel().catch(() => undefined);
  return refusal;
}

/** Bytes in one buffer that doubles: a body in chunks of one byte must not cost an object for each. */
class Gathered {
  readonly #limit: number;
  #buffer: Uint8Array<ArrayBuffer>;
  size = 0;

  /** @param expected the size if the sender is right; no more than a step is allocated for a promise */
  constructor(limit: number, expected = 0) {
    this.#limit = limit;
    this.#buffer = new Uint8Array(Math.min(limit, Math.max(1_024, Math.min(expected, STEP_BYTES))));
  }

  /** Adds as much of a chunk as fits. @returns whether all of it did */
  add(chunk: Uint8Array): boolean {
    const size = Math.min(this.size + chunk.length, this.#limit);
    if (size > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(this.#limit, Math.max(size, 2 * this.#buffer.length)));
      larger.set(this.#buffer.subarray(0, this.size));
      this.#buffer = larger;
    }
    const taken = size - this.size;
    this.#buffer.set(taken === chunk.length ? chunk : chunk.subarray(0, taken), this.size);
    this.size = size;
    return taken === chunk.length;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.size);
  }
}

/** Reads at most `limit` bytes of a body and cancels the rest. `isWhole` is true when nothing was left. */
export async function readAtMost(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; isWhole: boolean }> {
  const gathered = new Gathered(limit);
  for await (const chunk of body ?? []) {
    // Leaving the loop cancels the stream.
    if (!gathered.add(chunk)) return { bytes: gathered.bytes(), isWhole: false };
  }
  return { bytes: gathered.bytes(), isWhole: true };
}
