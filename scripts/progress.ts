const BAR = 24;
const CLEAR_LINE = '\r\u001b[K';
/** How often a log, which keeps every line, is told; milliseconds. */
const LOG_EVERY = 2_000;

type Stream = NodeJS.WritableStream & { isTTY?: boolean };

/** How far a run has come: a bar that moves on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #total: number;
  readonly #told: (done: number, total: number) => string;
  readonly #stream: Stream;
  #done = 0;
  #toldAt = Date.now();

  /** `told` says in words how far it is. */
  constructor(total: number, told = files, stream: Stream = process.stderr) {
    this.#total = total;
    this.#told = told;
    this.#stream = stream;
    this.#draw();
  }

  /** One more is done, or so many more. */
  step(more = 1): void {
    this.#done = Math.min(this.#done + more, this.#total);
    if (this.#stream.isTTY) this.#draw();
    else if ((more > 0 && this.#done === this.#total) || Date.now() - this.#toldAt >= LOG_EVERY) {
      this.#toldAt = Date.now();
      this.#stream.write(`${this.#told(this.#done, this.#total)}\n`);
    }
  }

  /** Takes the bar off the terminal's line, so that something else can be written there; `step` brings it back. */
  clear(): void {
    if (this.#stream.isTTY) this.#stream.write(CLEAR_LINE);
  }

  #draw(): void {
    if (!this.#stream.isTTY) return;
    const filled = Math.round((this.#done / Math.max(this.#total, 1)) * BAR);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR - filled);
    this.#stream.write(`${CLEAR_LINE}${bar} ${this.#told(this.#done, this.#total)}`);
  }
}

const files = (done: number, total: number): string => `${done} of ${total} files`;
