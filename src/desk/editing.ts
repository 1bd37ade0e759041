import type { Instant, Status } from '../domain/article.ts';
import { articlePath } from '../domain/identity.ts';
import { DEFAULT_FEEDS } from '../feeds/feed.ts';
import { type List, listsOf } from './contract/memberships.ts';
import type {
  ArticleEvent,
  ArticleReference,
  Delivery,
  DeliveryStatus,
  LoggedArticle,
  Outcome,
  Receipt,
  Takedown,
} from './contract/messages.ts';
import { decide, settlePublishedAt, statusAt } from './contract/revision.ts';
import type { Outbox } from './projection/outbox.ts';
import type { Subject } from './projection/target.ts';
import type { Entry, Ledger } from './tables/articles.ts';
import type { Deliveries } from './tables/delivery-log.ts';
import type { Feeds } from './tables/feeds.ts';
import type { Trending } from './tables/trending.ts';

/**
 * How long what changed waits before it is written, in milliseconds: a CMS that saves an article twice has it written
 * once, and the acknowledgement is on its way before the writing begins.
 */
const GATHERING = { pause: 100 };

/** How many embargoes and expiries one alarm settles before it lets others have the Desk. */
const SETTLED_AT_ONCE = 200;

/** The tables that a change to an article touches. */
export interface Tables {
  ledger: Ledger;
  feeds: Feeds;
  trending: Trending;
  deliveries: Deliveries;
  outbox: Outbox;
}

/**
 * Every way an article changes. Each method is one synchronous piece of work that its caller runs inside one
 * transaction: a Durable Object loses updates if it awaits between its read and its write.
 */
export class Editing {
  readonly #tables: Tables;
  readonly #origin: string;

  constructor(tables: Tables, origin: string) {
    this.#tables = tables;
    this.#origin = origin;
  }

  /** Takes a verified and normalized delivery: all of its articles, or none of them when it was taken before. */
  receive(delivery: Delivery, now: number): Receipt {
    const { deliveries } = this.#tables;
    const { publisher, id, arrival } = delivery;
    const at = new Date(now).toISOString();
    const settled = deliveries.settled(publisher, id);
    const outcomes =
      settled?.map((article) => this.#repeated(article)) ??
      delivery.events.map((event) => this.#outcome(event, now, at));
    const status = settled ? 'duplicate' : statusOf(outcomes);
    deliveries.log(publisher, { id, at, status, ...arrival }, outcomes);
    return { status, outcomes };
  }

  /** The operator's own withdrawal: it holds against the publisher until `restore`. */
  withdraw(id: string, reason: string | undefined, now: number): Takedown {
    const held = this.#tables.ledger.find(id);
    if (held === undefined) return { found: false, reason: 'unknown' };
    if (held.operatorWithdrew) return found(held);
    this.#tables.ledger.writeTakedown(id, true, reason ?? null);
    return found(this.#settle(id, now));
  }

  /** Ends the operator's withdrawal. The article is again what its publisher and its dates make it. */
  restore(id: string, now: number): Takedown {
    const { ledger } = this.#tables;
    const held = ledger.find(id);
    if (held === undefined) return { found: false, reason: 'unknown' };
    if (!held.operatorWithdrew) return { found: false, reason: 'not-withdrawn-by-operator' };
    const shown = statusAt(new Date(now).toISOString(), { ...held, operatorWithdrew: false }) !== 'withdrawn';
    if (shown && ledger.detail(id) === undefined) return { found: false, reason: 'body-gone' };
    ledger.writeTakedown(id, false, null);
    return found(this.#settle(id, now));
  }

  /**
   * Releases embargoes and withdraws what has expired, each in a transaction of its own: one that cannot be settled
   * keeps no other from it. Throws when there was such a one.
   */
  settleDue(now: number, atomically: (work: () => void) => void): void {
    const due = this.#tables.ledger.due(new Date(now).toISOString(), SETTLED_AT_ONCE);
    const failed = due.flatMap((id) => {
      try {
        atomically(() => void this.#settle(id, now));
        return [];
      } catch (error) {
        return [`${id}: ${error}`];
      }
    });
    if (failed.length > 0) throw new Error(`${failed.length} articles cannot be settled: ${failed[0]}`);
  }

  /**
   * Brings an article's lists into line with its card, for lists of which there were none when it came. What moves
   * has changed, with a sequence number for `/changes` and feeds. @returns whether it moved
   */
  relist(id: string, now: number): boolean {
    const { ledger, feeds } = this.#tables;
    const entry = this.#entry(id);
    const { status, card, publishedAt } = entry;
    if (status !== 'published' || card === null || publishedAt === null) return false;
    const lists = listsOf(card);
    const nameOf = ({ kind, name }: List) => `${kind}:${name}`;
    const held = new Set(feeds.listsOf(id).map(nameOf));
    if (held.size === lists.length && lists.every((list) => held.has(nameOf(list)))) return false;
    const at = new Date(now).toISOString();
    this.#list(ledger.settle(id, status, ledger.lastSequence() + 1, at), lists, now);
    return true;
  }

  #outcome(event: Delivery['events'][number], now: number, at: Instant): Outcome {
    switch (event.kind) {
      case 'refused':
        return { status: 'refused', issues: event.issues, warnings: [] };
      case 'ignored':
        return { status: 'ignored', ...(event.why && { issues: [event.why] }), warnings: [] };
      default:
        return this.#take(event, now, at);
    }
  }

  /** An article of a delivery that was settled before, in the version it had then. */
  #repeated({ article }: LoggedArticle): Outcome {
    const held = article && this.#tables.ledger.find(article.id);
    const reference = held && article && { ...this.#reference(held), version: article.version };
    return { status: 'duplicate', ...(reference && { article: reference }), warnings: [] };
  }

  #take(event: Exclude<ArticleEvent, { kind: 'ignored' }>, now: number, at: Instant): Outcome {
    const { ledger } = this.#tables;
    const held = ledger.find(event.id);
    const decision = decide(held, event);
    switch (decision) {
      case 'stale':
      case 'ignored':
        return { status: decision, ...(held && { article: this.#reference(held) }), warnings: [] };
      case 'unchanged':
        ledger.advance(event.id, event.revisedAt);
        return { status: decision, ...(held && { article: this.#reference(held) }), warnings: [] };
      case 'withdraw': {
        if (event.kind !== 'withdrawn') throw new Error('Only a withdrawal withdraws.');
        ledger.writeWithdrawal(event.id, event.publisher, event.sourceId, event.revisedAt);
        return { status: 'accepted', article: this.#reference(this.#settle(event.id, now)), warnings: [] };
      }
      case 'accept': {
        if (event.kind === 'withdrawn') throw new Error('A withdrawal holds no content to accept.');
        const { revision, revisedAt } = event;
        const { publishedAt, warnings } = settlePublishedAt(at, revision, held?.publishedAt ?? null);
        const updatedAt = revision.updatedAt ?? (held?.card ? revisedAt : publishedAt);
        ledger.writeRevision(event.id, revision, { revisedAt, publishedAt, updatedAt });
        return { status: 'accepted', article: this.#reference(this.#settle(event.id, now)), warnings };
      }
    }
  }

  /**
   * Brings everything that follows from an article's row into line with it: status, sequence, feeds, outbox.
   * What was never shown to anybody takes no place in the sequence while it is embargoed: `/changes` would tell.
   */
  #settle(id: string, now: number): Entry {
    const { ledger, trending, outbox } = this.#tables;
    const at = new Date(now).toISOString();
    const before = this.#entry(id);
    const status: Status = statusAt(at, before);
    const hidden = status === 'embargoed' && before.sequence === null;
    const sequence = hidden ? null : ledger.lastSequence() + 1;
    const entry = ledger.settle(id, status, sequence, at);
    this.#list(entry, status === 'published' && entry.card !== null ? listsOf(entry.card) : [], now);
    if (trending.has(id)) {
      if (status !== 'published') trending.forget(id);
      outbox.add({ kind: 'trending' }, now, GATHERING);
    }
    if (!hidden) outbox.add({ kind: 'article', id }, now, GATHERING);
    return entry;
  }

  /** Lists an article on exactly these lists, and has every feed that this changes written. */
  #list({ id, sequence, publishedAt, withdrawnAt }: Entry, lists: readonly List[], now: number): void {
    const { ledger, feeds, outbox } = this.#tables;
    const at = new Date(now).toISOString();
    const changes = feeds.list(id, publishedAt ?? at, lists, withdrawnAt ?? undefined);
    if (changes.length === 0) return;
    feeds.touch(changes, sequence ?? ledger.lastSequence(), at);
    const inAll = changes.some(({ scope }) => scope.kind === 'all');
    outbox.addAll(
      [
        ...changes.map(({ scope }): Subject => ({ kind: 'feed', scope })),
        ...(inAll ? DEFAULT_FEEDS.map((extension): Subject => ({ kind: 'rendered', extension })) : []),
      ],
      now,
      GATHERING,
    );
  }

  #entry(id: string): Entry {
    const entry = this.#tables.ledger.find(id);
    if (entry === undefined) throw new Error(`The ledger has no article ${id}.`);
    return entry;
  }

  #reference(entry: Entry): ArticleReference {
    const url = entry.card && { url: this.#origin + articlePath(entry.id, entry.card.headline) };
    return { id: entry.id, version: entry.version, ...url };
  }
}

const found = ({ id, version, status }: Entry): Takedown => ({
  found: true,
  article: { id, version, status },
});

/** What a delivery as a whole came to: the best of its articles, and refused only if no article was of use. */
const PRECEDENCE = ['accepted', 'unchanged', 'stale', 'refused', 'ignored'] as const;

const statusOf = (outcomes: readonly Outcome[]): DeliveryStatus =>
  PRECEDENCE.find((status) => outcomes.some((outcome) => outcome.status === status)) ?? 'ignored';
