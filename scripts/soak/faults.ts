import { setTimeout as sleep } from 'node:timers/promises';
import type { Choice } from './choices.ts';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';
import type { SoakSite } from './site.ts';

/** Seconds between the end of one fault and the next. */
const BETWEEN = [5, 15] as const;

/** By how many seconds the clock steps. */
export const STEP_SECONDS = 3_600;

interface Fault {
  choice: Choice;
  name: string;
  /** How often it is drawn, in proportion to the others. */
  weight: number;
  run: (site: SoakSite, random: Random) => Promise<void>;
}

/** A crash comes first, so that a short run has one. */
const FAULTS: readonly Fault[] = [
  { choice: 'crash', name: 'SIGKILL', weight: 6, run: (site) => site.crash() },
  {
    choice: 'kv',
    name: 'some keys lost',
    weight: 3,
    run: async (site, random) => site.lose((await site.keys()).filter(() => random.chance(0.2))),
  },
  { choice: 'kv', name: 'all keys lost', weight: 1, run: async (site) => site.lose(await site.keys()) },
  { choice: 'kv', name: 'SIGKILL, KV lost', weight: 2, run: (site) => site.crashWithoutKv() },
  {
    choice: 'clock',
    name: 'clock ahead',
    weight: 2,
    run: (site, random) => step(site, random, STEP_SECONDS),
  },
  {
    choice: 'clock',
    name: 'clock behind',
    weight: 2,
    run: (site, random) => step(site, random, -STEP_SECONDS),
  },
  { choice: 'disk', name: 'disk full', weight: 2, run: fillDisk },
];

/**
 * There and back: each is a step under the running site. Sometimes it is also killed between them, or afterwards; always
 * after it was ahead: in workerd, the clock and the timers of a running Durable Object stand still after a step back, until
 * the time catches up.
 */
async function step(site: SoakSite, random: Random, seconds: number): Promise<void> {
  site.unsettle();
  site.clock.step(seconds);
  if (random.chance(0.3)) await site.crash();
  await sleep(random.between(1_000, 6_000));
  site.unsettle();
  site.clock.step(0);
  if (seconds > 0 || random.chance(0.5)) await site.crash();
}

async function fillDisk(site: SoakSite, random: Random): Promise<void> {
  site.unsettle();
  await site.disk.fill();
  await sleep(random.between(500, 3_000));
  site.disk.empty();
  site.unsettle();
  if (random.chance(0.3)) await site.crash();
}

/** Disturbs the site until `end`: first with each fault of the choices once, then with random ones. */
export async function disturbUntil(
  end: number,
  site: SoakSite,
  choices: readonly Choice[],
  random: Random,
  journal: Journal,
  tell: (line: string) => void,
): Promise<void> {
  const faults = FAULTS.filter(({ choice }) => choices.includes(choice));
  const weights = Object.fromEntries(faults.map(({ name, weight }) => [name, weight]));
  const [first, ...others] = faults;
  if (first === undefined) return;
  const round = [first, ...random.shuffled(others)].values();
  const midst = (end - Date.now()) * (0.2 + random.next() * 0.3);
  let pause = Math.min(midst, random.between(...BETWEEN) * 1_000);
  for (;;) {
    await sleep(Math.max(0, Math.min(pause, end - Date.now())));
    if (Date.now() >= end) return;
    const name = random.weighted(weights);
    const fault = round.next().value ?? faults.find((each) => each.name === name) ?? first;
    tell(fault.name);
    journal.count(`fault: ${fault.name}`);
    await fault.run(site, random);
    pause = random.between(...BETWEEN) * 1_000;
  }
}
