/**
 * Query strings: which parameters an endpoint takes, which ones every endpoint ignores, and how they are read.
 * Parameters are Valibot schemas (`parameters.ts` has the shared ones); nothing else in `src` parses a query string.
 */
import * as v from 'valibot';
import { boundedIssues, type Issue, toIssues } from '../domain/draft.ts';
import { Refusal } from '../domain/refusal.ts';
import { occurrencesOf } from '../text/text.ts';
import { REPEATED } from './request-body.ts';

/** Parameters that mail, social networks, advertisers and scripts append to links and feed URLs. A closed list. */
const TRACKING = new Set([
  '_',
  '_ga',
  '_gl',
  '_hsenc',
  '_hsmi',
  'dclid',
  'fbclid',
  'gad_source',
  'gbraid',
  'gclid',
  'gclsrc',
  'igsh',
  'igshid',
  'li_fat_id',
  'mc_cid',
  'mc_eid',
  'mkt_tok',
  'msclkid',
  'ref',
  'ref_src',
  'srsltid',
  'ttclid',
  'twclid',
  'wbraid',
  'yclid',
]);

/** Whether a parameter only tracks where a link was followed. Every endpoint ignores these. */
export function isTracking(name: string): boolean {
  const lower = name.toLowerCase();
  return lower.startsWith('utm_') || TRACKING.has(lower);
}

/**
 * Removes the tracking parameters of a read, so that caches keep one entry. Returns the same request when it has none.
 * Other parameters keep their bytes and order.
 */
export function withoutTracking(request: Request): Request {
  const { url } = request;
  const start = url.indexOf('?');
  if (start < 0 || (request.method !== 'GET' && request.method !== 'HEAD')) return request;
  // One with too many is refused (`queryReader`).
  if (parameterCount(url) > MAX_PARAMETERS) return request;
  const pairs = url.slice(start + 1).split('&');
  const kept = pairs.filter((pair) => pair !== '' && !isTracking(nameOf(pair)));
  if (kept.length === pairs.length) return request;
  const query = kept.length === 0 ? '' : `?${kept.join('&')}`;
  return new Request(url.slice(0, start) + query, request);
}

/** The most parameters of a query string. Filters take 30 names, and links carry a few tracking parameters. */
const MAX_PARAMETERS = 100;

/** How many parameters a URL has, counted without parsing them. Empty ones count, too. */
function parameterCount(url: string): number {
  const start = url.indexOf('?');
  return start < 0 ? 0 : 1 + occurrencesOf('&', url, start);
}

const nameOf = (pair: string): string => new URLSearchParams(pair).keys().next().value ?? '';

/** An object schema, or a pipe that starts with one: its entries are the parameters. */
export type ParameterSchema = v.GenericSchema & { readonly entries: v.ObjectEntries };

/** How an endpoint reads its query string. */
export interface QueryRules {
  schema: ParameterSchema;
  /** Parameters that are read elsewhere because they carry a credential. */
  credentials: readonly string[];
  /** Whether to ignore unknown parameters: readers' pages do, because links to them carry arbitrary ones. */
  ignoresUnknown: boolean;
  /** Where a parameter that callers may expect here belongs. */
  hint?: string | undefined;
}

/** Whether a parameter may appear several times. */
export function isRepeatable(schema: v.ObjectEntries[string] | undefined): boolean {
  if (schema === undefined) return false;
  const inner = 'wrapped' in schema ? (schema.wrapped as v.GenericSchema) : schema;
  return inner.type === 'array';
}

/** Creates the reader of an endpoint's query string. It returns validated parameters, or a refusal with every issue. */
export function queryReader({ schema, credentials, ignoresUnknown, hint }: QueryRules) {
  const names = Object.keys(schema.entries);
  const known = new Set([...names, ...credentials]);
  const single = new Set([...known].filter((name) => !isRepeatable(schema.entries[name])));
  // Most requests have no query string: their parameters are the defaults, read once.
  let defaults: unknown;
  return (url: string): unknown => {
    if (!url.includes('?')) {
      defaults ??= parse({}, []);
      return defaults;
    }
    const count = parameterCount(url);
    if (count > MAX_PARAMETERS) return new Refusal('invalid-parameters', { issues: [tooMany(count)] });
    const given = new URL(url).searchParams;
    const unknown = new Set(ignoresUnknown ? [] : [...given.keys()].filter((name) => !known.has(name)));
    const issues = [
      ...[...unknown].filter((name) => !isTracking(name)).map(unknownParameter),
      ...[...single].filter((name) => isAmbiguous(given.getAll(name))).map(repeatedParameter),
    ];
    const input = names.flatMap((name) => {
      const values = given.getAll(name);
      const entry = schema.entries[name];
      return values.length === 0 || entry === undefined
        ? []
        : [[name, isRepeatable(entry) ? values : values[0]]];
    });
    return parse(Object.fromEntries(input), issues);
  };

  function parse(input: object, issues: readonly Issue[]): unknown {
    const parsed = v.safeParse(schema, input);
    if (parsed.success && issues.length === 0) return parsed.output;
    const wrong = parsed.success ? [] : toIssues(parsed.issues).map(ofParameter);
    return new Refusal('invalid-parameters', { issues: distinct([...issues, ...wrong]) });
  }

  function unknownParameter(name: string): Issue {
    const parameters = names.length === 0 ? 'this endpoint takes none' : `known: ${names.join(', ')}`;
    return {
      path: name.slice(0, MAX_NAME_LENGTH),
      message: `is not a known parameter; ${parameters}${hint === undefined ? '' : ` (${hint})`}`,
    };
  }
}

/** The same value twice is harmless: links that are put together from parts may repeat it. */
const isAmbiguous = (values: readonly string[]): boolean => new Set(values).size > 1;

const tooMany = (count: number): Issue => ({
  path: 'query',
  message: `must have at most ${MAX_PARAMETERS} parameters; it has ${count}`,
});

const repeatedParameter = (path: string): Issue => ({ path, message: REPEATED });

const MAX_NAME_LENGTH = 100;

/** An issue of one of several values belongs to the parameter; an issue of all together belongs to the query. */
const ofParameter = ({ path, message }: Issue): Issue => ({
  path: path.split('.', 1)[0] || 'query',
  message,
});

const distinct = (issues: readonly Issue[]): Issue[] =>
  boundedIssues([...new Map(issues.map((issue) => [`${issue.path}\n${issue.message}`, issue])).values()]);
