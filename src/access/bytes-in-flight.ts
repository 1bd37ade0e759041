import { Refusal } from '../domain/refusal.ts';
import { SteadyClock } from './steady-clock.ts';

/** The bounds of the bodies that one isolate holds at a time. */
export interface FlightBounds {
  /** The bytes of all bodies together. */
  total: number;
  /** The bytes of one owner's bodies whose sender is not verified. A name in a path proves nothing. */
  unverified: number;
  /** A body counts as at least this many bytes: a request costs memory, too. This bounds their number. */
  minimum: number;
  /** A body must have arrived within this time. */
  deadlineMs: number;
}

/** A body has room for this much more than has arrived: a length is declared at no cost. */
export const STEP_BYTES = 32_768;

/** Room for a body may be taken from another only after this time. */
const GRACE_MS = 1_000;

/** A body that arrives more slowly than this over the last second or two loses its room when others need it. */
const SLOW_BYTES_PER_SECOND = 65_536;

/** Longer than a verified delivery takes. The platform drops the work of a sender that hung up, and its end is never seen. */
const MAX_SETTLING_MS = 30_000;

/** A body of which less than this has come is silent: it loses its room to others sooner than one that is slow. */
const SILENT_BYTES = 1_024;
const SILENT_GRACE_MS = 100;

const RETRY_AFTER_SECONDS = 2;

/**
 * Counts the bytes of the bodies that an isolate holds, from the first to the end of the work on them. A body reserves
 * what has arrived and one step of what it declares. When there is no room, unverified bodies that are silent or arrive
 * slowly are evicted; if that is not enough, the newcomer is refused. So senders that withhold their bodies hold up nobody.
 */
export class BytesInFlight {
  readonly #bounds: FlightBounds;
  readonly #held = new Set<Reservation>();
  readonly #clock = new SteadyClock();

  constructor(bounds: FlightBounds) {
    this.#bounds = bounds;
  }

  get deadlineMs(): number {
    return this.#bounds.deadlineMs;
  }

  /** The bytes that are reserved now. */
  get bytes(): number {
    return sum([...this.#held]);
  }

  /**
   * Reserves room for `bytes` bytes of a body.
   * @param declared its length as its sender declares it, which may be wrong
   * @returns a refusal (503) when there is no room
   */
  reserve(bytes: number, owner: string, declared = 0): Reservation | Refusal {
    const reservation = new Reservation(this, owner, declared, this.#clock);
    return this.resize(reservation, bytes) ? reservation : overloaded();
  }

  /** Changes how much a reservation counts. @returns false when there is no room; it is then released */
  resize(reservation: Reservation, bytes: number): boolean {
    const { minimum } = this.#bounds;
    // In steps, so that not every chunk of a growing body is counted anew.
    const size = Math.max(1, Math.ceil(bytes / minimum)) * minimum;
    this.#held.delete(reservation);
    const { total, unverified } = this.#bounds;
    const isFree =
      (reservation.isVerified ||
        this.#makeRoom(unverified - size, (each) => !each.isVerified && each.owner === reservation.owner)) &&
      this.#makeRoom(total - size, () => true);
    if (!isFree) return false;
    reservation.bytes = size;
    this.#held.add(reservation);
    return true;
  }

  release(reservation: Reservation): void {
    this.#held.delete(reservation);
  }

  isHeld(reservation: Reservation): boolean {
    return this.#held.has(reservation);
  }

  /** Evicts until the counted reservations are at most `bytes`: the slowest first, of those alike the oldest. */
  #makeRoom(bytes: number, isCounted: (each: Reservation) => boolean): boolean {
    const counted = [...this.#held].filter(isCounted);
    let excess = sum(counted) - bytes;
    if (excess <= 0) return true;
    const now = this.#clock.now();
    const evictable = counted.filter((each) => this.#isEvictable(each, now));
    if (sum(evictable) < excess) return false;
    evictable.sort((one, other) => one.rate(now) - other.rate(now) || one.since - other.since);
    for (const each of evictable) {
      if (excess <= 0) break;
      this.#held.delete(each);
      excess -= each.bytes;
    }
    return true;
  }

  #isEvictable(each: Reservation, now: number): boolean {
    const age = now - each.since;
    if (each.isRead) return age > MAX_SETTLING_MS;
    if (age > this.#bounds.deadlineMs || (age >= SILENT_GRACE_MS && each.isSilent)) return true;
    return age >= GRACE_MS && each.rate(now) < SLOW_BYTES_PER_SECOND;
  }
}

/** The room of one body. */
export class Reservation {
  readonly #inFlight: BytesInFlight;
  readonly #clock: SteadyClock;
  readonly owner: string;
  readonly #declared: number;
  /** What it counts. */
  bytes = 0;
  /** When reading began, then when the work on the body began, by the clock of all reservations. */
  since: number;
  isVerified = false;
  isRead = false;
  #arrived = 0;
  /** What had arrived one to two seconds ago, and less than a second ago. A body that halts after a fast start is slow. */
  #earlier: { at: number; bytes: number };
  #later: { at: number; bytes: number };

  constructor(inFlight: BytesInFlight, owner: string, declared: number, clock: SteadyClock) {
    this.#inFlight = inFlight;
    this.owner = owner;
    this.#declared = declared;
    this.#clock = clock;
    this.since = clock.now();
    this.#earlier = { at: this.since, bytes: 0 };
    this.#later = this.#earlier;
  }

  /** Counts what has arrived. @returns a refusal when there is no room for it, or the room went to another body */
  received(bytes: number): Refusal | undefined {
    this.#arrived = bytes;
    const now = this.#clock.now();
    if (now - this.#later.at >= GRACE_MS) {
      this.#earlier = this.#later;
      this.#later = { at: now, bytes };
    }
    const evicted = this.evicted();
    const needed = Math.max(bytes, Math.min(this.#declared, bytes + STEP_BYTES));
    if (evicted !== undefined || needed <= this.bytes) return evicted;
    return this.#inFlight.resize(this, needed) ? undefined : overloaded();
  }

  /** Whether next to nothing has come. */
  get isSilent(): boolean {
    return this.#arrived < SILENT_BYTES;
  }

  /** The refusal of a body whose room went to another. */
  evicted(): Refusal | undefined {
    return this.#inFlight.isHeld(this) ? undefined : overloaded();
  }

  /** Bytes that arrive per second. */
  rate(now: number): number {
    const { at, bytes } = this.#earlier;
    return ((this.#arrived - bytes) * 1_000) / Math.max(1, now - at);
  }

  /** The body is whole: it no longer counts as slow. */
  read(): void {
    this.isRead = true;
    this.since = this.#clock.now();
  }

  /** The sender is who it says: it no longer shares its owner's room with strangers. */
  verified(): void {
    this.isVerified = true;
  }

  /** Gives the room back. Releasing twice does nothing. */
  release(): void {
    this.#inFlight.release(this);
  }
}

const sum = (reservations: readonly Reservation[]): number =>
  reservations.reduce((total, { bytes }) => total + bytes, 0);

const overloaded = (): Refusal =>
  new Refusal('unavailable', {
    detail: `Too many bodies at once; retry after ${RETRY_AFTER_SECONDS} s.`,
    headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
  });
