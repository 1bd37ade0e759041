/**
 * Every regular expression of `src`, `cli` and `scripts` takes time linear in its input, by the verdict of `recheck`:
 * those written as literals, and those that the code constructs. The verdicts are in `regular-expressions.json`, because
 * some take seconds. `npm run recheck` finds those that are missing there and writes them; without it, a few are found
 * each time.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Expression, parseSync, Visitor } from 'oxc-parser';
import { check } from 'recheck';
import { expect, test } from 'vitest';
import { THOROUGH } from '../thorough.ts';
import type { Constructed } from './constructed-expressions.ts';

const ROOT = join(import.meta.dirname, '../..');
const CACHE = join(import.meta.dirname, 'regular-expressions.json');

/** Enough for the largest, an alternation of the words of all languages. */
const TIMEOUT_MS = 120_000;
/** Without `THOROUGH`: how many missing verdicts are found, and how long each may take. */
const FEW = 20;
const SHORT_TIMEOUT_MS = 10_000;

/** What runs on others' input: the Worker, the command line, and the scripts that people run. */
const files = globSync(['src/**/*.ts', 'cli/**/*.ts', 'scripts/**/*.ts'], { cwd: ROOT });

/** The literals of a file, and the lines where it constructs expressions. */
function expressionsIn(file: string): { literals: Constructed[]; constructs: string[] } {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const siteOf = (offset: number) => `${file}:${text.slice(0, offset).split('\n').length}`;
  const literals: Constructed[] = [];
  const constructs: string[] = [];
  const called = ({ callee, start }: { callee: Expression; start: number }) => {
    if (callee.type === 'Identifier' && callee.name === 'RegExp') constructs.push(siteOf(start));
  };
  new Visitor({
    Literal(node) {
      if (!('regex' in node)) return;
      literals.push({ site: siteOf(node.start), source: node.regex.pattern, flags: node.regex.flags });
    },
    NewExpression: called,
    CallExpression: called,
  }).visit(parseSync(file, text).program);
  return { literals, constructs };
}

const found = files.map(expressionsIn);
const constructed: Constructed[] = JSON.parse(
  execFileSync(process.execPath, [join(import.meta.dirname, 'constructed-expressions.ts')], {
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  }),
);
const expressions = [...found.flatMap(({ literals }) => literals), ...constructed];

const keyOf = ({ source, flags }: Constructed): string =>
  createHash('sha256').update(`/${source}/${flags}`).digest('base64url').slice(0, 16);

test('the literals and constructors are found, and each constructor constructs something', () => {
  expect(expressions.length).toBeGreaterThan(300);
  const sites = new Set(constructed.map(({ site }) => site));
  // Where one is not, constructed-expressions.ts must do what constructs it.
  expect(found.flatMap(({ constructs }) => constructs).filter((site) => !sites.has(site))).toEqual([]);
});

test('every regular expression is linear', async () => {
  const verdicts = new Map<string, string>(Object.entries(JSON.parse(readFileSync(CACHE, 'utf8'))));
  const missing = expressions.filter((each) => !verdicts.has(keyOf(each)));
  for (const each of THOROUGH ? missing : missing.slice(0, FEW)) {
    const timeout = THOROUGH ? TIMEOUT_MS : SHORT_TIMEOUT_MS;
    const result = await check(each.source, each.flags, { timeout });
    verdicts.set(keyOf(each), result.status === 'vulnerable' ? result.complexity.summary : result.status);
  }
  if (THOROUGH) {
    const current = new Set(expressions.map(keyOf));
    const kept = [...verdicts].filter(([key, verdict]) => current.has(key) && verdict !== 'unknown').sort();
    writeFileSync(CACHE, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
  }
  const faults = expressions.flatMap((each) => {
    const verdict = verdicts.get(keyOf(each)) ?? 'not checked yet: npm run recheck';
    return verdict === 'safe' ? [] : [`${each.site} /${each.source}/${each.flags} ${verdict}`];
  });
  expect(faults).toEqual([]);
});
