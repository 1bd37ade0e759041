/**
 * `npm run bench:hostile [-- NAME…]`: how the time of reading and normalizing hostile shapes grows with their size.
 * Targets: linear, an exponent of at most 1.2 (the machine's caches and memory cause some growth), and at most two
 * seconds for 1 MiB. Runs the shapes whose name contains a NAME.
 */
import { readPayload } from '../../src/dialects/payload.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { normalize } from '../../src/normalize/normalize.ts';
import { writeReport } from '../report.ts';
import { exponent } from '../statistics.ts';
import { type Growth, growthChart, growthTable } from './growth-chart.ts';
import { SHAPES, type Shape } from './shapes.ts';

const SIZES = [64, 128, 256, 512, 1_024];
const MAX_GROWTH = 1.2;
const MAX_MS = 2_000;
/** As a delivery. */
const MAX_ITEMS = 100;
/** The exponent of times below this is mostly that of the clock and the caches. */
const MIN_MS = 20;
/** Each shape runs at least this long and this often. Once a run takes too long, larger sizes are left out. */
const LONG_ENOUGH_MS = 80;
const RUNS = 3;
const TOO_LONG_MS = 5_000;

const FORMATS: Readonly<Record<Shape['kind'], readonly Growth['format'][]>> = {
  markup: ['html', 'page'],
  text: ['page', 'text'],
  document: ['document'],
};

const wanted = process.argv.slice(2);
const shapes = SHAPES.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const growths: Growth[] = [];
for (const shape of shapes) {
  for (const format of FORMATS[shape.kind]) {
    const growth = await measure(shape, format);
    growths.push(growth);
    print(growth);
  }
}
const missed = growths.filter(isMiss);
console.log(
  missed.length === 0
    ? `aim met: no exponent is above ${MAX_GROWTH}, and no shape takes more than ${MAX_MS} ms`
    : `AIM MISSED: ${missed.map(({ shape, format }) => `${shape} (${format})`).join(', ')}`,
);
if (wanted.length === 0) {
  writeReport('latest', 'hostile', {
    packages: ['htmlparser2', '@mozilla/readability'],
    data: { growths },
    table: growthTable(growths, isMiss),
    chart: growthChart(growths, isMiss),
  });
}

/** Repeats a measurement whose growth is too steep, because a busy machine's caches look the same. */
async function measure(shape: Shape, format: Growth['format']): Promise<Growth> {
  await cheapest(shape, shape.make(16 * 1_024), format);
  let growth = await measureOnce(shape, format);
  for (let again = 0; again < 2 && isMiss(growth) && isWhole(growth); again += 1) {
    growth = await measureOnce(shape, format, growth.points);
  }
  return growth;
}

async function measureOnce(
  shape: Shape,
  format: Growth['format'],
  before: Growth['points'] = [],
): Promise<Growth> {
  const points: Growth['points'] = [];
  for (const [index, size] of SIZES.entries()) {
    const milliseconds = await cheapest(shape, shape.make(size * 1_024), format);
    points.push([size, Math.min(milliseconds, before[index]?.[1] ?? milliseconds)]);
    if (points.length > 1 && milliseconds > TOO_LONG_MS) break;
  }
  return { shape: shape.name, format, points, exponent: exponent(points) };
}

/**
 * The fastest of several runs, in milliseconds of processor time: the unit of a Worker's limit, and the one that a busy
 * machine distorts least.
 */
async function cheapest({ type }: Shape, content: string, format: Growth['format']): Promise<number> {
  const run = format === 'document' ? reading(content, type ?? '') : normalizing(content, format);
  let best = Number.POSITIVE_INFINITY;
  let spent = 0;
  for (let runs = 0; (runs < RUNS || spent < LONG_ENOUGH_MS) && spent < TOO_LONG_MS; runs += 1) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
    spent += (user + system) / 1_000;
  }
  return best;
}

function normalizing(content: string, format: Exclude<Growth['format'], 'document'>): () => Promise<unknown> {
  const draft = {
    id: '1',
    url: 'https://publisher.example/1',
    headline: 'A headline',
    body: { format, content },
  };
  return () => normalize(draft, { id: 'publisher', name: 'Publisher' });
}

function reading(content: string, type: string): () => unknown {
  const body = Uint8Array.from(new TextEncoder().encode(content));
  return () => {
    const payload = readPayload(new Headers({ 'Content-Type': type }), body);
    const dialect = payload instanceof Refusal ? payload : dialectOf(payload, undefined);
    return dialect instanceof Refusal || payload instanceof Refusal
      ? dialect
      : dialect.read(payload, { maxItems: MAX_ITEMS });
  };
}

function isMiss(growth: Growth): boolean {
  const last = growth.points.at(-1)?.[1] ?? 0;
  if (!isWhole(growth) || last > MAX_MS) return true;
  return growth.exponent > MAX_GROWTH && last > MIN_MS;
}

/** Whether it was measured to the largest size. */
function isWhole(growth: Growth): boolean {
  return growth.points.length === SIZES.length;
}

function print(growth: Growth): void {
  const { shape, format, points } = growth;
  const times = points.map(([, milliseconds]) => milliseconds.toFixed(1).padStart(8)).join('');
  const mark = isMiss(growth) ? '  MISS' : '';
  console.log(`${shape.padEnd(32)} ${format}  ${times} ms  exponent ${growth.exponent.toFixed(2)}${mark}`);
}
