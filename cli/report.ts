/** Output to the terminal: failures, warnings, and the counts of an import. */
import { styleText } from 'node:util';
import { oneLine } from '../src/text/text.ts';

/** An error for the user; its message says what to do next. */
export class Failure extends Error {}

/** The site could not be reached; a retry may succeed. */
export class Unreachable extends Failure {}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Writes warnings to standard error. */
export function printWarnings(warnings: readonly { code: string; excerpt: string }[]): void {
  if (warnings.length === 0) return;
  const width = Math.max(...warnings.map(({ code }) => code.length));
  const lines = warnings.map(({ code, excerpt }) => `  ${code.padEnd(width)}  ${excerpt}`);
  console.error(['', 'Warnings:', ...lines].join('\n'));
}

const SHOWN = 20;

/** Counts the outcomes of everything that an import read. */
export class Tally {
  readonly #statuses = new Map<string, number>();
  readonly #skipped = new Map<string, number>();
  readonly #dropped = new Map<string, number>();
  readonly #refused: string[] = [];
  #refusals = 0;

  get articles(): number {
    return sum(this.#statuses) + this.#refusals;
  }

  get refusals(): number {
    return this.#refusals;
  }

  /** Counts a response by its status: `accepted`, `unchanged`, `duplicate` … */
  settled(status: string): void {
    increase(this.#statuses, status);
  }

  refused(label: string, reason: string): void {
    this.#refusals += 1;
    // A title may contain anything, terminal escape sequences included.
    if (this.#refused.length < SHOWN) this.#refused.push(`${oneLine(label)}: ${oneLine(reason)}`);
  }

  /** Counts something that is not sent, by its reason: `draft`, `attachment` … */
  skipped(why: string): void {
    increase(this.#skipped, why);
  }

  /** Counts a field that was left out of an article because it is invalid. */
  dropped(field: string): void {
    increase(this.#dropped, field);
  }

  toString(): string {
    const counts = [...this.#statuses, ...(this.#refusals > 0 ? [['refused', this.#refusals] as const] : [])];
    const width = Math.max(8, ...counts.map(([name]) => name.length));
    const lines = counts.map(([name, count]) => `${name.padEnd(width)}  ${count}`);
    if (this.#skipped.size > 0) {
      const which = [...this.#skipped].map(([why, count]) => `${count} ${oneLine(why)}`).join(', ');
      lines.push(`${'not sent'.padEnd(width)}  ${sum(this.#skipped)} (${which})`);
    }
    if (this.#dropped.size > 0) {
      const which = [...this.#dropped].map(([field, count]) => `${count} ${field}`).join(', ');
      lines.push(`${'left out'.padEnd(width)}  ${sum(this.#dropped)} (${which})`);
    }
    if (this.#refusals > 0) {
      lines.push('', styleText('bold', 'Refused'), ...this.#refused.map((line) => `  ${line}`));
      if (this.#refusals > SHOWN) lines.push(`  … and ${this.#refusals - SHOWN} more`);
    }
    return lines.length === 0 ? 'Nothing to send.' : lines.join('\n');
  }
}

const increase = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((total, count) => total + count, 0);
