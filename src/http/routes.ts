/** Puts a table of routes before a Hono app: paths as templates of OpenAPI, one operation for each method. */
import type { Hono } from 'hono';
import type { App, AppContext } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Operation } from './operation.ts';
import { toProblemResponse } from './problem.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Methods = Partial<Record<Method, Operation>>;

/** Path templates such as `/feeds/{kind}/{name}.{format}`, tried in their order. */
export type Routes = readonly (readonly [template: string, methods: Methods])[];

/** Answers every route of the table. HEAD works wherever GET does; any other method gets 405. */
export function mount(app: Pick<Hono<App>, 'all'>, routes: Routes): void {
  // One entry a path: the router tries them one after the other.
  for (const [template, methods] of routes) {
    const { pattern, read } = compile(template);
    app.all(pattern, async (c) => {
      const answered = await answer(c, methods, read);
      return answered instanceof Refusal ? toProblemResponse(answered) : answered;
    });
  }
}

type Read = (parameters: Record<string, string>) => Record<string, string>;

async function answer(c: AppContext, methods: Methods, read: Read): Promise<Response | Refusal> {
  const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
  // What a request names must not find what every object has.
  const operation = Object.hasOwn(methods, method) ? methods[method as Method] : undefined;
  return operation === undefined ? notAllowed(methods) : operation.answer(c, read(c.req.param()));
}

function notAllowed(methods: Methods): Refusal {
  const allowed = Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return new Refusal('method-not-allowed', { headers: { Allow: allowed.join(', ') } });
}

/**
 * A template as Hono's pattern, and what reads the parameters of a match. Hono matches whole segments; one such as
 * `{name}.{format}` is taken apart here, at its last dot, for names may hold others. What does not fit leaves its
 * parameters out, which is for the operation to refuse.
 */
function compile(template: string): { pattern: string; read: Read } {
  const mixed: { key: string; segment: RegExp }[] = [];
  const pattern = template.split('/').map((segment, index) => {
    const whole = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (whole !== undefined) return `:${whole}`;
    if (!segment.includes('{')) return segment;
    const key = `segment${index}`;
    const source = segment
      .split(/\{(\w+)\}/)
      .map((part, at) => (at % 2 === 0 ? part.replaceAll('.', '\\.') : `(?<${part}>.+)`));
    mixed.push({ key, segment: new RegExp(`^${source.join('')}$`, 's') });
    return `:${key}`;
  });
  if (mixed.length === 0) return { pattern: pattern.join('/'), read: (parameters) => parameters };
  return {
    pattern: pattern.join('/'),
    read: (parameters) => {
      const read = { ...parameters };
      for (const { key, segment } of mixed) Object.assign(read, segment.exec(parameters[key] ?? '')?.groups);
      return read;
    },
  };
}
