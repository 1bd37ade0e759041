import type { Journal } from './journal.ts';
import { isPutOff, type SoakSite } from './site.ts';

interface Change {
  seq: number;
  kind: 'upsert' | 'withdraw';
  id: string;
  version: number;
}

/** A partner's mirror of the whole site, which follows `/changes` as docs/api.md describes. */
export class Mirror {
  /** Version and headline by id. */
  readonly articles = new Map<string, { version: number; headline: string }>();
  readonly #wanted = new Map<string, Change>();
  readonly #site: SoakSite;
  readonly #journal: Journal;
  #after = 0;

  constructor(site: SoakSite, journal: Journal) {
    this.#site = site;
    this.#journal = journal;
  }

  /** Whether the mirror has everything that `/changes` named. */
  get isComplete(): boolean {
    return this.#wanted.size === 0;
  }

  /** One page of changes, then the articles it names. @returns whether there was anything new */
  async step(): Promise<boolean> {
    const answer = await this.#site.ask(`/changes?after=${this.#after}&limit=200`);
    if (answer === undefined || isPutOff(answer)) return true;
    const { changes } = JSON.parse(answer.text) as { changes: Change[] };
    for (const change of changes) {
      this.#journal.check(change.seq > this.#after, `/changes gave ${change.seq} after ${this.#after}`);
      this.#after = change.seq;
      this.#wanted.set(change.id, change);
    }
    const wanted = [...this.#wanted.values()].values();
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (const change of wanted) await this.#fetch(change);
      }),
    );
    return changes.length > 0;
  }

  async #fetch(change: Change): Promise<void> {
    const { id, kind, version } = change;
    if (kind === 'withdraw') {
      this.articles.delete(id);
      this.#wanted.delete(id);
      return;
    }
    const answer = await this.#site.ask(`/articles/${id}`);
    if (answer === undefined || answer.status !== 200) return;
    const article = JSON.parse(answer.text) as { version: number; headline: string };
    // KV is briefly behind the Desk: an article older than the change is fetched again.
    if (article.version < version) return this.#journal.count('mirror came too early');
    this.articles.set(id, { version: article.version, headline: article.headline });
    if (this.#wanted.get(id) === change) this.#wanted.delete(id);
  }
}
