import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../ports.ts';
import type { Journal } from './journal.ts';
import type { ArticleModel } from './model.ts';
import { type Answer, answerTo, type SoakSite } from './site.ts';

const TOPIC = '/feeds/all.json';

/** How long a slow receiver takes, and one that hangs: longer than the hub waits. */
const SLOW_MS = 3_000;
const HANGING_MS = 20_000;

/** How long the verification of all subscriptions may take. */
const VERIFICATION_MS = 60_000;

/** How long what is owed may take to arrive: a server that has not responded twice waits a minute. */
const ARRIVAL_MS = 180_000;

type Behaviour = 'healthy' | 'slow' | 'hanging' | 'failing' | 'flapping';

/** The receivers of the feed, and then those of single articles, each on a host of its own. */
const FEED: readonly Behaviour[] = [
  'healthy',
  'healthy',
  'healthy',
  'slow',
  'hanging',
  'failing',
  'flapping',
];
const ARTICLES: readonly Behaviour[] = ['healthy', 'flapping'];

interface FeedBody {
  items: { id: string; _dateline: { version: number } }[];
}

interface ArticleEvent {
  type: string;
  data: { id: string; version: number };
}

interface Receiver {
  kind: 'feed' | 'articles';
  behaviour: Behaviour;
  /** Of a feed: the articles with their versions, as it came last. */
  feed: string;
  /** Of articles: what it was told last of each. */
  told: Map<string, { type: string; version: number }>;
}

/** Subscribers of a feed and partners with a webhook: healthy ones, and others that are slow, hang, or fail. */
export class Subscribers {
  readonly #server: Server;
  readonly #port: number;
  readonly #journal: Journal;
  readonly #receivers: readonly Receiver[];
  readonly #ending = new AbortController();

  private constructor(server: Server, port: number, journal: Journal, isIll: boolean) {
    this.#server = server;
    this.#port = port;
    this.#journal = journal;
    const receiver = (kind: Receiver['kind']) => (behaviour: Behaviour) => ({
      kind,
      behaviour: isIll ? behaviour : 'healthy',
      feed: '',
      told: new Map(),
    });
    this.#receivers = [...FEED.map(receiver('feed')), ...ARTICLES.map(receiver('articles'))];
  }

  /** @param isIll whether some do not respond as they should */
  static async start(journal: Journal, isIll: boolean): Promise<Subscribers> {
    const [server, port] = [createServer(), await freePort()];
    const subscribers = new Subscribers(server, port, journal, isIll);
    server.on('request', async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://host');
      const challenge = url.searchParams.get('hub.challenge');
      if (challenge !== null) return response.end(challenge);
      const status = await subscribers.#receive(Number(url.pathname.slice(1)), request);
      return response.writeHead(status).end();
    });
    await new Promise<void>((listening) => server.listen(port, '0.0.0.0', listening));
    return subscribers;
  }

  async #receive(number: number, request: IncomingMessage): Promise<number> {
    const receiver = this.#receivers[number];
    if (receiver === undefined) return 404;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The site was killed while it sent.
      return 400;
    }
    const { kind, behaviour } = receiver;
    this.#journal.count(`push of ${kind} to ${behaviour}`);
    if (behaviour === 'slow') await this.#sleep(SLOW_MS);
    if (behaviour === 'hanging') await this.#sleep(HANGING_MS);
    if (behaviour === 'failing' || (behaviour === 'flapping' && Date.now() % 4_000 < 2_000)) return 500;
    // The hub has given up waiting, and may have sent something newer.
    if (behaviour === 'hanging') return 204;
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    if (kind === 'feed') {
      receiver.feed = itemsOf(body as FeedBody);
    } else {
      const { type, data } = body as ArticleEvent;
      const before = receiver.told.get(data.id);
      if (before === undefined || before.version <= data.version) {
        receiver.told.set(data.id, { type, version: data.version });
      }
    }
    return 204;
  }

  async #sleep(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#ending.signal }).catch(() => {});
  }

  /** Sets up the partners' webhooks. Call it before the first publication: they are told of what comes later. */
  async addPartners(site: SoakSite): Promise<void> {
    for (const number of this.#numbersOf('articles')) {
      const path = `/admin/partners/soak-${number}`;
      await expectStatus(201, path, () => site.askAsOperator('PUT', path, { name: `Soak ${number}` }));
      const url = this.#urlOf(number);
      await expectStatus(201, path, () => site.askAsOperator('PUT', `${path}/webhook`, { url }));
    }
  }

  /** Subscribes to the feed, which must exist. Resolves when all are verified: a crash loses a verification. */
  async subscribe(site: SoakSite): Promise<void> {
    for (const number of this.#numbersOf('feed')) await this.#subscribeToFeed(site, number);
    const end = Date.now() + VERIFICATION_MS;
    while (Date.now() < end) {
      const { text } = await answerTo(() => site.askAsOperator('GET', '/admin/subscriptions'));
      const { counts } = JSON.parse(text) as { counts: { subscriptions: number } };
      if (counts.subscriptions === this.#receivers.length) return;
      await sleep(200);
    }
    throw new Error(`Not all subscriptions were verified after ${VERIFICATION_MS / 1_000} s`);
  }

  #numbersOf(kind: Receiver['kind']): number[] {
    return [...this.#receivers.keys()].filter((number) => this.#receivers[number]?.kind === kind);
  }

  #subscribeToFeed(site: SoakSite, number: number): Promise<void> {
    return expectStatus(202, '/hub', () =>
      site.ask('/hub', {
        method: 'POST',
        body: new URLSearchParams({
          'hub.mode': 'subscribe',
          'hub.topic': site.origin + TOPIC,
          'hub.callback': this.#urlOf(number),
        }),
      }),
    );
  }

  #urlOf(number: number): string {
    return `http://127.3.0.${number + 1}:${this.#port}/${number}`;
  }

  /** From now on all are healthy. Those that were suspended are resumed, as docs/push.md describes. */
  async recover(site: SoakSite): Promise<void> {
    for (const receiver of this.#receivers) receiver.behaviour = 'healthy';
    const { text } = await answerTo(() => site.askAsOperator('GET', '/admin/subscriptions'));
    const { subscriptions } = JSON.parse(text) as { subscriptions: { id: string; state: string }[] };
    for (const { id, state } of subscriptions) {
      if (state !== 'suspended') continue;
      this.#journal.count('subscriptions that were suspended');
      await answerTo(() => site.askAsOperator('POST', `/admin/subscriptions/${id}/resume`));
    }
  }

  /**
   * Each must have everything it is owed: the feed as it is now and, unless announcements may have been lost with a local
   * queue, the newest version of each article.
   */
  async check(site: SoakSite, known: readonly ArticleModel[], hasAllArticles: boolean): Promise<void> {
    const { text } = await answerTo(() => site.ask(TOPIC));
    const feed = itemsOf(JSON.parse(text) as FeedBody);
    const end = Date.now() + ARRIVAL_MS;
    const missing = () =>
      [...this.#receivers.entries()].flatMap(([number, receiver]) => {
        if (receiver.kind === 'feed') {
          return receiver.feed === feed ? [] : [`receiver ${number} lacks the newest feed`];
        }
        const lacking = known.filter((article) => !wasTold(article, receiver.told, hasAllArticles));
        if (lacking.length === 0) return [];
        const examples = lacking.slice(0, 5).map(({ id = '', sourceId, version }) => {
          const told = JSON.stringify(receiver.told.get(id));
          return `${sourceId} (${id}) at version ${version}, ${told}`;
        });
        return [`receiver ${number} lacks ${lacking.length} articles: ${examples.join('; ')}`];
      });
    while (missing().length > 0 && Date.now() < end) await sleep(500);
    const problems = missing();
    for (const problem of problems) this.#journal.wrong(problem);
    if (problems.length === 0) return;
    const listed = await answerTo(() => site.askAsOperator('GET', '/admin/subscriptions'));
    this.#journal.wrong(`subscriptions: ${listed.text}`);
  }

  end(): void {
    this.#ending.abort();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Whether a partner knows the newest state of an article. An article that was never public must be unknown to it. */
function wasTold(article: ArticleModel, told: Receiver['told'], hasAllArticles: boolean): boolean {
  const last = told.get(article.id ?? '');
  const expected = article.changeAt(Date.now());
  if (expected === 'none') return last === undefined;
  if (!hasAllArticles) return true;
  // Who never had an article is not told that it is under embargo.
  const isHidden = expected === 'perhaps' || article.statusAt(Date.now()) === 'embargoed';
  if (last === undefined && isHidden) return true;
  const isWithdrawn = last?.type === 'article.withdrawn';
  if (expected === 'upsert') return last?.version === article.version && !isWithdrawn;
  // It is told once: of later versions that nobody sees, it has nothing to drop.
  return isWithdrawn;
}

async function expectStatus(
  status: number,
  what: string,
  ask: () => Promise<Answer | undefined>,
): Promise<void> {
  const answer = await answerTo(ask);
  if (answer.status !== status) throw new Error(`${what}: ${answer.status} ${answer.text}`);
}

const itemsOf = ({ items = [] }: Partial<FeedBody>): string =>
  items.map(({ id, _dateline }) => `${id} ${_dateline.version}`).join('\n');
