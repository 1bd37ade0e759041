import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../ports.ts';
import { Journal } from './journal.ts';
import { Mirror } from './mirror.ts';
import { Editor, Publisher } from './publishing.ts';
import { Random } from './random.ts';
import { Follower, Reader } from './readers.ts';
import { SoakSite } from './site.ts';
import { verify } from './verify.ts';

const PUBLISHERS = 3;
const EDITORS = 9;
const READERS = 3;

/** Seconds between one crash and the next. */
const BETWEEN_CRASHES = [5, 15] as const;

export interface SoakReport {
  seconds: number;
  articles: number;
  /** Deliveries that got a 2xx response. */
  acknowledged: number;
  /** Counts of actions and responses. */
  counts: Readonly<Record<string, number>>;
  crashes: number;
  /** Requests whose response was lost in a crash. */
  lost: number;
  /** Problems found; empty on success. */
  problems: readonly string[];
}

/**
 * Runs publishers, an operator, readers and a mirror against a local Dateline for `minutes`, kills it now and then, and
 * compares everything it then shows with a model. Each actor's choices follow from the seed.
 */
export async function soak(seed: number, minutes: number, tell: (line: string) => void): Promise<SoakReport> {
  const started = Date.now();
  const site = await SoakSite.start(await freePort(), await mkdtemp(join(tmpdir(), 'dateline-soak-')));
  try {
    const journal = new Journal();
    const publishers = Array.from({ length: PUBLISHERS }, (_, n) => new Publisher(site, `soak-${n + 1}`));
    for (const publisher of publishers) await publisher.register();
    const editors = Array.from({ length: EDITORS }, (_, n) => {
      const publisher = publishers[n % PUBLISHERS] as Publisher;
      return new Editor(`e${n}`, publisher, site, Random.for(seed, `editor ${n}`), journal);
    });
    const readers = Array.from(
      { length: READERS },
      (_, n) => new Reader(site, Random.for(seed, `reader ${n}`), journal),
    );
    const [mirror, follower] = [new Mirror(site, journal), new Follower(site, journal)];

    const began = Date.now();
    const end = began + minutes * 60_000;
    const untilEnd = async (step: () => Promise<unknown>) => {
      while (Date.now() < end) await step();
    };
    const acknowledged = () => editors.flatMap((editor) => editor.acknowledged);
    const telling = setInterval(() => {
      const { problems = 0 } = journal.counts;
      const passed = Math.round((Date.now() - began) / 1_000);
      tell(`${passed} s: ${acknowledged().length} deliveries, ${site.kills} crashes, ${problems} problems`);
    }, 10_000);
    try {
      await Promise.all([
        ...editors.map((editor) => untilEnd(() => editor.step())),
        ...readers.map((reader) => untilEnd(() => reader.step())),
        untilEnd(() => Promise.all([follower.step(), sleep(200)])),
        untilEnd(() => Promise.all([mirror.step(), sleep(200)])),
        rotateUntil(end, publishers, Random.for(seed, 'operator'), journal),
        crashUntil(end, site, Random.for(seed, 'crashes'), tell),
      ]);
    } finally {
      clearInterval(telling);
    }
    tell('Holding articles, pages, feeds, /changes, the delivery logs and the mirror against the model …');
    const articles = editors.flatMap((editor) => editor.articles);
    const names = publishers.map(({ id }) => id);
    await verify(
      { site, articles, acknowledged: acknowledged(), publishers: names, mirror, follower },
      journal,
    );
    return {
      seconds: Math.round((Date.now() - started) / 1_000),
      articles: articles.length,
      acknowledged: acknowledged().length,
      counts: journal.counts,
      crashes: site.kills,
      lost: site.lost,
      problems: journal.problems,
    };
  } finally {
    await site.end();
  }
}

async function rotateUntil(
  end: number,
  publishers: readonly Publisher[],
  random: Random,
  journal: Journal,
): Promise<void> {
  for (;;) {
    await sleep(random.between(3_000, 9_000));
    if (Date.now() >= end) return;
    journal.count('rotate');
    await random.pick(publishers).rotate(random.chance(0.3) ? 0 : 3_600);
  }
}

/** A short run has one crash in the middle, a longer one many. */
async function crashUntil(
  end: number,
  site: SoakSite,
  random: Random,
  tell: (line: string) => void,
): Promise<void> {
  const midst = (end - Date.now()) * (0.3 + random.next() * 0.3);
  let pause = Math.min(midst, random.between(...BETWEEN_CRASHES) * 1_000);
  for (;;) {
    await sleep(pause);
    if (Date.now() >= end) return;
    tell('SIGKILL');
    await site.crash();
    pause = random.between(...BETWEEN_CRASHES) * 1_000;
  }
}
