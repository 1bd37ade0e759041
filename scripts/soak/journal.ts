/** What the soak counts and finds wrong. */
export class Journal {
  readonly counts: Record<string, number> = {};
  readonly problems: string[] = [];

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** Notes what is wrong; the run goes on, and fails at its end. */
  wrong(what: string): void {
    // The first few tell; thousands more would bury them.
    if (this.problems.length < 50) this.problems.push(what);
    this.count('problems');
  }

  /** Notes what is wrong unless it holds. */
  check(holds: boolean, what: string): void {
    if (!holds) this.wrong(what);
  }
}
