import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../ports.ts';
import { CHOICES, type Choice } from './choices.ts';
import { disturbUntil, STEP_SECONDS } from './faults.ts';
import { Journal } from './journal.ts';
import { Mirror } from './mirror.ts';
import { Editor, Publisher } from './publishing.ts';
import { Random } from './random.ts';
import { Follower, Reader } from './readers.ts';
import { SoakSite, stateIn } from './site.ts';
import { Subscribers } from './subscribers.ts';
import { Clock, Disk } from './surroundings.ts';
import { verify } from './verify.ts';

const PUBLISHERS = 3;
const EDITORS = 9;
const READERS = 3;

/**
 * How far the clock goes ahead before the check of a run that lost messages. Local queues are in memory, so a crash loses
 * what a real queue keeps: Subscriptions sends it again 15 minutes later. Besides, an article whose time is the receipt
 * of an hour ahead is then no longer in the future.
 */
const REST_SECONDS = STEP_SECONDS + 20 * 60;

interface SoakOptions {
  seed: number;
  minutes: number;
  /** What happens besides publishing and reading. */
  choices?: readonly Choice[];
  tell?: (line: string) => void;
}

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
  /** What this machine could not do or check, and what it lacks for it. */
  omitted: readonly string[];
  /** Problems found; empty on success. */
  problems: readonly string[];
}

/**
 * Runs publishers, an operator, readers, subscribers and a mirror against a local Dateline for `minutes`, disturbs it now
 * and then, and compares everything it then shows with a model. Each actor's choices follow from the seed.
 */
export async function soak({
  seed,
  minutes,
  choices = CHOICES,
  tell = () => {},
}: SoakOptions): Promise<SoakReport> {
  const started = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'dateline-soak-'));
  const clock = new Clock(folder);
  const disk = new Disk(stateIn(folder));
  const clear = async () => {
    disk.end();
    await rm(folder, { recursive: true, force: true });
  };
  const can = (choice: Choice) =>
    choice === 'clock' ? clock.env !== undefined : choice !== 'disk' || disk.isMounted;
  const chosen = choices.filter(can);
  const omitted: string[] = [];
  const omit = (what: string) => {
    omitted.push(what);
    tell(what);
  };
  if (choices.includes('clock') && !can('clock')) omit(`No steps of the clock: ${Clock.NEEDS}`);
  if (choices.includes('disk') && !can('disk')) omit(`No full disk: ${Disk.NEEDS}`);

  const journal = new Journal();
  const site = await SoakSite.start(await freePort(), folder, clock, disk).catch(async (error: unknown) => {
    await clear();
    throw error;
  });
  const subscribers = await Subscribers.start(journal, chosen.includes('slow'));
  try {
    const publishers = Array.from({ length: PUBLISHERS }, (_, n) => new Publisher(site, `soak-${n + 1}`));
    for (const publisher of publishers) await publisher.register();
    const editors = Array.from({ length: EDITORS }, (_, n) => {
      const publisher = publishers[n % PUBLISHERS] as Publisher;
      const random = Random.for(seed, `editor ${n}`);
      return new Editor(`e${n}`, publisher, site, random, journal, chosen.includes('hostile'));
    });
    const readers = Array.from(
      { length: READERS },
      (_, n) => new Reader(site, Random.for(seed, `reader ${n}`), journal),
    );
    const [mirror, follower] = [new Mirror(site, journal), new Follower(site, journal)];

    await subscribers.addPartners(site);
    await editors[0]?.create();
    await subscribers.subscribe(site);
    const began = Date.now();
    const end = began + minutes * 60_000;
    const untilEnd = async (step: () => Promise<unknown>) => {
      while (Date.now() < end) await step();
    };
    const acknowledged = () => editors.flatMap((editor) => editor.acknowledged);
    let [shown, ended] = [0, 0];
    const telling = setInterval(() => {
      for (; ended < site.ends.length; ended += 1) tell(`The runtime ended by itself: ${site.ends[ended]}`);
      for (; shown < journal.problems.length; shown += 1) tell(`problem: ${journal.problems[shown]}`);
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
        disturbUntil(end, site, chosen, Random.for(seed, 'faults'), journal, tell),
      ]);
    } finally {
      clearInterval(telling);
    }

    tell(
      'Comparing articles, pages, feeds, lists, sitemaps, /changes, logs, subscribers and the mirror with the model …',
    );
    // All that can lose a message of the queue, or a receiver's response to one.
    const wasDisturbed = site.kills > 0 || chosen.some((choice) => choice === 'clock' || choice === 'disk');
    const isMissing = wasDisturbed && clock.env === undefined;
    if (isMissing) omit(`Subscribers were not compared: ${Clock.NEEDS}`);
    const kills = site.kills;
    if (wasDisturbed && !isMissing) {
      clock.step(REST_SECONDS);
      await site.crash();
    }
    await subscribers.recover(site);
    // A change after all that happened.
    await editors[0]?.create();
    await verify(
      {
        site,
        articles: editors.flatMap((editor) => editor.articles),
        acknowledged: acknowledged(),
        publishers: publishers.map(({ id }) => id),
        mirror,
        follower,
        subscribers: isMissing ? undefined : subscribers,
        wasDisturbed,
      },
      journal,
    );
    return {
      seconds: Math.round((Date.now() - started) / 1_000),
      articles: editors.reduce((sum, editor) => sum + editor.articles.length, 0),
      acknowledged: acknowledged().length,
      counts: {
        ...journal.counts,
        'runtime ended by itself': site.ends.length,
        'connections reset': site.resets,
      },
      crashes: kills,
      lost: site.lost,
      omitted,
      problems: journal.problems,
    };
  } finally {
    subscribers.end();
    await site.end();
    await clear();
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
