/** The rules of the house (docs/architecture.md) as functions over source texts, so that they can be tried on made-up ones. */
import { posix } from 'node:path';

/** Path from the project's folder (`src/desk/desk.ts`) → text. */
export type Sources = ReadonlyMap<string, string>;

const EVERYTHING = Symbol('everything');

/** Rooms whose code must run anywhere: no HTTP framework, no Cloudflare. Each may import those before it. */
const TEXT = ['locales', 'text'];
const DOMAIN = [...TEXT, 'domain'];
const MARKUP = [...DOMAIN, 'markup'];
const FEEDS = [...MARKUP, 'formats', 'feeds'];
/** What the four rooms on top may import; they never import each other. */
const BELOW_ROUTES = [
  ...FEEDS,
  'store',
  'access',
  'desk/contract',
  'http',
  'bindings.ts',
  'isolate.ts',
  'log.ts',
];

/** What each room, or file directly under src, may import besides itself: the first room that holds it counts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | typeof EVERYTHING>> = {
  locales: [],
  text: ['locales'],
  domain: TEXT,
  markup: DOMAIN,
  dialects: MARKUP,
  normalize: MARKUP,
  formats: DOMAIN,
  feeds: [...DOMAIN, 'formats'],
  store: [...FEEDS, 'isolate.ts', 'log.ts'],
  access: [...DOMAIN, 'store', 'isolate.ts', 'log.ts'],
  desk: [...FEEDS, 'store', 'access', 'log.ts'],
  http: [...FEEDS, 'store', 'access', 'desk/contract', 'bindings.ts', 'log.ts'],
  intake: [...BELOW_ROUTES, 'dialects', 'normalize'],
  edge: BELOW_ROUTES,
  push: BELOW_ROUTES,
  admin: BELOW_ROUTES,
  'isolate.ts': [],
  'log.ts': [],
  'bindings.ts': ['domain', 'store', 'access', 'desk/contract', 'isolate.ts'],
  'app.ts': EVERYTHING,
  'worker.ts': EVERYTHING,
};

const PURE = new Set([...FEEDS, 'dialects', 'normalize']);

/** Everything that goes against the rules, each in one sentence that says which file and what to do. */
export function violations(sources: Sources): string[] {
  return [
    ...[...sources].flatMap(([file, text]) => violationsOf(file, text)),
    ...circlesOfFiles(sources),
    ...circlesOfRooms(sources),
  ];
}

function violationsOf(file: string, text: string): string[] {
  const room = roomOf(file);
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) {
    return [
      `${file} is in an unknown room: add ${room} to MAY_IMPORT in tests/house/rules.ts and to docs/architecture.md.`,
    ];
  }
  return importsOf(text).flatMap((specifier) => {
    const target = resolveImport(file, specifier);
    if (target === undefined) return violationOfPackage(file, room, specifier);
    if (allowed === EVERYTHING || roomOf(target) === room) return [];
    if (allowed.some((each) => target === `src/${each}` || target.startsWith(`src/${each}/`))) return [];
    const list = allowed.length === 0 ? 'nothing' : `only ${allowed.join(', ')}`;
    return [
      `${file} imports ${target}, but ${room} may import ${list}: move what both need into a room below, or pass it in.`,
    ];
  });
}

function violationOfPackage(file: string, room: string, specifier: string): string[] {
  if (specifier.startsWith('node:'))
    return [`${file} imports ${specifier}: src runs in Workers, use what the web platform has.`];
  if (PURE.has(room) && /^(hono|cloudflare:)/.test(specifier))
    return [
      `${file} imports ${specifier}: ${room} is pure, move that code to a room that talks to the platform.`,
    ];
  return [];
}

/** Each circle of files once, as the chain that closes it; type imports count, for they bind two files as well. */
export function circlesOfFiles(sources: Sources): string[] {
  const graph = new Map(
    [...sources].map(([file, text]) => [
      file,
      importsOf(text).flatMap((specifier) => resolveImport(file, specifier) ?? []),
    ]),
  );
  return circles(graph).map(
    (circle) => `${circle} is a circle: move what they share into a file that imports neither.`,
  );
}

/** Each circle of rooms once; the files that tie them are found by the direction rules. */
function circlesOfRooms(sources: Sources): string[] {
  const graph = new Map<string, string[]>();
  for (const [file, text] of sources) {
    const room = roomOf(file);
    const targets = importsOf(text)
      .flatMap((specifier) => resolveImport(file, specifier) ?? [])
      .map(roomOf)
      .filter((target) => target !== room);
    graph.set(room, [...(graph.get(room) ?? []), ...targets]);
  }
  return circles(graph).map(
    (circle) => `${circle} is a circle of rooms: move what they share into a room below both.`,
  );
}

function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (node: string, chain: readonly string[]) => {
    const start = chain.indexOf(node);
    if (start >= 0) {
      found.push([...chain.slice(start), node].join(' → '));
      return;
    }
    if (finished.has(node)) return;
    for (const target of graph.get(node) ?? []) visit(target, [...chain, node]);
    finished.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return found;
}

/** `src/desk/tables/x.ts` → `desk`; `src/app.ts` → `app.ts`. */
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
