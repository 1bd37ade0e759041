/**
 * The API's document as a page for people, rendered by `npm run openapi` as `docs.html` and served as it is: no script, one style sheet, nothing from another host. A viewer in JavaScript
 * would be larger than the Worker, and static assets would put a router before every request.
 */
import { escapeAttribute, escapeText } from '../formats/escape.ts';

interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  const?: unknown;
  enum?: readonly unknown[];
  default?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  description?: string;
  examples?: readonly unknown[];
  deprecated?: boolean;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  oneOf?: readonly Schema[];
  anyOf?: readonly Schema[];
}

type Content = Readonly<Record<string, { schema: Schema }>>;

interface DocumentedOperation {
  operationId: string;
  tags: readonly string[];
  summary: string;
  description?: string;
  security: readonly Readonly<Record<string, readonly string[]>>[];
  parameters: readonly {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema: Schema;
    example?: unknown;
  }[];
  requestBody?: { description?: string; content: Content };
  responses: Readonly<
    Record<string, { description: string; headers?: Readonly<Record<string, Schema>>; content?: Content }>
  >;
}

/** The parts of OpenAPI that `http/openapi.ts` writes and this page shows. */
export interface OpenApi {
  info: { title: string; description: string };
  tags: readonly { name: string; description: string }[];
  paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  components: {
    schemas: Readonly<Record<string, Schema>>;
    securitySchemes: Readonly<Record<string, { description: string; [member: string]: unknown }>>;
  };
}

/** The whole page. */
export function docsPage({ info, tags, paths, components }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    const shown = own.map(({ path, method, operation }) => operationHtml(path, method, operation));
    return `<section id="${escapeAttribute(name)}"><h2>${escapeText(name)}</h2>${prose(description)}${shown.join('')}</section>`;
  });
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escapeAttribute(name)}"><summary><code>${escapeText(name)}</code></summary>${schemaHtml(schema)}</details>`,
  );
  const security = Object.entries(components.securitySchemes).map(
    ([name, scheme]) =>
      `<dt id="security-${escapeAttribute(name)}"><code>${escapeText(name)}</code></dt><dd>${prose(scheme.description)}</dd>`,
  );
  const contents = [...tags.map(({ name }) => name), 'Security', 'Schemas'].map(
    (name) => `<a href="#${escapeAttribute(name)}">${escapeText(name)}</a>`,
  );
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeText(info.title)} API</title><style>${STYLE}</style></head><body>`,
    `<header><h1>${escapeText(info.title)} API</h1>${prose(info.description)}`,
    '<p>For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>',
    `<nav aria-label="Contents">${contents.join(' ')}</nav></header><main>`,
    ...sections,
    `<section id="Security"><h2>Security</h2><dl>${security.join('')}</dl></section>`,
    `<section id="Schemas"><h2>Schemas</h2>${schemas.join('')}</section>`,
    '</main></body></html>',
  ].join('');
}

function operationHtml(path: string, method: string, operation: DocumentedOperation): string {
  const { operationId, summary, description, security, parameters, requestBody, responses } = operation;
  const proofs = security.flatMap((each) => Object.keys(each));
  return [
    `<details class="operation" id="${escapeAttribute(operationId)}">`,
    `<summary><b class="${method.toLowerCase()}">${method}</b> <code>${escapeText(path)}</code> <span>${escapeText(summary)}</span></summary>`,
    description === undefined ? '' : prose(description),
    `<p>Name in generated clients: <code>${escapeText(operationId)}</code>.</p>`,
    proofs.length === 0
      ? ''
      : `<p>Requires one of ${proofs.map((name) => `<a href="#security-${escapeAttribute(name)}">${escapeText(name)}</a>`).join(', ')}.</p>`,
    parameters.length === 0 ? '' : `<h3>Parameters</h3>${parametersHtml(parameters)}`,
    requestBody === undefined
      ? ''
      : `<h3>Body</h3>${prose(requestBody.description ?? '')}${contentHtml(requestBody.content)}`,
    '<h3>Responses</h3><dl>',
    ...Object.entries(responses).map(
      ([status, { description: said, headers = {}, content = {} }]) =>
        `<dt><b>${escapeText(status)}</b> ${escapeText(said)}</dt><dd>${headersHtml(headers)}${contentHtml(content)}</dd>`,
    ),
    '</dl></details>',
  ].join('');
}

function parametersHtml(parameters: DocumentedOperation['parameters']): string {
  const rows = parameters.map(({ name, in: place, required, description = '', schema, example }) => {
    const shown = example === undefined ? '' : ` Example: <code>${value(example)}</code>.`;
    return `<tr><td><code>${escapeText(name)}</code>${required ? ' <i>required</i>' : ''}</td><td>${escapeText(place)}</td><td>${schemaHtml({ ...schema, description: '' })}</td><td>${inline(description)}${shown}</td></tr>`;
  });
  return `<div class="wide"><table><thead><tr><th>Name</th><th>In</th><th>Type</th><th>Description</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const headersHtml = (headers: Readonly<Record<string, Schema>>): string =>
  Object.entries(headers)
    .map(([name, { description = '' }]) => `<p><code>${escapeText(name)}</code>: ${inline(description)}</p>`)
    .join('');

const contentHtml = (content: Content): string =>
  Object.entries(content)
    .map(([type, { schema }]) => {
      const shown = schemaHtml(schema);
      // A paragraph must not contain a list.
      const element = shown.includes('<ul>') ? 'div' : 'p';
      return `<${element}><code>${escapeText(type)}</code>: ${shown}</${element}>`;
    })
    .join('');

function schemaHtml(schema: Schema): string {
  const { $ref, description, oneOf, anyOf, items, properties } = schema;
  const said = description ? ` ${inline(description)}` : '';
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? '';
    return `<a href="#schema-${escapeAttribute(name)}">${escapeText(name)}</a>${said}`;
  }
  const alternatives = oneOf ?? anyOf;
  if (alternatives !== undefined) return `${alternatives.map(schemaHtml).join(' or ')}${said}`;
  if (items !== undefined) return `list of ${schemaHtml(items)}${limits(schema)}${said}`;
  if (properties !== undefined) {
    const members = Object.entries(properties).map(
      ([name, member]) =>
        `<li><code>${escapeText(name)}</code>${schema.required?.includes(name) ? '' : '?'}: ${schemaHtml(member)}</li>`,
    );
    return `object${said}<ul>${members.join('')}</ul>`;
  }
  if (typeof schema.additionalProperties === 'object') {
    return `object of ${schemaHtml(schema.additionalProperties)}${said}`;
  }
  return `${typeOf(schema)}${limits(schema)}${said}`;
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `<code>${value(schema.const)}</code>`;
  if (schema.enum !== undefined) return schema.enum.map((each) => `<code>${value(each)}</code>`).join(' or ');
  return escapeText([schema.type, schema.format].filter(Boolean).join(', '));
}

function limits(schema: Schema): string {
  const { minimum, maximum, minLength, maxLength, maxItems, pattern, default: preset, deprecated } = schema;
  const said = [
    minimum === undefined ? '' : `at least ${minimum}`,
    maximum === undefined ? '' : `at most ${maximum}`,
    minLength === undefined ? '' : `at least ${minLength} characters`,
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
    maxItems === undefined ? '' : `at most ${maxItems}`,
    pattern === undefined ? '' : `matches ${pattern}`,
    preset === undefined || preset === '' ? '' : `default ${value(preset)}`,
    deprecated ? 'deprecated' : '',
  ].filter(Boolean);
  return said.length === 0 ? '' : ` <small>(${escapeText(said.join('; '))})</small>`;
}

const value = (given: unknown): string =>
  escapeText(typeof given === 'string' ? given : JSON.stringify(given));

/** Renders the subset of Markdown that the document uses: paragraphs, code and links. */
const prose = (text: string): string =>
  text
    .split(/\n{2,}/)
    .filter(Boolean)
    .map((paragraph) => `<p>${inline(paragraph)}</p>`)
    .join('');

const inline = (text: string): string =>
  escapeText(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    // The URL must not contain a quotation mark; everything else is escaped already.
    .replaceAll(/\[([^[\]]+)\]\((https:\/\/[^\s()[\]"]+)\)/g, '<a href="$2">$1</a>');

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:0 auto;padding:1rem}
code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
nav a{display:inline-block;padding:.5rem .75rem .5rem 0}
details{border:1px solid #8886;border-radius:.4rem;margin:.5rem 0;padding:0 .75rem}
summary{cursor:pointer;padding:.6rem 0}
summary b{display:inline-block;min-width:4rem}
summary span{display:block}
h2{margin-top:2.5rem}
h3{font-size:1rem;margin:1rem 0 .25rem}
ul{margin:.25rem 0;padding-left:1.25rem}
dd{margin:0 0 .75rem 1rem}
.wide{overflow-x:auto}
table{border-collapse:collapse}
td:first-child code{overflow-wrap:normal}
th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid #8884}`;
