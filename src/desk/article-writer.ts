import type { Instant, Status } from '../domain/article.ts';
import { type Issue, sharedIssues } from '../domain/draft.ts';
import { articlePath } from '../domain/identity.ts';
import { DEFAULT_FEEDS } from '../feeds/feed.ts';
import type { Target } from '../store/records.ts';
import { type List, listsOf } from './contract/lists.ts';
import type {
  ArticleEvent,
  ArticleReference,
  Delivery,
  DeliveryStatus,
  Erasure,
  Outcome,
  Receipt,
  Revision,
  Takedown,
} from './contract/messages.ts';
import type { ArticleMark, RecoveredArticles } from './contract/recovery.ts';
import {
  type Decision,
  decide,
  heldRevisedAt,
  lastSentAt,
  mendTimes,
  settlePublishedAt,
  settleRevisedAt,
  settleUpdatedAt,
  statusAt,
} from './contract/revision.ts';
import type { Outbox, OutboxOptions } from './projection/outbox.ts';
import { type ArticleRecord, isRemoved } from './tables/articles.ts';
import type { ListChange } from './tables/memberships.ts';
import type { Tables } from './tables/tables.ts';
import { eventKey } from './tables/timeless-events.ts';
import type { EarlierVersion } from './tables/versions.ts';

/**
 * How long a change waits before it is written to KV. An article that its CMS saves twice is written once, and the
 * response is sent before the write begins.
 */
const GATHER = { pause: 100 };

/** What a publisher may add to the keys that wait to be written to KV. */
interface Limits {
  /** The most names of tags, authors, sections and so on in a delivery that no article had before. */
  newNames: number;
  /** A publisher with so many keys waiting is asked to send again later. */
  waitingKeys: number;
}

const LIMITS: Limits = { newNames: 1_000, waitingKeys: 5_000 };

/** In this time, KV takes some 900 keys. */
const RETRY_AFTER_SECONDS = 15;

/**
 * Every way an article changes. Each method is synchronous, and its caller runs it in one transaction: a Durable Object
 * loses updates if it awaits between a read and the write that depends on it.
 */
export class ArticleWriter {
  readonly #tables: Tables;
  readonly #outbox: Outbox;
  readonly #origin: string;
  readonly #limits: Limits;

  constructor(tables: Tables, outbox: Outbox, origin: string, limits: Partial<Limits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
    this.#tables = tables;
    this.#outbox = outbox;
    this.#origin = origin;
  }

  /**
   * Stores a verified and normalized delivery: all its articles, or none when the delivery was settled before. While too
   * many of the publisher's keys wait, takes its withdrawals alone, and the delivery is not settled.
   */
  receive(delivery: Delivery, now: number): Receipt {
    const { deliveryLog } = this.#tables;
    const { publisher, id, arrival } = delivery;
    const at = new Date(now).toISOString();
    const settled = deliveryLog.settled(publisher, id);
    if (settled === undefined && this.#mustWait(delivery)) {
      for (const event of delivery.events)
        if (event.kind === 'withdrawn') this.#outcome(event, delivery.bodyHash, now, at);
      return { status: 'refused', outcomes: [], retryAfter: RETRY_AFTER_SECONDS };
    }
    const outcomes = withFewIssues(
      settled?.map((article, index) => this.#duplicate(article, delivery.events[index])) ??
        this.#withinNames(delivery.events).map((event) => this.#outcome(event, delivery.bodyHash, now, at)),
    );
    const status = settled ? 'duplicate' : statusOf(outcomes);
    deliveryLog.log(publisher, { id, at, status, ...arrival }, outcomes);
    return { status, outcomes };
  }

  /** Withdraws an article for the operator. The publisher cannot undo that; only `restore` does. */
  withdraw(id: string, reason: string | undefined, now: number): Takedown {
    const held = this.#tables.articles.find(id);
    if (held === undefined) return { found: false, reason: 'unknown' };
    if (held.operatorWithdrew) return takedownOf(held);
    this.#tables.articles.writeTakedown(id, true, reason ?? null);
    return takedownOf(this.#settle(id, now));
  }

  /** Ends the operator's withdrawal: the article's status again follows from its publisher's events and its dates. */
  restore(id: string, now: number): Takedown {
    const { articles, bodies } = this.#tables;
    const held = articles.find(id);
    if (held === undefined) return { found: false, reason: 'unknown' };
    if (!held.operatorWithdrew) return { found: false, reason: 'not-withdrawn-by-operator' };
    if (held.card === null && !held.publisherWithdrew) return { found: false, reason: 'erased' };
    const shown = statusAt(new Date(now).toISOString(), { ...held, operatorWithdrew: false }) !== 'withdrawn';
    if (shown && !bodies.has(id, held.contentHash)) return { found: false, reason: 'body-gone' };
    articles.writeTakedown(id, false, null);
    return takedownOf(this.#settle(id, now));
  }

  /** Deletes the words of a withdrawn article for good: its body, its earlier versions and those in its card. */
  erase(id: string, now: number): Erasure {
    const held = this.#tables.articles.find(id);
    if (held === undefined) return { found: false, reason: 'unknown' };
    if (held.status !== 'withdrawn') return { found: false, reason: 'not-withdrawn' };
    this.#forgetWords(held, now);
    return { found: true, article: { id, version: held.version, status: held.status } };
  }

  /**
   * Makes an earlier version the newest again, as a new version. It counts as the operator's correction of now: what the
   * publisher sends later applies, and repeats of what it sent before are stale. A withdrawal applies whenever it is newer
   * than what the publisher sent.
   * @param revision its content, read before: it may be in R2. Undefined when there is none
   */
  restoreVersion(id: string, version: number, revision: Revision | undefined, now: number): Takedown {
    const { articles, timelessEvents, versions } = this.#tables;
    const held = articles.find(id);
    if (held === undefined) return { found: false, reason: 'unknown' };
    if (held.status === 'withdrawn') return { found: false, reason: 'withdrawn' };
    const earlier = versions.find(id, version);
    if (earlier === undefined || earlier.revision.hash !== revision?.hash)
      return { found: false, reason: 'unknown-version' };
    const at = new Date(now).toISOString();
    const { revisedAt } = settleRevisedAt(at, undefined, heldRevisedAt(at, held));
    // Without a time of its own, only this tells the content that is replaced from a new correction.
    if (held.contentHash !== null) timelessEvents.add(id, { contents: [held.contentHash] });
    const { publishedAt } = earlier;
    const updatedAt = settleUpdatedAt(at, undefined, { publishedAt, revisedAt });
    const sentAt = held.sentAt ?? heldRevisedAt(at, held);
    this.#write(held, id, revision, { revisedAt, publishedAt, updatedAt, sentAt }, at);
    return takedownOf(this.#settle(id, now));
  }

  /** Releases an article whose embargo has ended, or withdraws one that has expired. */
  settle(id: string, now: number): void {
    this.#settle(id, now);
  }

  /**
   * Puts an article on the lists that its card requires, after a release that changed the rules for lists. That is a
   * change with its own sequence number. @returns whether its lists changed
   */
  relist(id: string, now: number): boolean {
    const { articles, memberships } = this.#tables;
    const article = this.#find(id);
    const { status, card, publishedAt } = article;
    if (status !== 'published' || card === null || publishedAt === null) return false;
    const lists = listsOf(card);
    const nameOf = ({ kind, name }: List) => `${kind}:${name}`;
    const held = new Set(memberships.listsOf(id).map(nameOf));
    if (held.size === lists.length && lists.every((list) => held.has(nameOf(list)))) return false;
    const at = new Date(now).toISOString();
    this.#list(articles.settle(id, status, articles.nextSequence(), at), lists, now, GATHER);
    return true;
  }

  /**
   * Corrects the times of an article that an earlier release stored with one in the future. For a published article that
   * is a new version, so that feeds and partners get it. @returns whether its times changed
   */
  mendTimes(id: string, now: number): boolean {
    const { articles, bodies } = this.#tables;
    const article = this.#find(id);
    const { publishedAt, updatedAt } = article;
    if (publishedAt === null || updatedAt === null) return false;
    const at = new Date(now).toISOString();
    const times = mendTimes(at, { ...article, publishedAt, updatedAt });
    if (times === undefined) return false;
    const isShown = article.status === 'published';
    if (isShown && !bodies.has(id, article.contentHash)) {
      throw new Error(`The times of ${id} cannot be corrected: the Desk does not have its body.`);
    }
    articles.writeTimes(id, times, isShown);
    if (isShown) this.#settle(id, now);
    return true;
  }

  /**
   * Applies to an article what was true of it before a point-in-time recovery. What was withdrawn, expired, erased or under
   * embargo stays so. An article that the Desk no longer knows becomes a tombstone. Whatever changed since the point gets a
   * version and a sequence number that were never used.
   * @param floor the highest sequence number that was used
   * @returns undefined when the article had not changed since the point
   */
  recover(
    mark: ArticleMark,
    floor: number,
    now: number,
  ): Exclude<keyof RecoveredArticles, 'checked'> | undefined {
    const { articles, memberships } = this.#tables;
    const { id, lists } = mark;
    const at = new Date(now).toISOString();
    const held = articles.find(id);
    if (held?.sequence === mark.sequence) return undefined;
    if (held === undefined) {
      articles.writeLost(mark, at);
      // It leaves the lists that it was on, so that their feeds name it among the withdrawals.
      memberships.touch(memberships.list(id, mark.publishedAt ?? at, lists), floor, at);
    } else if (isRemoved(mark)) {
      articles.outdate(id, mark.version);
    } else {
      articles.applyMark(mark);
      if (mark.isWordless && !mark.publisherWithdrew) this.#forgetWords(held, now);
    }
    const { status } = this.#settle(id, now, floor);
    if (held === undefined && mark.status !== 'withdrawn') return 'removed';
    return status === 'withdrawn' ? 'withdrawn' : 'reverted';
  }

  #forgetWords({ id, language }: ArticleRecord, now: number): void {
    const { archiveDeletions, articles, bodies, versions } = this.#tables;
    articles.erase(id, language);
    bodies.forget(id);
    versions.forget(id);
    archiveDeletions.hasten(id, now);
  }

  /** Whether a delivery would add to a backlog that its publisher has made too long. */
  #mustWait({ publisher, events }: Delivery): boolean {
    const { waitingKeys } = this.#limits;
    return events.some(isRevision) && this.#outbox.waitingFor(publisher, waitingKeys) >= waitingKeys;
  }

  /** The events of a delivery; in one with too many new names, its articles are refused. */
  #withinNames(events: Delivery['events']): Delivery['events'] {
    const { newNames } = this.#limits;
    const lists = new Map(
      events
        .filter(isRevision)
        .flatMap(({ revision }) => listsOf(revision.card))
        .map((list) => [`${list.kind}:${list.name}`, list]),
    );
    // A few articles cannot have too many, so that they cost no query.
    if (lists.size <= newNames) return events;
    const count = this.#tables.memberships.countNew([...lists.values()]);
    if (count <= newNames) return events;
    const message = `The articles of this delivery have ${count} tags, authors and other names that are new to this site; the limit is ${newNames} per delivery. Send them in several deliveries.`;
    return events.map((event) =>
      isRevision(event) ? { kind: 'refused', issues: [{ path: '', message }] } : event,
    );
  }

  #outcome(
    event: Delivery['events'][number],
    bodyHash: string | undefined,
    now: number,
    at: Instant,
  ): Outcome {
    switch (event.kind) {
      case 'refused':
        return { status: 'refused', issues: event.issues, warnings: [] };
      case 'ignored':
        return { status: 'ignored', ...(event.why && { issues: [event.why] }), warnings: [] };
      default:
        return this.#take(event, bodyHash, now, at);
    }
  }

  /** The outcome for an article of a delivery that was settled before, with its version at that time. */
  #duplicate(
    article: { id: string; version: number } | undefined,
    event: Delivery['events'][number] | undefined,
  ): Outcome {
    const { articles } = this.#tables;
    const held = article && articles.find(article.id);
    const reference = held && article && { ...this.#referenceTo(held), version: article.version };
    const target = event?.kind === 'withdrawn' ? articles.find(event.id) : undefined;
    const isUndone = target !== undefined && target.status !== 'withdrawn';
    return {
      status: 'duplicate',
      ...(reference && { article: reference }),
      ...(isUndone && { issues: [UNDONE] }),
      warnings: [],
    };
  }

  #take(
    given: Exclude<ArticleEvent, { kind: 'ignored' }>,
    bodyHash: string | undefined,
    now: number,
    at: Instant,
  ): Outcome {
    const { articles } = this.#tables;
    const found = articles.find(given.id);
    const held = found && { ...found, revisedAt: heldRevisedAt(at, found) };
    const { revisedAt, warnings } = settleRevisedAt(at, given.revisedAt, held?.revisedAt);
    const recognized =
      bodyHash === undefined ? undefined : this.#recognize(given, bodyHash, found?.contentHash);
    const { isRepeat = false, isSourceOfHeld = false } = recognized ?? {};
    const event = { ...given, revisedAt, isRepeat, isSourceOfHeld };
    const decision = decide(held, event);
    if (recognized !== undefined) this.#remember(given, recognized, decision, held, revisedAt);
    switch (decision) {
      case 'stale':
      case 'ignored':
        return {
          status: decision,
          ...(held && { article: this.#referenceTo(held) }),
          ...(decision === 'stale' && isRepeat && { issues: [REPEATED[event.kind]] }),
          warnings: [],
        };
      case 'unchanged':
        if (!isRepeat) articles.advance(event.id, revisedAt);
        if (event.kind !== 'withdrawn') this.#recover(event.id, event.revision, now);
        return { status: decision, ...(held && { article: this.#referenceTo(held) }), warnings };
      case 'withdraw': {
        if (event.kind !== 'withdrawn') throw new Error('Only a withdrawal withdraws.');
        // The withdrawal deletes the article's words, so its address is made before.
        const { url } = held ? this.#referenceTo(held) : {};
        articles.writeWithdrawal(event.id, event.publisher, event.sourceId, revisedAt);
        const article = { ...this.#referenceTo(this.#settle(event.id, now)), ...(url && { url }) };
        return { status: 'accepted', article, warnings };
      }
      case 'accept': {
        if (event.kind === 'withdrawn') throw new Error('A withdrawal has no content to accept.');
        const { revision } = event;
        const published = settlePublishedAt(at, revision, held);
        const { publishedAt } = published;
        // Read anew, an article is no later revision: a replay must not make a correction that is under way stale.
        const time = isRepeat && held ? held.revisedAt : revisedAt;
        const updatedAt = settleUpdatedAt(at, revision.updatedAt, {
          publishedAt,
          revisedAt: held?.card ? time : undefined,
        });
        this.#write(held, event.id, revision, { revisedAt: time, publishedAt, updatedAt }, at);
        const article = this.#referenceTo(this.#settle(event.id, now));
        return { status: 'accepted', article, warnings: [...published.warnings, ...warnings] };
      }
    }
  }

  /** Compares an event with those that are remembered of its article. */
  #recognize(
    event: Exclude<ArticleEvent, { kind: 'ignored' }>,
    bodyHash: string,
    heldHash: string | null | undefined,
  ): Recognized {
    const mark = markOf(event, bodyHash);
    const { kind, source, content } = mark;
    const known = this.#tables.timelessEvents.of(event.id);
    const isSourceKnown = known[kind].includes(source);
    return {
      ...mark,
      isSourceKnown,
      isRepeat: isSourceKnown || (content !== undefined && known.contents.includes(content)),
      isSourceOfHeld: known.held?.[0] === source && known.held[1] === heldHash,
    };
  }

  /**
   * Remembers an event, so that a replay of it is recognized. One that is older than the stored article is stale by its
   * own time. Of what was not applied only the source is remembered: the same content may come again and be applied.
   */
  #remember(
    given: Exclude<ArticleEvent, { kind: 'ignored' }>,
    { kind, source, content, isSourceKnown }: Recognized,
    decision: Decision,
    held: ArticleRecord | undefined,
    revisedAt: Instant,
  ): void {
    const { timelessEvents } = this.#tables;
    const lastAt = held && lastSentAt(held);
    if (lastAt !== undefined && revisedAt < lastAt) return;
    if (isSourceKnown && decision !== 'accept') return;
    const isApplied = decision === 'accept' || decision === 'unchanged' || decision === 'withdraw';
    const contents = isApplied && content !== undefined ? [content] : [];
    // The content before it may have come in the same way before such events were remembered.
    if (decision !== 'unchanged' && isApplied && held?.contentHash) {
      if (revisedAt !== given.revisedAt) contents.push(held.contentHash);
      if (revisedAt === held.revisedAt) contents.push(eventKey(held.contentHash, revisedAt));
    }
    timelessEvents.add(
      given.id,
      { contents, [kind]: [source] },
      {
        revisedAt: isApplied && !isSourceKnown ? revisedAt : lastAt,
        ...(isApplied && given.kind !== 'withdrawn' && { held: [source, given.revision.hash] }),
      },
    );
  }

  /** Stores the newest content of an article, and keeps what it replaces as an earlier version. */
  #write(
    held: ArticleRecord | undefined,
    id: string,
    revision: Revision,
    times: { revisedAt: Instant; publishedAt: Instant; updatedAt: Instant; sentAt?: Instant },
    at: Instant,
  ): void {
    const { articles, bodies, versions } = this.#tables;
    const replaced = held && this.#replaced(held, at);
    articles.writeRevision(id, revision, times);
    bodies.write(id, revision.hash, revision.detail);
    // Last: an object that the body has left and that a version names is kept.
    if (replaced !== undefined) versions.add(id, replaced);
  }

  /** What an article is until it is replaced at `at`; undefined when the Desk does not have its content. */
  #replaced(held: ArticleRecord, at: Instant): EarlierVersion | undefined {
    const { id, version, card, contentHash, bytes, publishedAt, updatedAt } = held;
    if (card === null || contentHash === null || publishedAt === null || updatedAt === null) return undefined;
    const { bodies } = this.#tables;
    const gzip = bodies.held(id)?.gzip;
    const detail = gzip ? new Uint8Array(gzip) : bodies.archived([id])[0]?.object;
    if (detail === undefined) return undefined;
    const revision = { hash: contentHash, card, detail, bytes };
    return { version, replacedAt: at, publishedAt, updatedAt, revision };
  }

  /** Stores the body of unchanged content, if an earlier release or R2 has lost it. */
  #recover(id: string, { hash, detail }: Revision, now: number): void {
    const { bodies } = this.#tables;
    if (bodies.has(id, hash)) return;
    bodies.write(id, hash, detail);
    this.#outbox.add({ kind: 'article', id }, now, GATHER);
    // They may have been written without it.
    for (const extension of DEFAULT_FEEDS)
      this.#outbox.add({ kind: 'rendered', extension }, now, { ...GATHER, silent: true });
  }

  /**
   * Updates everything that is derived from an article's row: status, sequence number, lists, outbox. An embargoed
   * article that was never published has no sequence number, or `/changes` would reveal it.
   * @param floor a sequence number that the next one must exceed
   */
  #settle(id: string, now: number, floor = 0): ArticleRecord {
    const { articles, trending } = this.#tables;
    const at = new Date(now).toISOString();
    const before = this.#find(id);
    const status: Status = statusAt(at, before);
    const hidden = status === 'embargoed' && before.sequence === null;
    const sequence = hidden ? null : Math.max(articles.nextSequence(), floor + 1);
    const article = articles.settle(id, status, sequence, at);
    const isShown = status === 'published';
    // What KV shows of an article that may no longer be shown goes before everything else. Of one that was not shown until
    // now, KV shows nothing, or the keys are urgent already.
    const urgent = !isShown && before.status === 'published';
    const cause = { ...GATHER, urgent, publisher: before.publisher };
    this.#list(article, isShown && article.card !== null ? listsOf(article.card) : [], now, cause);
    const isRead = trending.has(id);
    if (isRead && !isShown) trending.forget(id);
    // While that key waits, KV may name articles that have no standing any more.
    if (isRead || (urgent && this.#outbox.isWaiting('trending')))
      this.#outbox.add({ kind: 'trending' }, now, cause);
    // The operator's call waits for the tombstone, so that waits for nothing.
    if (!hidden) this.#outbox.add({ kind: 'article', id }, now, { ...cause, ...(!isShown && { pause: 0 }) });
    return article;
  }

  /** Puts an article on exactly these lists, and adds the feeds that this changes to the outbox. */
  #list(
    { id, publisher, sequence, publishedAt, withdrawnAt }: ArticleRecord,
    lists: readonly List[],
    now: number,
    cause: OutboxOptions,
  ): void {
    const { articles, memberships } = this.#tables;
    const at = new Date(now).toISOString();
    const changes = memberships.list(id, publishedAt ?? at, lists, withdrawnAt ?? undefined);
    if (changes.length === 0) return;
    memberships.touch(changes, sequence ?? articles.lastSequence(), at);
    const feeds = (of: readonly ListChange[]) => of.map(({ scope }): Target => ({ kind: 'feed', scope }));
    const inAll = changes.some(({ scope }) => scope.kind === 'all');
    this.#outbox.addAll(
      [
        ...feeds(changes),
        ...(cause.urgent ? this.#outbox.leftBy(publisher, id) : []),
        ...(inAll ? DEFAULT_FEEDS.map((extension): Target => ({ kind: 'rendered', extension })) : []),
      ],
      now,
      cause,
    );
    const left = changes.filter(({ growth }) => growth < 0);
    if (!cause.urgent) this.#outbox.rememberLeft(publisher, id, feeds(left));
  }

  #find(id: string): ArticleRecord {
    const article = this.#tables.articles.find(id);
    if (article === undefined) throw new Error(`The Desk has no article ${id}.`);
    return article;
  }

  #referenceTo(article: ArticleRecord): ArticleReference {
    const url = article.card && { url: this.#origin + articlePath(article.id, article.card.headline) };
    return { id: article.id, version: article.version, ...url };
  }
}

type RevisionEvent = Extract<ArticleEvent, { kind: 'published' | 'updated' }>;

const isRevision = (event: Delivery['events'][number]): event is RevisionEvent =>
  event.kind === 'published' || event.kind === 'updated';

const takedownOf = ({ id, version, status }: ArticleRecord): Takedown => ({
  found: true,
  article: { id, version, status },
});

/** The keys by which an event is recognized among those of its article. */
interface Mark {
  kind: 'sources' | 'withdrawals';
  source: string;
  /** Of a revision. */
  content?: string;
}

/** An event, compared with those that are remembered of its article. */
interface Recognized extends Mark {
  isSourceKnown: boolean;
  /** Whether its source or its content came before. */
  isRepeat: boolean;
  /** Whether the stored content came of the same source. */
  isSourceOfHeld: boolean;
}

/**
 * What distinguishes an event from a replay of another: its source, and for a revision its content, too, in whatever
 * bytes it comes. Its own time is part of both. The source alone stays the same when settings or a release change what is
 * made of it.
 */
function markOf(event: Exclude<ArticleEvent, { kind: 'ignored' }>, bodyHash: string): Mark {
  const { revisedAt } = event;
  if (event.kind === 'withdrawn') return { kind: 'withdrawals', source: eventKey(bodyHash, revisedAt) };
  return {
    kind: 'sources',
    source: eventKey(event.source ?? bodyHash, revisedAt),
    content: eventKey(event.revision.hash, revisedAt),
  };
}

const NO_TIME = 'is missing, in the future or that of an earlier delivery';
const WHY =
  'without a time of its own it cannot be told from a repeated delivery. Send updatedAt, or sign with standard-webhooks, which includes a time';

/** Why a repeat is stale. */
const REPEATED = {
  published: {
    path: 'updatedAt',
    message: `${NO_TIME}, and this content was sent before: ${WHY}. The operator can restore an earlier version`,
  },
  updated: {
    path: 'updatedAt',
    message: `${NO_TIME}, and this content was sent before: ${WHY}. The operator can restore an earlier version`,
  },
  withdrawn: {
    path: 'updatedAt',
    message: `${NO_TIME}, and this withdrawal was sent before: ${WHY}. The operator can withdraw the article`,
  },
} as const;

/** Why a duplicate withdrawal of an article that is not withdrawn does nothing. */
const UNDONE: Issue = {
  path: 'updatedAt',
  message:
    'this delivery was processed before, and the article was published again: it is not withdrawn. To withdraw it, send the withdrawal with a delivery id of its own and its time in updatedAt. The operator can withdraw the article, too',
};

/** Several articles of a delivery share the issues that are listed. */
function withFewIssues(outcomes: Outcome[]): Outcome[] {
  if (outcomes.length === 1) return outcomes;
  const lists = sharedIssues(outcomes.map(({ issues = [] }) => issues));
  return outcomes.map(({ issues: _all, ...outcome }, index) => {
    const issues = lists[index] ?? [];
    return issues.length === 0 ? outcome : { ...outcome, issues };
  });
}

/** A delivery has the best status of its articles, in this order. */
const PRECEDENCE = ['accepted', 'unchanged', 'stale', 'refused', 'ignored'] as const;

const statusOf = (outcomes: readonly Outcome[]): DeliveryStatus =>
  PRECEDENCE.find((status) => outcomes.some((outcome) => outcome.status === status)) ?? 'ignored';
