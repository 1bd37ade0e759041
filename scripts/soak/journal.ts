/** The soak's counts and problems. */
export class Journal {
  readonly counts: Record<string, number> = {};
  readonly problems: string[] = [];

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** Records a problem; the run continues and fails at its end. */
  wrong(what: string): void {
    // Keeps only the first ones, which thousands more would hide.
    if (this.problems.length < 50) this.problems.push(what);
    this.count('problems');
  }

  /** Records a problem unless the condition is true. */
  check(holds: boolean, what: string): void {
    if (!holds) this.wrong(what);
  }
}
