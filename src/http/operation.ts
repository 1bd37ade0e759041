/**
 * An operation is one method of one path: its input, its responses and its handler. The schemas here validate requests,
 * type the handler's input, and become `/openapi.json` (`openapi.ts`). The path itself is in the route table of `app.ts`.
 * Begin with `operation`; `src/edge/changes.ts` is a short example.
 */
import * as v from 'valibot';
import type { AppContext } from '../bindings.ts';
import { type Issue, toIssues } from '../domain/draft.ts';
import { type Reason, Refusal } from '../domain/refusal.ts';
import { type ParameterSchema, queryReader } from './query.ts';
import { readJson } from './request-body.ts';
import { queryCredentials, type SecurityName } from './security.ts';

/** Who an operation is for: the sections of `/docs`. */
export type Tag = 'Publishers' | 'Partners' | 'Readers' | 'Operator' | 'Service';

/**
 * Operations that ignore unknown query parameters, because links to pages carry arbitrary ones, and crawlers and monitors
 * append their own. Others refuse them: a misspelt filter must not return more than was requested.
 */
const LENIENT: ReadonlySet<Tag> = new Set(['Readers', 'Service']);

/** One response of an operation. */
export interface Answer {
  description: string;
  /** Schemas of the body by media type; absent for a response without a body. */
  content?: Readonly<Record<string, v.GenericSchema>>;
  /** Headers that a client needs, each with its description. */
  headers?: Readonly<Record<string, string>>;
}

/** A JSON response. */
export const json = (schema: v.GenericSchema, description: string): Answer => ({
  description,
  content: { 'application/json': schema },
});

/** A body that the handler reads, because it verifies or parses it in a special way. Only documented here. */
export interface RawBody {
  description: string;
  content: Readonly<Record<string, v.GenericSchema>>;
}

interface Described {
  /** Unique; the name of the operation in generated clients. */
  id: string;
  tag: Tag;
  /** One line without a full stop. */
  summary: string;
  description?: string;
  /** Alternatives: any one of them is enough. */
  security?: readonly SecurityName[];
  /** Responses by status: success and redirection. */
  answers: Readonly<Record<number, Answer>>;
  /** Reasons for refusals, besides those that follow from parameters, body and security. */
  problems?: readonly Reason[];
  /**
   * Whether a current copy gets a 304: told by its `ETag` alone (`tag`), or also by `Last-Modified` (`copies`). `changes`
   * is for feeds, which can also respond with only newer entries (226).
   */
  conditional?: 'tag' | 'copies' | 'changes';
  /** Documents a body that the handler reads. */
  rawBody?: RawBody;
  /** Added to the issue of an unknown parameter: where it may belong. */
  queryHint?: string;
}

/** An operation as the router and the document use it. */
export interface Operation extends Described {
  path: ParameterSchema;
  query: ParameterSchema;
  body?: v.GenericSchema;
  /** Whether unknown query parameters are ignored. */
  ignoresUnknown: boolean;
  /** Responds to a request. `path` holds the path parameters. */
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
  /** Authenticates the caller, before anything but the path is read. */
  authenticate?: (c: AppContext, path: v.InferOutput<Path>) => Promise<Caller | Refusal>;
  /** Responds to a path with invalid parameters; the default is 404. */
  unmatched?: (c: AppContext, issues: readonly Issue[]) => Answered;
}

/** A validated request. */
interface Input<Path, Query, Body, Caller> {
  path: Path;
  query: Query;
  body: Body;
  caller: Caller;
}

const NOTHING = v.object({});
type Nothing = typeof NOTHING;

/** Defines an operation. Its handler gets the validated query string and body, and must not read them itself. */
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
      const body = definition.body && (await readJson(c, definition.body));
      if (body instanceof Refusal) return body;
      // Each part is the output of its schema, which TypeScript cannot infer from schemas held as values.
      const input = { path: parsed.output, query: parameters, body, caller } as Parameters<typeof handle>[1];
      return handle(c, input);
    },
  };
}

const notFound = (): Refusal => new Refusal('not-found');

/** A schema with its description and example for the document. */
export const described = <Schema extends v.GenericSchema>(
  schema: Schema,
  description: string,
  example?: v.InferOutput<Schema>,
) => v.pipe(schema, v.metadata({ description, ...(example !== undefined && { examples: [example] }) }));
