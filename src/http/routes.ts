/** Adds a table of routes to a Hono app. Paths are OpenAPI templates, with one operation for each method. */
import type { Hono } from 'hono';
import type { App, AppContext } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Operation } from './operation.ts';
import { toProblemResponse } from './problem.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Methods = Partial<Record<Method, Operation>>;

/** Path templates such as `/feeds/{kind}/{name}.{format}`, tried in their order. */
export type Routes = readonly (readonly [template: string, methods: Methods])[];

/** Mounts every route of the table. HEAD works wherever GET does; any other method gets 405. */
export function mount(app: Pick<Hono<App>, 'all'>, routes: Routes): void {
  // One entry per path, because the router tries entries one after the other.
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
  // `hasOwn`: the method of a request must not find members that every object has, such as `constructor`.
  const operation = Object.hasOwn(methods, method) ? methods[method as Method] : undefined;
  return operation === undefined ? notAllowed(methods) : operation.answer(c, read(c.req.param()));
}

function notAllowed(methods: Methods): Refusal {
  const allowed = Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return new Refusal('method-not-allowed', { headers: { Allow: allowed.join(', ') } });
}

/**
 * Compiles a template to Hono's pattern and a reader of its parameters. Hono matches whole segments. A segment such as
 * `{name}.{format}` is split here at its last dot, because names may contain dots. When it does not match, its
 * parameters are absent and the operation refuses the path.
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
