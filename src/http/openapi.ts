/**
 * Writes the route table as an OpenAPI 3.1 document. `npm run openapi` saves it as `src/edge/openapi.json`, which the
 * Worker serves as it is; this file runs only at build time. Schemas with a title become components.
 */
import { type ConversionConfig, toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { tombstoneSchema } from '../domain/article-schema.ts';
import type { Reason } from '../domain/refusal.ts';
import type { Answer, Operation, Tag } from './operation.ts';
import { PROBLEMS, problemType } from './problem.ts';
import { isRepeatable, type ParameterSchema } from './query.ts';
import type { Routes } from './routes.ts';
import { issueSchema } from './schemas.ts';
import { SECURITY } from './security.ts';

/** A piece of the document, or of a JSON Schema. */
type Json = { [name: string]: unknown };

const TAGS: Readonly<Record<Tag, string>> = {
  Publishers: 'Send articles by webhook and follow their deliveries.',
  Partners: 'Pull feeds and articles, or subscribe to them.',
  Readers: 'Pages for people, and sitemaps for search engines.',
  Operator: 'Administer the site. Every request requires the operator’s token.',
  Service: 'Health, readiness and documentation.',
};

const DESCRIPTION = `A serverless news syndication service. It receives articles by webhook and serves them as JSON, feeds (RSS, Atom, JSON Feed, ninjs) and AMP pages.

Errors are \`application/problem+json\` (RFC 9457). Programs can rely on \`type\`; \`detail\` and \`issues\` explain to people how to correct the request. HEAD works wherever GET does. Every response has an \`X-Request-Id\` header.

An unknown query parameter is an error, and so is a parameter that takes one value and is given two different ones; tracking parameters such as \`utm_source\` are ignored.`;

const COMPONENTS = '#/components/schemas/';

/** The document of a route table. Throws when two different schemas have the same title. */
export function openApiDocument(routes: Routes): Json {
  const operations = routes.flatMap(([, methods]) => Object.values(methods));
  const answered = titled([issueSchema, tombstoneSchema, ...operations.flatMap(answeredBy)]);
  const requested = titled(operations.flatMap(requestedBy));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Dateline',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Unlicensed', url: 'https://dateline.example/' },
    },
    servers: [{ url: '/', description: 'This site.' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(
      routes.map(([template, methods]) => [
        template,
        Object.fromEntries(
          Object.entries(methods).map(([method, operation]) => [
            method.toLowerCase(),
            toOperation(operation, { answered, requested }),
          ]),
        ),
      ]),
    ),
    components: {
      schemas: {
        ...(toJsonSchemaDefs(answered, ANSWERED) as Json),
        ...(toJsonSchemaDefs(requested, REQUESTED) as Json),
        ...problems(),
      },
      securitySchemes: SECURITY,
    },
  };
}

function toOperation(
  operation: Operation,
  { answered, requested }: Record<'answered' | 'requested', Named>,
): Json {
  const { id, tag, summary, description, security, path, query } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    // An empty list means that no authentication is required.
    security: (security ?? []).map((name) => ({ [name]: [] })),
    parameters: [
      ...parametersOf('path', path),
      ...parametersOf('query', query),
      ...(operation.conditional === undefined ? [] : CONDITIONS[operation.conditional]),
    ],
    ...requestBodyOf(operation, requested),
    responses: responsesOf(operation, answered),
  };
}

// --- requests

function parametersOf(place: 'path' | 'query', schema: ParameterSchema): Json[] {
  return Object.entries(schema.entries).map(([name, entry]) => {
    const { description, examples, ...json } = toJson(entry as v.GenericSchema, REQUESTED);
    const preset = v.safeParse(entry as v.GenericSchema, undefined);
    return {
      name,
      in: place,
      required: place === 'path' || !isOptional(entry as v.GenericSchema),
      ...(description !== undefined && { description }),
      // The default as a value, not as text in a URL.
      schema: { ...json, ...('default' in json && preset.success && { default: preset.output }) },
      ...(Array.isArray(examples) && { example: examples[0] }),
      ...(isRepeatable(entry) && { style: 'form', explode: true }),
    };
  });
}

const isOptional = ({ type }: v.GenericSchema): boolean => type === 'optional' || type === 'exact_optional';

const requestHeader = (name: string, description: string): Json => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});

const TAG = requestHeader('If-None-Match', 'The `ETag` of the client’s copy; 304 when it is current.');

const COPIES = [
  TAG,
  requestHeader(
    'If-Modified-Since',
    'The `Last-Modified` of the client’s copy; ignored when `If-None-Match` is present.',
  ),
];

const CONDITIONS = {
  tag: [TAG],
  copies: COPIES,
  changes: [
    ...COPIES,
    requestHeader(
      'A-IM',
      '`feed` requests only the entries that are newer than the client’s copy (RFC 3229).',
    ),
  ],
} as const;

function requestBodyOf({ body, rawBody }: Operation, named: Named): Json {
  if (body !== undefined) {
    return { requestBody: { content: { 'application/json': { schema: toJson(body, REQUESTED, named) } } } };
  }
  if (rawBody === undefined) return {};
  const content = Object.entries(rawBody.content).map(([type, schema]) => [
    type,
    { schema: toJson(schema, REQUESTED, named) },
  ]);
  return {
    requestBody: {
      required: true,
      description: rawBody.description,
      content: Object.fromEntries(content),
    },
  };
}

// --- answers

function responsesOf(operation: Operation, named: Named): Json {
  const { answers, conditional } = operation;
  const responses: Record<string, { description: string; headers?: Json; content?: Json }> = {};
  for (const [status, answer] of Object.entries(answers)) {
    responses[status] = toResponse(answer, status === '200' ? conditional : undefined, named);
  }
  if (conditional !== undefined) {
    responses['304'] = { description: 'The client’s copy is current.', headers: VALIDATORS[conditional] };
  }
  if (conditional === 'changes') {
    const { content } = responses['200'] ?? {};
    responses['226'] = {
      description: 'Only the entries that are newer than the client’s copy (RFC 3229).',
      ...(content && { content }),
    };
  }
  for (const [status, reasons] of problemsOf(operation)) {
    const schemas = reasons.map((reason) => ({ $ref: COMPONENTS + problemName(reason) }));
    const titles = reasons.map((reason) => `${PROBLEMS[reason].title}.`).join(' ');
    const { description = titles, content = {}, headers = {} } = responses[status] ?? {};
    const [only, ...others] = schemas;
    const schema = others.length === 0 ? only : { oneOf: schemas };
    responses[status] = {
      description,
      ...members({ ...headers, ...headersOfStatus(status) }),
      content: { ...content, 'application/problem+json': { schema } },
    };
  }
  return responses;
}

function toResponse(
  { description, content, headers }: Answer,
  conditional: Operation['conditional'],
  named: Named,
) {
  return {
    description,
    ...members({
      ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, header(text)])),
      ...(conditional && VALIDATORS[conditional]),
    }),
    ...(content && {
      content: Object.fromEntries(
        Object.entries(content).map(([type, schema]) => [type, { schema: toJson(schema, ANSWERED, named) }]),
      ),
    }),
  };
}

/** `headers`, when there are any. */
const members = (headers: Json): { headers?: Json } => (Object.keys(headers).length === 0 ? {} : { headers });

const header = (description: string): Json => ({ description, schema: { type: 'string' } });

const ETAG = { ETag: header('A weak validator.') };
const WITH_TIME = { ...ETAG, 'Last-Modified': header('When the newest part of the content last changed.') };

const VALIDATORS = { tag: ETAG, copies: WITH_TIME, changes: WITH_TIME } as const;

const headersOfStatus = (status: string): Json =>
  status === '429' || status === '503'
    ? { 'Retry-After': header('Seconds to wait before a retry.') }
    : status === '401'
      ? { 'WWW-Authenticate': header('The authentication schemes, where a header can carry the credential.') }
      : {};

/** The reasons for refusals, by status: those the operation declares, and those that follow from its input. */
function problemsOf(operation: Operation): [status: string, reasons: Reason[]][] {
  const { security, body, problems = [], ignoresUnknown, query } = operation;
  const takesQuery = !ignoresUnknown || Object.keys(query.entries).length > 0;
  const reasons: Reason[] = [
    ...problems,
    ...(takesQuery ? (['invalid-parameters'] as const) : []),
    ...(security ? (['unauthorized'] as const) : []),
    ...(body ? (['malformed', 'request-timeout', 'too-large', 'invalid'] as const) : []),
    'internal',
    'unavailable',
  ];
  const byStatus = Object.groupBy([...new Set(reasons)], (reason) => String(PROBLEMS[reason].status));
  return Object.entries(byStatus).map(([status, of = []]) => [status, of]);
}

const problemName = (reason: Reason): string =>
  `${reason.replaceAll(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase())}Problem`;

/** One component for each reason, so that a client can tell them apart by `type`. */
function problems(): Json {
  return Object.fromEntries(
    Object.entries(PROBLEMS).map(([reason, { status, title }]) => [
      problemName(reason as Reason),
      {
        type: 'object',
        description: `${title}.`,
        properties: {
          type: { const: problemType(reason as Reason) },
          title: { type: 'string', examples: [title] },
          status: { const: status },
          detail: { type: 'string', description: 'How to correct the request.' },
          issues: {
            type: 'array',
            items: { $ref: `${COMPONENTS}Issue` },
            description: 'All errors, each with its path.',
          },
          ...(reason === 'withdrawn' && { tombstone: { $ref: `${COMPONENTS}Tombstone` } }),
        },
        required: ['type', 'title', 'status', ...(reason === 'withdrawn' ? ['tombstone'] : [])],
        additionalProperties: false,
      },
    ]),
  );
}

// --- schemas

type Named = Record<string, v.GenericSchema>;

/** Schemas of requests: unknown members are ignored. */
const REQUESTED: ConversionConfig = {
  target: 'draft-2020-12',
  typeMode: 'output',
  // JSON Schema cannot express checks in code; descriptions and messages explain those.
  errorMode: 'ignore',
  overrideRef: ({ referenceId }) => COMPONENTS + referenceId,
};

/** Schemas of responses: an object has the members of its schema and no others. */
const ANSWERED: ConversionConfig = {
  ...REQUESTED,
  overrideSchema: ({ valibotSchema, jsonSchema }) =>
    valibotSchema.type === 'object' ? { ...jsonSchema, additionalProperties: false } : undefined,
};

function toJson(schema: v.GenericSchema, config: ConversionConfig, named: Named = {}): Json {
  const {
    $schema: _dialect,
    $defs: _components,
    ...json
  } = toJsonSchema(schema, {
    ...config,
    definitions: named,
  }) as Json;
  return json;
}

const requestedBy = ({ body, rawBody }: Operation): v.GenericSchema[] => [
  ...(body ? [body] : []),
  ...Object.values(rawBody?.content ?? {}),
];

const answeredBy = ({ answers }: Operation): v.GenericSchema[] =>
  Object.values(answers).flatMap(({ content = {} }) => Object.values(content));

/** All schemas with a title within these, by title. */
function titled(schemas: readonly v.GenericSchema[]): Named {
  const named: Named = {};
  const seen = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    const schema = node as Partial<{
      kind: string;
      type: string;
      pipe: readonly unknown[];
      entries: object;
      options: readonly unknown[];
      getter: () => unknown;
      item: unknown;
      wrapped: unknown;
    }>;
    if (schema.kind !== 'schema') return;
    const title = v.getTitle(node as v.GenericSchema);
    if (title !== undefined) {
      if (named[title] !== undefined) throw new Error(`two schemas have the title ${title}`);
      named[title] = node as v.GenericSchema;
    }
    if (schema.type === 'lazy') visit(schema.getter?.());
    for (const part of [
      // The first schema of a pipe is the pipe itself, without its title.
      ...(schema.pipe?.slice(1) ?? []),
      ...Object.values(schema.entries ?? {}),
      ...(Array.isArray(schema.options) ? schema.options : []),
      schema.item,
      schema.wrapped,
    ]) {
      visit(part);
    }
  };
  for (const schema of schemas) visit(schema);
  return Object.fromEntries(Object.entries(named).sort(([one], [other]) => (one < other ? -1 : 1)));
}
