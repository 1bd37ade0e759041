const BAR = 24;
const CLEAR_LINE = '\r\u001b[K';
/** Milliseconds between lines when the output is a log rather than a terminal. */
const LOG_EVERY = 2_000;

type Stream = NodeJS.WritableStream & { isTTY?: boolean };

/** Progress of a run: a bar on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #total: number;
  readonly #told: (done: number, total: number) => string;
  readonly #stream: Stream;
  #done = 0;
  #toldAt = Date.now();

  /** @param told formats the progress as text */
  constructor(total: number, told = files, stream: Stream = process.stderr) {
    this.#total = total;
    this.#told = told;
    this.#stream = stream;
    this.#draw();
  }

  /** Adds to what is done. */
  step(more = 1): void {
    this.#done = Math.min(this.#done + more, this.#total);
    if (this.#stream.isTTY) this.#draw();
    else if ((more > 0 && this.#done === this.#total) || Date.now() - this.#toldAt >= LOG_EVERY) {
      this.#toldAt = Date.now();
      this.#stream.write(`${this.#told(this.#done, this.#total)}\n`);
    }
  }

  /** Removes the bar from the terminal's line, so that something else can be printed; `step` redraws it. */
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
