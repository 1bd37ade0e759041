import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';
import { type Answer, isPutOff, type SoakSite } from './site.ts';

/** What all readers poll. */
const ADDRESSES = [
  ...['rss', 'atom', 'json', 'ninjs'].map((format) => `/feeds/all.${format}`),
  '/feeds/all.json?limit=100&content=summary',
  '/feeds/sections/City.rss',
  '/feeds/tags/river.json',
  '/feeds/languages/en.atom',
  '/feeds/publishers/soak-1.json',
  '/feeds/all.json?section=City&tag=rain',
  '/articles',
  '/',
  '/sections/City',
  '/sitemap.xml',
  '/news-sitemap.xml',
];

/** How a complete document ends: an incomplete one must not count as a response. */
const ENDS: readonly [type: string, end: RegExp][] = [
  ['rss+xml', /<\/rss>\s*$/],
  ['atom+xml', /<\/feed>\s*$/],
  ['json', /\}$/],
  ['text/html', /<\/html>\s*$/],
  ['xml', /<\/\w+>\s*$/],
];

/** A reader who polls with the validators of the last response, and compares every response with earlier ones. */
export class Reader {
  readonly #site: SoakSite;
  readonly #random: Random;
  readonly #journal: Journal;
  readonly #held = new Map<string, { etag: string; sequence: number; kills: number }>();
  #sawArticles = false;

  constructor(site: SoakSite, random: Random, journal: Journal) {
    this.#site = site;
    this.#random = random;
    this.#journal = journal;
  }

  async step(): Promise<void> {
    await sleep(this.#random.between(20, 150));
    const address = this.#random.pick(ADDRESSES);
    const held = this.#held.get(address);
    const answer = await this.#site.ask(
      address,
      held && this.#random.chance(0.8) ? { headers: { 'If-None-Match': held.etag } } : {},
    );
    if (answer === undefined || isPutOff(answer)) return;
    this.#journal.count(`reads ${answer.status}`);
    const { status, headers } = answer;
    const etag = headers.get('ETag');
    if (status === 304)
      return this.#check(etag === held?.etag, address, `304 with ${etag}, not ${held?.etag}`);
    // A scope that never had an article has no feed and no page.
    if (status === 404 && held === undefined && address !== '/' && !address.includes('all')) return;
    if (status !== 200) return this.#check(false, address, `got ${status}`);
    this.#checkBody(address, answer);
    if (etag === null) return;
    const sequence = Number(/^W\/"\d+\.(\d+)\./.exec(etag)?.[1]);
    const { kills } = this.#site;
    // An isolate that has read a tombstone renders a newer feed than KV has. One that restarts forgets it.
    const wentBack = held !== undefined && held.kills === kills && sequence < held.sequence;
    // A step ahead ends every deadline: a write to KV that was given up lands late, and is repeated.
    if (wentBack && this.#site.isUnsettled) this.#journal.count('went back after a step of the clock');
    else this.#check(!wentBack, address, `went back from ${held?.etag} to ${etag}`);
    this.#held.set(address, { etag, sequence, kills });
  }

  #checkBody(address: string, { headers, text }: Answer): void {
    const type = headers.get('Content-Type') ?? '';
    const end = ENDS.find(([name]) => type.includes(name))?.[1];
    this.#check(end?.test(text) === true, address, `ends with ${text.slice(-40)}`);
    if (address !== '/feeds/all.json') return;
    const { items } = JSON.parse(text) as { items: object[] };
    this.#check(items.length > 0 || !this.#sawArticles, address, 'is empty, and was not before');
    this.#sawArticles ||= items.length > 0;
  }

  #check(holds: boolean, address: string, what: string): void {
    this.#journal.check(holds, `${address} ${what}`);
  }
}

interface JsonFeed {
  items: { id: string; _dateline: { version: number } }[];
  _dateline: { withdrawn: { id: string }[] };
}

/** A reader who requests only changes (RFC 3229, `A-IM: feed`) and maintains a copy with them. */
export class Follower {
  /** Version by id of all articles that are not withdrawn. */
  readonly copy = new Map<string, number>();
  readonly #site: SoakSite;
  readonly #journal: Journal;
  #etag: string | undefined;

  constructor(site: SoakSite, journal: Journal) {
    this.#site = site;
    this.#journal = journal;
  }

  async step(): Promise<void> {
    const etag = this.#etag;
    const answer = await this.#site.ask('/feeds/all.json?limit=100', {
      headers: { 'A-IM': 'feed', ...(etag !== undefined && { 'If-None-Match': etag }) },
    });
    if (answer === undefined || isPutOff(answer)) return;
    const { status, headers, text } = answer;
    this.#journal.count(`A-IM ${status}`);
    if (status === 304) return;
    if (status !== 200 && (status !== 226 || headers.get('IM') !== 'feed')) {
      return this.#journal.wrong(`A-IM: feed got ${status} with IM: ${headers.get('IM')}`);
    }
    const feed = JSON.parse(text) as JsonFeed;
    for (const { id } of feed._dateline.withdrawn) this.copy.delete(id);
    for (const { id, _dateline } of feed.items) this.copy.set(id, _dateline.version);
    this.#etag = headers.get('ETag') ?? undefined;
  }

  /** The copy must contain the current articles of the feed at their versions. */
  async checkAgainstFeed(): Promise<void> {
    await this.step();
    const answer = await this.#site.ask('/feeds/all.json?limit=100');
    const { items } = JSON.parse(answer?.text ?? '{}') as JsonFeed;
    for (const { id, _dateline } of items) {
      this.#journal.check(
        this.copy.get(id) === _dateline.version,
        `A-IM: feed left a reader with version ${this.copy.get(id)} of ${id}, which has ${_dateline.version}`,
      );
    }
  }
}
