import { setTimeout as sleep } from 'node:timers/promises';
import { signedHeaders } from '../signing.ts';
import type { Journal } from './journal.ts';
import { ArticleModel, type Content, type Event, farFrom, iso, type Settled } from './model.ts';
import type { Random } from './random.ts';
import { type Answer, isPutOff, type SoakSite } from './site.ts';

const SECTIONS = ['City', 'शहर', 'State', 'کھیل', 'a/b c?'];
const TAGS = ['river', 'नदी', 'rain', 'bridge'];

/** How far ahead a short embargo or life ends. */
const SOON = [500, 4_000] as const;

/** How long the old secret may still be accepted after a rotation, or the new one not yet: isolates cache secrets. */
const ROTATION_MS = 15_000;

const RETRY_MS = 150;

const html = (content: string) => ({ body: { format: 'html', content } });

/** Hostile articles: what each adds to an ordinary one, and whether it must be refused with 422. */
const HOSTILE = {
  'ampersands of 1 MB': {
    isRefused: true,
    data: () => ({ body: { format: 'text', content: '&'.repeat(1_000_000) } }),
  },
  'ampersands of 300 kB': {
    isRefused: false,
    data: (words) => html(`${words}<p>${'&amp; '.repeat(50_000)}</p>`),
  },
  '60 tags': {
    isRefused: true,
    data: () => ({ tags: Array.from({ length: 60 }, (_, n) => `tag ${n}`) }),
  },
  'tags that are numbers': { isRefused: true, data: () => ({ tags: Array(200_000).fill(1) }) },
  'deep nesting': { isRefused: false, data: (words) => html(words + '<blockquote><b>'.repeat(20_000)) },
  'nested lists': { isRefused: false, data: (words) => html(words + '<ul><li>x'.repeat(20_000)) },
  'a giant word': { isRefused: false, data: (words) => html(`${words}<p>${'x'.repeat(300_000)}</p>`) },
  'many short lines of Thai': { isRefused: false, data: (words) => html(words + '<p>ข่าว</p>'.repeat(5_000)) },
} satisfies Record<string, { isRefused: boolean; data: (words: string) => object }>;

/** A delivery that got a 2xx response. */
export interface Acknowledged {
  publisher: string;
  deliveryId: string;
  status: Settled;
  version: number;
}

/** A publisher's secret, which the operator rotates now and then. */
export class Publisher {
  readonly id: string;
  readonly #site: SoakSite;
  #secret = '';
  #rotatedAt = Number.NEGATIVE_INFINITY;
  #rotating = false;

  constructor(site: SoakSite, id: string) {
    this.#site = site;
    this.id = id;
  }

  async register(): Promise<void> {
    const answer = await this.#site.askAsOperator('PUT', `/admin/publishers/${this.id}`, { name: this.id });
    this.#secret = JSON.parse(answer?.text ?? '{}').secret;
  }

  /** Rotates the secret until a response arrives, because a crash may lose the response. */
  async rotate(grace: number): Promise<void> {
    this.#rotating = true;
    for (;;) {
      const path = `/admin/publishers/${this.id}/secrets?grace=${grace}`;
      const answer = await this.#site.askAsOperator('POST', path);
      if (answer?.status === 201) {
        this.#secret = JSON.parse(answer.text).secret;
        break;
      }
      await sleep(RETRY_MS);
    }
    this.#rotatedAt = Date.now();
    this.#rotating = false;
  }

  /** Whether a secret may be rejected now. */
  get isRotating(): boolean {
    return this.#rotating || Date.now() - this.#rotatedAt < ROTATION_MS;
  }

  /** @param ahead seconds that the site's clock is ahead of the true time */
  send(deliveryId: string, body: string, ahead: number): Promise<Answer | undefined> {
    return this.#site.ask(`/webhooks/${this.id}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...signedHeaders(this.#secret, deliveryId, body, new Date(Date.now() + ahead * 1_000)),
      },
      body,
    });
  }
}

/** An editor with articles of its own, who sends one delivery after the other, so that their order is known. */
export class Editor {
  readonly articles: ArticleModel[] = [];
  readonly acknowledged: Acknowledged[] = [];
  readonly #name: string;
  readonly #publisher: Publisher;
  readonly #site: SoakSite;
  readonly #random: Random;
  readonly #journal: Journal;
  readonly #sent: {
    article: ArticleModel;
    event: Event;
    deliveryId: string;
    body: string;
    settled: Acknowledged;
  }[] = [];
  readonly #isHostile: boolean;
  #deliveries = 0;
  #marks = 0;
  #clock: number;

  /** @param isHostile whether some of its articles cost much */
  constructor(
    name: string,
    publisher: Publisher,
    site: SoakSite,
    random: Random,
    journal: Journal,
    isHostile: boolean,
  ) {
    this.#isHostile = isHostile;
    this.#name = name;
    this.#publisher = publisher;
    this.#site = site;
    this.#random = random;
    this.#journal = journal;
    // A valid publication time, never in the future.
    this.#clock = Date.now() - 20 * 86_400_000;
  }

  /** Does one thing an editor, a CMS, its queue or the operator may do. */
  async step(): Promise<void> {
    const random = this.#random;
    if (random.chance(0.4)) await sleep(random.between(0, 120));
    const action = random.weighted({
      create: 30,
      revise: 25,
      reordered: 10,
      sameAgain: 6,
      withdraw: 8,
      publishAgain: 4,
      duplicate: 8,
      twiceAtOnce: 5,
      unknownWithdrawn: 1,
      takeDown: 4,
      restore: 5,
      invalid: 1,
      hostile: this.#isHostile ? 3 : 0,
      replayed: 4,
      future: 1,
    });
    this.#journal.count(action);
    const article = this.articles.length === 0 ? undefined : random.pick(this.articles);
    if (article === undefined || action === 'create') return this.create();
    switch (action) {
      case 'revise':
        return this.#deliver(article, this.#revision(article, random.chance(0.3) ? 'published' : 'updated'));
      case 'publishAgain':
        return this.#deliver(article, this.#revision(article, 'published'));
      case 'reordered': {
        const types = ['updated', 'published', 'withdrawn'] as const;
        const events = Array.from({ length: random.between(2, 4) }, () => {
          const type = random.pick(types);
          return type === 'withdrawn' ? this.#withdrawal() : this.#revision(article, type);
        });
        for (const event of random.shuffled(events)) await this.#deliver(article, event);
        return;
      }
      case 'sameAgain': {
        const { content } = article;
        if (content === undefined) return;
        return this.#deliver(article, { type: 'updated', revisedAt: this.#tick(), content });
      }
      case 'withdraw':
        return this.#deliver(article, this.#withdrawal());
      case 'unknownWithdrawn':
        return this.#deliver(this.#newArticle(), this.#withdrawal());
      case 'duplicate':
        return this.#repeat();
      case 'twiceAtOnce':
        return this.#deliver(article, this.#revision(article, 'updated'), 2);
      case 'takeDown':
        return this.#takeDown(article, true);
      case 'restore':
        return this.#takeDown(this.articles.find((each) => each.operatorWithdrew) ?? article, false);
      case 'hostile':
        return this.#hostile(article);
      case 'replayed': {
        // The same bytes under a new id, as somebody who holds an old delivery and a signer would send them.
        const old = this.#sent.length === 0 ? undefined : random.pick(this.#sent);
        if (old === undefined || 'isFuture' in old.event) return;
        return this.#deliver(old.article, old.event, 1, old.body);
      }
      case 'future':
        return this.#future();
      case 'invalid': {
        const answer = await this.#send(`${this.#name}-${++this.#deliveries}`, '{"type":"article.updated"}');
        return this.#journal.check(answer.status === 422, `an invalid delivery got ${answer.status}`);
      }
    }
  }

  /** Content that costs much: some of it is refused, the rest is stored as any other. */
  async #hostile(article: ArticleModel): Promise<void> {
    const plain = this.#revision(article, 'updated');
    if (plain.type === 'withdrawn') return;
    const kind = this.#random.pick(Object.keys(HOSTILE) as (keyof typeof HOSTILE)[]);
    this.#journal.count(`hostile: ${kind}`);
    const { isRefused, data } = HOSTILE[kind];
    const event = { ...plain, content: { ...plain.content, more: data } };
    if (!isRefused) return this.#deliver(article, event);
    const answer = await this.#send(`${this.#name}-${++this.#deliveries}`, this.#bodyOf(article, event));
    this.#journal.check(answer.status === 422, `${kind} got ${answer.status} ${answer.text.slice(0, 200)}`);
  }

  /** A new article that says it was revised in forty years; sometimes withdrawn by an event without a time. */
  async #future(): Promise<void> {
    const article = this.#newArticle();
    const event = this.#revision(article, 'published');
    if (event.type === 'withdrawn') return;
    const stamp = { updatedAt: new Date(Date.now() + 40 * 365 * 86_400_000).toISOString() };
    const content = { ...event.content, more: () => stamp };
    const body = this.#bodyOf(article, { ...event, content });
    // The receipt counts. It is later than all times of the editors' own.
    const received = { ...event, revisedAt: Date.now(), isFuture: true };
    await this.#deliver(article, received, 1, body);
    if (this.#random.chance(0.5)) return;
    const withdrawal = { type: 'withdrawn', revisedAt: Date.now(), isFuture: true } as const;
    const timeless = JSON.stringify({ type: 'article.withdrawn', data: { id: article.sourceId } });
    await this.#deliver(article, withdrawal, 1, timeless);
  }

  /** Publishes a new article. */
  create(): Promise<void> {
    const article = this.#newArticle();
    return this.#deliver(article, this.#revision(article, 'published'));
  }

  #newArticle(): ArticleModel {
    const article = new ArticleModel(this.#publisher.id, `${this.#name}-${this.articles.length}`);
    this.articles.push(article);
    return article;
  }

  #tick(): number {
    // Sometimes two revisions have the same time: the later arrival wins.
    if (!this.#random.chance(0.1)) this.#clock += this.#random.between(1, 60) * 1_000;
    return this.#clock;
  }

  #withdrawal(): Event {
    return { type: 'withdrawn', revisedAt: this.#tick() };
  }

  #revision(article: ArticleModel, type: 'published' | 'updated'): Event {
    const random = this.#random;
    const now = Date.now();
    this.#marks += 1;
    const soon = () => now + random.between(...SOON);
    const dates = random.weighted({ none: 80, embargo: 6, longEmbargo: 3, expiry: 6, longLife: 3, past: 2 });
    const content: Content = {
      mark: `${this.#name}x${this.#marks}`,
      section: random.pick(SECTIONS),
      tags: TAGS.filter(() => random.chance(0.4)),
      // A publisher sends the date of an article always or never, by its number.
      ...(this.articles.indexOf(article) % 5 > 0 && { publishedAt: this.#clock - 3_600_000 }),
      ...(dates === 'embargo' && { embargoUntil: soon() }),
      ...(dates === 'longEmbargo' && { embargoUntil: farFrom(now) }),
      ...(dates === 'expiry' && { expiresAt: soon() }),
      ...(dates === 'longLife' && { expiresAt: farFrom(now) }),
      ...(dates === 'past' && { expiresAt: now - 60_000 }),
    };
    return { type, revisedAt: this.#tick(), content };
  }

  /** Sends an event, `times` at once with one delivery id, and again until it gets a 2xx response. */
  async #deliver(article: ArticleModel, event: Event, times = 1, sent?: string): Promise<void> {
    const deliveryId = `${this.#name}-${++this.#deliveries}`;
    const body = sent ?? this.#bodyOf(article, event);
    const status = article.take(event);
    const settled = { publisher: article.publisher, deliveryId, status, version: article.version };
    const answers = await Promise.all(Array.from({ length: times }, () => this.#send(deliveryId, body)));
    this.acknowledged.push(settled);
    this.#sent.push({ article, event, deliveryId, body, settled });
    const repeats = answers.filter((answer) => JSON.parse(answer.text).status === 'duplicate').length;
    // An attempt without a response may have been stored: then all responses are duplicates.
    const lost = answers.some((answer) => answer.attempts > 1);
    this.#journal.check(
      lost ? repeats >= times - 1 : repeats === times - 1,
      `${deliveryId}: ${repeats} of ${times} answers were duplicates`,
    );
    for (const answer of answers) this.#hold(article, settled, answer);
  }

  /** Sends an earlier delivery again. */
  async #repeat(): Promise<void> {
    if (this.#sent.length === 0) return;
    const { article, deliveryId, body, settled } = this.#random.pick(this.#sent);
    const answer = await this.#send(deliveryId, body);
    this.#journal.check(
      JSON.parse(answer.text).status === 'duplicate',
      `${deliveryId}, sent again, got ${answer.text}`,
    );
    this.#hold(article, settled, answer);
  }

  /** Compares a 2xx response with the expected one. */
  #hold(article: ArticleModel, settled: Acknowledged, answer: Sent): void {
    const said = JSON.parse(answer.text) as { status: string; article?: { id: string; version: number } };
    this.#journal.count(`${answer.status} ${said.status}`);
    const status = said.status === 'duplicate' ? settled.status : said.status;
    article.id ??= said.article?.id;
    this.#journal.check(
      answer.status === (said.status === 'accepted' ? 202 : 200) &&
        status === settled.status &&
        said.article?.version === settled.version &&
        said.article.id === article.id,
      `${settled.deliveryId} had to be ${settled.status} with version ${settled.version}, not ${answer.status} ${answer.text}`,
    );
  }

  /** Sends one delivery until it gets a final response. */
  async #send(deliveryId: string, body: string): Promise<Sent> {
    for (let attempts = 1; ; attempts += 1) {
      const rotating = this.#publisher.isRotating;
      const { offsets } = this.#site.clock;
      const answer = await this.#publisher.send(deliveryId, body, offsets[attempts % offsets.length] ?? 0);
      // workerd's timers run by the time of day: a step ahead ends every deadline, also that of a body.
      const isOverdue = answer?.status === 408 && this.#site.isUnsettled;
      if (isOverdue) this.#journal.count('408 after a step of the clock');
      else if (answer !== undefined && !isPutOff(answer)) {
        if (answer.status !== 401) return { ...answer, attempts };
        this.#journal.count('401 around a rotation or a step of the clock');
        const isStepped = offsets.length > 1 || this.#site.clock.offsets[0] !== offsets[0];
        if (!rotating && !this.#publisher.isRotating && !isStepped) {
          this.#journal.wrong(`${deliveryId} got 401 although no secret was rotated`);
        }
      }
      await sleep(RETRY_MS);
    }
  }

  /** Sends the operator's request until it gets a response. A request whose response was lost may have taken effect. */
  async #takeDown(article: ArticleModel, withdrawn: boolean): Promise<void> {
    if (article.id === undefined) return;
    const action = withdrawn ? 'withdraw' : 'restore';
    const changed = article.takeDown(withdrawn);
    for (let attempts = 1; ; attempts += 1) {
      const answer = await this.#site.askAsOperator('POST', `/admin/articles/${article.id}/${action}`);
      if (answer === undefined || isPutOff(answer)) {
        await sleep(RETRY_MS);
        continue;
      }
      this.#journal.count(`${answer.status} ${action}`);
      if (answer.status === 409 && !withdrawn && (!changed || attempts > 1)) return;
      const said = JSON.parse(answer.text) as { article?: { version: number } };
      return this.#journal.check(
        answer.status === 200 && (withdrawn || changed) && said.article?.version === article.version,
        `${action} of ${article.sourceId} at version ${article.version} got ${answer.status} ${answer.text}`,
      );
    }
  }

  #bodyOf({ sourceId }: ArticleModel, event: Event): string {
    const timestamp = iso(event.revisedAt);
    if (event.type === 'withdrawn') {
      return JSON.stringify({ type: 'article.withdrawn', timestamp, data: { id: sourceId } });
    }
    const { mark, section, tags, publishedAt, embargoUntil, expiresAt, more } = event.content;
    // Half of the publishers' systems put the time on the article, the others on the envelope.
    const stamped = this.#random.chance(0.5);
    const words = `<p>The words of ${mark}.</p>`;
    return JSON.stringify({
      type: `article.${event.type}`,
      timestamp: stamped ? iso(event.revisedAt - 86_400_000) : timestamp,
      data: {
        id: sourceId,
        headline: `Headline ${mark}`,
        language: 'en',
        section,
        tags,
        body: { format: 'html', content: words },
        ...(stamped && { updatedAt: timestamp }),
        ...(publishedAt && { publishedAt: iso(publishedAt) }),
        ...(embargoUntil && { embargoUntil: iso(embargoUntil) }),
        ...(expiresAt && { expiresAt: iso(expiresAt) }),
        ...more?.(words),
      },
    });
  }
}

interface Sent extends Answer {
  attempts: number;
}
