/**
 * Validates responses, and the media types of accepted bodies, against `src/edge/openapi.json`. The clients of the tests
 * (`client.ts`, `end-to-end/site.ts`) check every response, and an undocumented one fails its test. Runs in Node: ajv
 * compiles schemas to code, which workerd forbids, so tests inside workerd call it by a service binding
 * (vitest.config.ts).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { SeenAnswer } from './seen.ts';

interface DocumentedAnswer {
  content?: Record<string, object>;
}
type Responses = Record<string, DocumentedAnswer>;
type PathItem = Record<string, { requestBody?: { content: Record<string, object> }; responses: Responses }>;
export interface OpenApi {
  paths: Record<string, PathItem>;
  components: { schemas: Record<string, object> };
}

const PROBLEM = 'application/problem+json';

export const readDocument = (): OpenApi =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../src/edge/openapi.json'), 'utf8'));

/** Validates responses against one document. */
export class Contract {
  readonly #document: OpenApi;
  readonly #ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true, inlineRefs: false }));
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #templates: { template: string; pattern: RegExp }[];

  constructor(document: OpenApi = readDocument()) {
    this.#document = document;
    this.#ajv.addSchema(document, 'openapi');
    // In the order of the route table: the first match responds.
    this.#templates = Object.keys(document.paths).map((template) => ({
      template,
      pattern: new RegExp(
        `^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}${template === '/' ? '' : '/?'}$`,
      ),
    }));
  }

  /** How a response differs from the document; undefined when it is as documented. */
  fault(answer: SeenAnswer): string | undefined {
    const { method, status, type } = answer;
    const path = answer.path.split(/[?#]/, 1)[0] ?? '';
    const template = this.#templates.find(({ pattern }) => pattern.test(path))?.template;
    const item = template === undefined ? undefined : this.#document.paths[template];
    const operation = item?.[method === 'HEAD' ? 'get' : method.toLowerCase()];
    const fault =
      template === undefined || operation === undefined
        ? this.#elsewhere(answer, path, item !== undefined)
        : (undocumentedBody(answer, operation.requestBody?.content) ??
          this.#documented(answer, template, operation.responses));
    return (
      fault && `${method} ${path} (${template ?? 'no route'}) ${status} ${type ?? 'without a type'}: ${fault}`
    );
  }

  /** Checks a response that belongs to no operation: the path does not exist, or not with this method. */
  #elsewhere({ method, status, type, body }: SeenAnswer, path: string, isKnown: boolean): string | undefined {
    // CORS preflight requests are tested in tests/http/cors.test.ts.
    if (method === 'OPTIONS') return undefined;
    const expected = path.startsWith('/admin/') ? [isKnown ? 405 : 404, 401] : [isKnown ? 405 : 404];
    // A path may match Hono's route and not the document's template: then 405 is right although no operation exists.
    if (!expected.includes(status) && !(status === 405 && !isKnown))
      return `expected ${expected.join(' or ')}`;
    if (type?.startsWith('text/html')) return status === 404 ? undefined : 'a page instead of a problem';
    if (essenceOf(type) !== PROBLEM) return `expected ${PROBLEM}`;
    const name = status === 401 ? 'Unauthorized' : status === 404 ? 'NotFound' : 'MethodNotAllowed';
    return body === undefined || body === ''
      ? undefined
      : this.#invalid(`/components/schemas/${name}Problem`, body);
  }

  #documented(
    { method, status, type, body }: SeenAnswer,
    template: string,
    responses: Responses,
  ): string | undefined {
    const documented = responses[status];
    if (documented === undefined)
      return `undocumented status; documented: ${Object.keys(responses).join(', ')}`;
    const { content } = documented;
    if (content === undefined)
      return type === null || status === 304 ? undefined : 'has no content by the document';
    const essence = essenceOf(type);
    if (content[essence] === undefined)
      return `undocumented type; documented: ${Object.keys(content).join(', ')}`;
    if (!isJson(essence) || body === undefined || method === 'HEAD') return undefined;
    const verb = method.toLowerCase();
    return this.#invalid(
      `/paths/${escaped(template)}/${verb}/responses/${status}/content/${escaped(essence)}/schema`,
      body,
    );
  }

  #invalid(pointer: string, body: string): string | undefined {
    const validate = this.#validators.get(pointer) ?? this.#ajv.compile({ $ref: `openapi#${pointer}` });
    this.#validators.set(pointer, validate);
    if (validate(JSON.parse(body))) return undefined;
    const errors = (validate.errors ?? []).slice(0, 8);
    return errors
      .map(
        ({ instancePath, message, params }: ErrorObject) =>
          `${instancePath} ${message} ${JSON.stringify(params)}`,
      )
      .join('; ');
  }
}

/** A body that a route takes must have a media type that the document lists. */
function undocumentedBody({ sent, status }: SeenAnswer, content: object = {}): string | undefined {
  if (sent === undefined || status >= 300 || Object.hasOwn(content, essenceOf(sent).toLowerCase()))
    return undefined;
  return `took an undocumented body of ${sent}; documented: ${Object.keys(content).join(', ') || 'none'}`;
}

const essenceOf = (type: string | null): string => (type ?? '').split(';', 1)[0]?.trim() ?? '';

/** Whether a media type is JSON, so that its body can be validated. */
const isJson = (type: string | null): boolean => /[/+]json$/.test(essenceOf(type));

/** A key in a JSON Pointer within a URI fragment (RFC 6901). */
const escaped = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
