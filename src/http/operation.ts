/**
 * An operation is one method of one path: what it takes, what it answers and what does it. The schemas here validate
 * requests, type the handler's input, and become `/openapi.json` (`openapi.ts`). The path itself stands in the route
 * table of `app.ts`. Begin with `operation`; `src/edge/changes.ts` is a short example.
 */
import * as v from 'valibot';
import type { AppContext } from '../bindings.ts';
import { type Issue, toIssues } from '../domain/draft.ts';
import { type Reason, Refusal } from '../domain/refusal.ts';
import { readJson } from './body.ts';
import { type ParameterSchema, queryReader } from './query.ts';
import { queryCredentials, type SecurityName } from './security.ts';

/** Who an operation is for: the parts of `/docs`. */
export type Tag = 'Publishers' | 'Partners' | 'Readers' | 'Operator' | 'Service';

/**
 * Where unknown query parameters are ignored: pages are linked to with anything behind them, crawlers and monitors
 * append what they like. Elsewhere they are refused, for a misspelt filter must not give more than was asked for.
 */
const LENIENT: ReadonlySet<Tag> = new Set(['Readers', 'Service']);

/** One status that an operation answers with. */
export interface Answer {
  description: string;
  /** Schemas of the body by media type; none for an answer without a body. */
  content?: Readonly<Record<string, v.GenericSchema>>;
  /** Headers that a client needs, with what each says. */
  headers?: Readonly<Record<string, string>>;
}

/** A JSON answer. */
export const json = (schema: v.GenericSchema, description: string): Answer => ({
  description,
  content: { 'application/json': schema },
});

/** A body that the handler reads by itself, for it is verified or parsed in its own way; documented only. */
export interface RawBody {
  description: string;
  content: Readonly<Record<string, v.GenericSchema>>;
}

interface Described {
  /** Unique; the name of the call in generated clients. */
  id: string;
  tag: Tag;
  /** One line without a full stop. */
  summary: string;
  description?: string;
  /** Alternatives: any one of them will do. */
  security?: readonly SecurityName[];
  /** Statuses of success, and redirections. */
  answers: Readonly<Record<number, Answer>>;
  /** Why it may be refused, beyond what its parameters, body and security bring with them. */
  problems?: readonly Reason[];
  /** Whether an unchanged copy is answered with 304; `changes` for feeds, which also answer with what is new. */
  conditional?: 'copies' | 'changes';
  /** Documents the body of a call whose handler reads it. */
  rawBody?: RawBody;
  /** Said with an unknown parameter: where it may belong. */
  queryHint?: string;
}

/** What an operation is, for the router and for the document. */
export interface Operation extends Described {
  path: ParameterSchema;
  query: ParameterSchema;
  body?: v.GenericSchema;
  /** Whether query parameters that it does not know are ignored. */
  ignoresUnknown: boolean;
  /** Answers a request whose path's parameters are `path`. */
  answer(c: AppContext, path: Record<string, string>): Promise<Response | Refusal>;
}

type Answered = Response | Refusal | Promise<Response | Refusal>;

interface Definition<
  Path extends ParameterSchema,
  Query extends ParameterSchema,
  Body extends v.GenericSchema,
  Caller,
> extends Described {
  path?: Path;
  query?: Query;
  /** A JSON body of at most 64 KiB. */
  body?: Body;
  /** Says who calls, before anything but the path is looked at. */
  authenticate?: (c: AppContext, path: v.InferOutput<Path>) => Promise<Caller | Refusal>;
  /** Answers a path whose parameters do not fit; 404 unless said otherwise. */
  unmatched?: (c: AppContext, issues: readonly Issue[]) => Answered;
}

/** A request, validated. */
interface Input<Path, Query, Body, Caller> {
  path: Path;
  query: Query;
  body: Body;
  caller: Caller;
}

const NOTHING = v.object({});
type Nothing = typeof NOTHING;

/** Defines an operation. Its handler is given a validated request and nothing else of the query string or body. */
export function operation<
  Path extends ParameterSchema = Nothing,
  Query extends ParameterSchema = Nothing,
  Body extends v.GenericSchema = v.UndefinedSchema<undefined>,
  Caller = undefined,
>(
  definition: Definition<Path, Query, Body, Caller>,
  handle: (
    c: AppContext,
    input: Input<v.InferOutput<Path>, v.InferOutput<Query>, v.InferOutput<Body>, Caller>,
  ) => Answered,
): Operation {
  const { authenticate, unmatched = notFound, path = NOTHING, query = NOTHING, ...described } = definition;
  const ignoresUnknown = LENIENT.has(definition.tag);
  const readQuery = queryReader({
    schema: query,
    credentials: queryCredentials(definition.security),
    ignoresUnknown,
    hint: definition.queryHint,
  });
  return {
    ...described,
    path,
    query,
    ignoresUnknown,
    async answer(c, given) {
      const parsed = v.safeParse(path, given);
      if (!parsed.success) return unmatched(c, toIssues(parsed.issues));
      const caller = await authenticate?.(c, parsed.output);
      if (caller instanceof Refusal) return caller;
      const parameters = readQuery(c.req.url);
      if (parameters instanceof Refusal) return parameters;
      const body = definition.body && (await readJson(c.req.raw, definition.body));
      if (body instanceof Refusal) return body;
      // Each part is the output of its schema, which the types of schemas held as values do not say.
      const input = { path: parsed.output, query: parameters, body, caller } as Parameters<typeof handle>[1];
      return handle(c, input);
    },
  };
}

const notFound = (): Refusal => new Refusal('not-found');

/** A schema with what the document says of it. */
export const described = <Schema extends v.GenericSchema>(
  schema: Schema,
  description: string,
  example?: v.InferOutput<Schema>,
) => v.pipe(schema, v.metadata({ description, ...(example !== undefined && { examples: [example] }) }));
