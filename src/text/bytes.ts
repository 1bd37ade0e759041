/** The size of text in UTF-8, and documents that stop at a size while they are written. */

/** UTF-8 takes at most three bytes for a UTF-16 code unit: a pair of surrogates takes four. */
const MAX_BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

/** The size of a text in UTF-8, in bytes. */
export const utf8Length = (text: string): number => encoder.encode(text).length;

/** Whether a text has at most `limit` bytes. */
export const fitsIn = (limit: number, text: string): boolean =>
  text.length * MAX_BYTES_PER_UNIT <= limit || utf8Length(text) <= limit;

/**
 * The room for the parts of a document. A part is measured only when its length does not show that it fits: ordinary
 * documents are far below their bound, and encoding a text costs as much as writing it.
 */
export class ByteBudget {
  readonly #limit: number;
  /** At least the bytes taken. */
  #most = 0;
  /** The parts that count in `#most` with the most that they can have. */
  #unmeasured: string[] = [];

  /** @param limit the most bytes of all parts together */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes the room for a part, if there is enough.
   * @param more bytes that the part needs besides its own, such as a separator
   * @returns whether there was; if not, nothing is taken
   */
  take(part: string, more = 0): boolean {
    const most = part.length * MAX_BYTES_PER_UNIT;
    if (this.#most + most + more <= this.#limit) {
      this.#unmeasured.push(part);
      this.#most += most + more;
      return true;
    }
    for (const each of this.#unmeasured) this.#most -= each.length * MAX_BYTES_PER_UNIT - utf8Length(each);
    this.#unmeasured = [];
    const bytes = utf8Length(part) + more;
    if (this.#most + bytes > this.#limit) return false;
    this.#most += bytes;
    return true;
  }
}

/** The parts from the first on that fit into `limit` bytes together, each followed by a separator of one byte. */
export function partsWithin(limit: number, parts: Iterable<string>): string[] {
  const budget = new ByteBudget(limit);
  const taken: string[] = [];
  for (const part of parts) {
    if (!budget.take(part, 1)) break;
    taken.push(part);
  }
  return taken;
}
