/** The rules of the house (docs/architecture.md) as functions over source texts, so that they can be tried on made-up ones. */
import { posix } from 'node:path';
import { type Argument, type Expression, parseSync, Visitor } from 'oxc-parser';

/** Path from the project's folder (`src/desk/desk.ts`) → text. */
export type Sources = ReadonlyMap<string, string>;

const EVERYTHING = Symbol('everything');

/** Rooms whose code must run anywhere: no HTTP framework, no Cloudflare. Each may import those before it. */
const TEXT = ['memoize.ts', 'locales', 'text'];
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
  locales: ['memoize.ts'],
  text: ['memoize.ts', 'locales'],
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
  'memoize.ts': [],
  'isolate.ts': [],
  'log.ts': [],
  'bindings.ts': ['domain', 'store', 'access', 'desk/contract', 'isolate.ts'],
  'app.ts': EVERYTHING,
  'worker.ts': EVERYTHING,
};

const PURE = new Set([...FEEDS, 'dialects', 'normalize']);

/** Everything that goes against the rules, each in one sentence that says which file and what to do. */
export function violations(sources: Sources): string[] {
  const imports = readImports(sources);
  return [
    ...[...imports].flatMap(([file, found]) => violationsOf(file, found)),
    ...circlesOfFiles(sources),
    ...circlesOfFolders(imports),
  ];
}

function violationsOf(file: string, { specifiers, faults }: Imports): string[] {
  const room = roomOf(file);
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) {
    return [
      `${file} is in an unknown room: add ${room} to MAY_IMPORT in tests/house/rules.ts and to docs/architecture.md.`,
    ];
  }
  const wrong = specifiers.flatMap((specifier) => {
    const target = resolveImport(file, specifier);
    if (target === undefined) return violationOfPackage(file, room, specifier);
    if (!target.startsWith('src/'))
      return [`${file} imports ${target}: src may import only src and packages.`];
    if (allowed === EVERYTHING || roomOf(target) === room) return [];
    if (allowed.some((each) => target === `src/${each}` || target.startsWith(`src/${each}/`))) return [];
    const list = allowed.length === 0 ? 'nothing' : `only ${allowed.join(', ')}`;
    return [
      `${file} imports ${target}, but ${room} may import ${list}: move what both need into a room below, or pass it in.`,
    ];
  });
  return [...faults.map((fault) => `${file}${fault}`), ...wrong];
}

function violationOfPackage(file: string, room: string, specifier: string): string[] {
  if (specifier.startsWith('node:'))
    return [`${file} imports ${specifier}: src runs in Workers, use what the web platform has.`];
  if (/^(?:[/\\#]|(?!cloudflare:)[a-z]+:)/i.test(specifier))
    return [`${file} imports ${specifier}: name files by relative paths, and packages by their names.`];
  if (PURE.has(room) && /^(hono|cloudflare:)/.test(specifier))
    return [
      `${file} imports ${specifier}: ${room} is pure, move that code to a room that talks to the platform.`,
    ];
  return [];
}

/**
 * State at module level, which requests and tests would share: variables that can be assigned again, and collections
 * that begin empty. State belongs to `src/isolate.ts`, caches of pure functions to `src/memoize.ts`.
 */
export function moduleState(sources: Sources): string[] {
  return [...sources].flatMap(([file, text]) => {
    const found = parseSync(file, text, { preserveParens: false }).program.body.flatMap((statement) => {
      const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
      if (declared?.type !== 'VariableDeclaration' || declared.declare) return [];
      const isAssignable = declared.kind === 'let' || declared.kind === 'var';
      return declared.declarations.filter(({ init }) => isAssignable || isEmptyCollection(init));
    });
    return found.map(({ id, start }) => {
      const name = id.type === 'Identifier' ? id.name : 'a pattern';
      return `${file}:${lineAt(text, start)} keeps state in ${name}: move it into the Isolate, or memoize a pure function.`;
    });
  });
}

function isEmptyCollection(init: Expression | null): boolean {
  if (init?.type !== 'NewExpression' || init.arguments.length > 0) return false;
  return init.callee.type === 'Identifier' && /^(?:Weak)?(?:Map|Set)$/.test(init.callee.name);
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Each circle of files once, as the chain that closes it; type imports count, for they bind two files as well. */
export function circlesOfFiles(sources: Sources): string[] {
  const graph = new Map([...readImports(sources)].map(([file, found]) => [file, targetsOf(file, found)]));
  return circles(graph).map(
    (circle) => `${circle.join(' → ')} is a circle: move what they share into a file that imports neither.`,
  );
}

/**
 * The circles within each folder, of its own folders and files: of rooms in src, and of the folders of a room. Circles
 * of files alone are left to `circlesOfFiles`; the files that tie two rooms are found by the direction rules.
 */
function circlesOfFolders(imports: ReadonlyMap<string, Imports>): string[] {
  const graphs = new Map<string, Map<string, Set<string>>>();
  for (const [file, found] of imports) {
    for (const target of targetsOf(file, found)) {
      const fork = forkOf(file, target);
      if (fork === undefined) continue;
      const graph = graphs.get(fork.folder) ?? new Map<string, Set<string>>();
      graphs.set(fork.folder, graph.set(fork.from, (graph.get(fork.from) ?? new Set()).add(fork.to)));
    }
  }
  return [...graphs.values()]
    .flatMap(circles)
    .filter((circle) => circle.some((each) => !imports.has(each)))
    .map((circle) => `${circle.join(' → ')} is a circle of folders: move what they share below both.`);
}

/** The folder where the paths of two files part, and the two entries of it that they are, or are in. */
function forkOf(one: string, other: string): { folder: string; from: string; to: string } | undefined {
  const from = one.split('/');
  const to = other.split('/');
  const at = from.findIndex((segment, index) => segment !== to[index]);
  if (at === -1 || to[at] === undefined) return undefined;
  return {
    folder: from.slice(0, at).join('/'),
    from: from.slice(0, at + 1).join('/'),
    to: to.slice(0, at + 1).join('/'),
  };
}

function circles(graph: ReadonlyMap<string, Iterable<string>>): string[][] {
  const found: string[][] = [];
  const finished = new Set<string>();
  const visit = (node: string, chain: readonly string[]) => {
    const start = chain.indexOf(node);
    if (start >= 0) {
      found.push([...chain.slice(start), node]);
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

function targetsOf(file: string, { specifiers }: Imports): string[] {
  return specifiers.flatMap((specifier) => resolveImport(file, specifier) ?? []);
}

/** The modules that a source text names. */
export interface Imports {
  specifiers: readonly string[];
  /** Each place where they cannot be read, as the rest of a sentence that begins with the file: `:3 …`. */
  faults: readonly string[];
}

const readImports = (sources: Sources): ReadonlyMap<string, Imports> =>
  new Map([...sources].map(([file, text]) => [file, importsOf(text, file)]));

/**
 * Every module a TypeScript text names: by `import`, `import type`, `export … from`, `import()`, the type `import()`,
 * `import … = require()`, `require()` and `declare module`. Only a parser can tell them from words that look like them.
 */
export function importsOf(text: string, file = 'file.ts'): Imports {
  const specifiers: string[] = [];
  const faults: string[] = [];
  const { program, errors } = parseSync(file, text, { preserveParens: false });
  const fault = (start: number, what: string) => faults.push(`:${lineAt(text, start)} ${what}`);
  for (const { message, labels } of errors) fault(labels[0]?.start ?? 0, `cannot be parsed: ${message}`);
  const called = (start: number, specifier: Expression | Argument | undefined) => {
    const literal = literalOf(specifier);
    if (literal === undefined)
      fault(start, 'imports what only running it can tell: name the module in a literal.');
    else specifiers.push(literal);
  };
  const declared = (node: { source: { value: string } | null }) => {
    if (node.source !== null) specifiers.push(node.source.value);
  };
  new Visitor({
    ImportDeclaration: declared,
    ExportNamedDeclaration: declared,
    ExportAllDeclaration: declared,
    TSImportType: declared,
    ImportExpression: ({ start, source }) => called(start, source),
    TSExternalModuleReference: ({ expression }) => specifiers.push(expression.value),
    CallExpression({ start, callee, arguments: [specifier] }) {
      if (callee.type === 'Identifier' && callee.name === 'require') called(start, specifier);
    },
    TSModuleDeclaration({ id }) {
      if (id.type === 'Literal') specifiers.push(id.value);
    },
  }).visit(program);
  return { specifiers, faults };
}

function literalOf(node: Expression | Argument | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node?.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}
