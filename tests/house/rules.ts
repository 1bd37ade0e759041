/** The rules of the house (docs/architecture.md) as functions over source texts, so that they can be tried on made-up ones. */
import { posix } from 'node:path';

/** Path from the project's folder (`src/desk/desk.ts`) → text. */
export type Sources = ReadonlyMap<string, string>;

const EVERYTHING = Symbol('everything');
/** Files that belong to no room but serve the top rooms. */
const LEAVES = ['bindings.ts', 'problem.ts', 'log.ts'];

/** What each room, or file directly under src, may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | typeof EVERYTHING>> = {
  article: [],
  normalize: ['article'],
  formats: ['article'],
  store: ['article', 'log.ts'],
  access: ['store', 'article'],
  desk: ['store', 'formats', 'article', 'log.ts'],
  intake: ['normalize', 'desk', 'access', 'store', 'article', ...LEAVES],
  edge: ['desk', 'access', 'store', 'formats', 'article', ...LEAVES],
  push: ['desk', 'access', 'store', 'formats', 'article', ...LEAVES],
  console: ['desk', 'access', 'store', 'formats', 'article', ...LEAVES],
  'log.ts': [],
  'problem.ts': ['article'],
  'bindings.ts': ['desk', 'push', 'access', 'store', 'article'],
  'app.ts': EVERYTHING,
  'worker.ts': EVERYTHING,
};

/** Rooms whose code must run anywhere: no HTTP framework, no Cloudflare. */
const PURE = new Set(['article', 'normalize', 'formats']);
const LONGEST_FILE = 300;
/** One language's words are one idea however many there are. */
const DATA = /\/(languages|strings)\/[a-z]{2}\.ts$/;

/** Everything that goes against the rules, each in one sentence that says which file and what to do. */
export function violations(sources: Sources): string[] {
  return [...[...sources].flatMap(([file, text]) => violationsOf(file, text)), ...circles(sources)];
}

function violationsOf(file: string, text: string): string[] {
  const room = roomOf(file);
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) {
    return [
      `${file} is in a room nobody knows: add ${room} to MAY_IMPORT in tests/house/rules.ts and to the architecture.`,
    ];
  }
  const found: string[] = [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines > LONGEST_FILE && !DATA.test(file)) {
    found.push(
      `${file} has ${lines} lines, more than ${LONGEST_FILE}: give one of its ideas a file of its own.`,
    );
  }
  for (const specifier of importsOf(text)) {
    const target = resolveImport(file, specifier);
    if (target === undefined) {
      if (specifier.startsWith('node:')) {
        found.push(`${file} imports ${specifier}: src runs in Workers, use what the web platform has.`);
      } else if (PURE.has(room) && /^(hono|cloudflare:)/.test(specifier)) {
        found.push(
          `${file} imports ${specifier}: ${room} is pure, move that code to a room that talks to the platform.`,
        );
      }
      continue;
    }
    const targetRoom = roomOf(target);
    if (targetRoom === room || allowed === EVERYTHING || allowed.includes(targetRoom)) continue;
    const list = allowed.length === 0 ? 'nobody' : `only ${allowed.join(', ')}`;
    found.push(
      `${file} imports ${target}, but ${room} may import ${list}: move what both need into a room below, or pass it in.`,
    );
  }
  return found;
}

/** Each circle once, as the chain of files that closes it; type imports count, for they bind two files as well. */
function circles(sources: Sources): string[] {
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, chain: readonly string[]) => {
    const start = chain.indexOf(file);
    if (start >= 0) {
      const circle = [...chain.slice(start), file].join(' → ');
      found.push(`${circle} is a circle: move what they share into a file that imports neither.`);
      return;
    }
    if (finished.has(file)) return;
    for (const specifier of importsOf(sources.get(file) ?? '')) {
      const target = resolveImport(file, specifier);
      if (target !== undefined) visit(target, [...chain, file]);
    }
    finished.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return found;
}

/** `src/desk/sql/x.ts` → `desk`; `src/app.ts` → `app.ts`. */
function roomOf(file: string): string {
  return file.split('/')[1] ?? file;
}

/** The project's file that a relative import names, or undefined for a package. */
function resolveImport(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
}

// A declaration begins its line, which comments and strings that speak of imports do not.
const DECLARED = /^(?:import|export)\b(?:[^'";]*?\bfrom)?\s*['"]([^'"]+)['"]/gm;
const CALLED = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every module a source text names: `import`, `import type`, `export from`, bare `import`, `import()`. */
export function importsOf(text: string): string[] {
  return [DECLARED, CALLED].flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
}
