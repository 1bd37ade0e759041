import * as v from 'valibot';
import type { Refusal } from '../domain/refusal.ts';
import {
  articleItem,
  type Dialect,
  type Item,
  ignoredItem,
  type ReadOptions,
  refusedItem,
  tooManyItems,
  withdrawalItem,
} from './dialect.ts';
import { id, isRecord, listOf, names, number, plainLine, text } from './lenient.ts';

/** An object in any version of ninjs, with its names as written. */
type Folded = Readonly<Record<string, unknown>>;

/** Reads an object by its names in lower case: ninjs 1.x and 2.x write them so, 3.x in camel case. */
const folded = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(
    v.record(v.string(), v.unknown()),
    v.transform((value) =>
      Object.fromEntries(Object.entries(value).map(([name, each]) => [name.toLowerCase(), each])),
    ),
    v.object(entries),
  );

const subject = folded({ name: text, rel: text, literal: text, uri: text, role: text });
const piece = folded({ role: text, contenttype: text, value: text });

const newsObject = folded({
  uri: id,
  // Superdesk writes `guid` instead.
  guid: id,
  type: text,
  pubstatus: text,
  language: text,
  headline: text,
  title: text,
  byline: text,
  by: text,
  located: text,
  firstcreated: text,
  versioncreated: text,
  embargoed: text,
  expires: text,
  copyrightnotice: text,
  copyrightholder: text,
  usageterms: text,
  rightsinfo: v.optional(v.fallback(v.optional(folded({ linkedrights: text })), undefined)),
  headlines: listOf(piece),
  descriptions: listOf(piece),
  bodies: listOf(piece),
  subject: listOf(subject),
  subjects: listOf(subject),
  person: listOf(subject),
  people: listOf(subject),
  infosource: listOf(subject),
  infosources: listOf(subject),
});
type NewsObject = v.InferOutput<typeof newsObject>;

/**
 * IPTC ninjs: 1.x (names in lower case, `body_html`, objects of renditions), 2.x (arrays) and 3.x (the same, names in
 * camel case). A text is an article; a composite's associations are articles; pictures and plans are not.
 */
export const ninjs: Dialect = {
  name: 'ninjs',
  kinds: ['json'],

  recognizes(payload) {
    if (payload.kind !== 'json' || !isRecord(payload.value)) return false;
    const keys = new Set(Object.keys(payload.value).map((key) => key.toLowerCase()));
    const typical = [
      'pubstatus',
      'versioncreated',
      'headlines',
      'bodies',
      'representationtype',
      'firstcreated',
    ];
    if (!keys.has('uri') && !keys.has('guid')) return false;
    return typical.some((key) => keys.has(key)) || [...keys].some((key) => key.startsWith('body_'));
  },

  read(payload, options = {}) {
    return payload.kind === 'json' ? readObject('', payload.value, options) : [];
  },
};

function readObject(path: string, value: unknown, options: ReadOptions): Item[] | Refusal {
  if (!isRecord(value)) return [refusedItem(path, 'must be a ninjs news object')];
  const { type = 'text' } = v.parse(newsObject, value);
  if (type === 'text') return [readText(path, value)];
  if (type !== 'composite' && type !== 'package')
    return [ignoredItem(path, `is a ${plainLine(type)?.slice(0, 50)}; only texts are articles`)];
  // Only one level: a package within a package is an archive, not news.
  const texts = links(value, path).flatMap(({ path: at, value: item }) =>
    isRecord(item) && (v.parse(kind, item).type ?? 'text') === 'text' ? [{ at, item }] : [],
  );
  return (
    tooManyItems(texts.length, options) ??
    texts.map(({ at, item }) => ({ ...readText(at, item), source: { part: item } }))
  );
}

const kind = folded({ type: text });

function readText(path: string, value: Folded): Item {
  const found = v.parse(newsObject, value);
  switch (found.pubstatus ?? 'usable') {
    case 'canceled':
    case 'cancelled':
      return withdrawalItem(path, found.uri ?? found.guid, found.versioncreated);
    // "Withheld": not for the public until further notice.
    case 'withheld':
      return withdrawalItem(path, found.uri ?? found.guid, found.versioncreated, true);
    default:
      return articleItem(path, 'published', fieldsOf(found, value));
  }
}

function fieldsOf(found: NewsObject, value: Folded): Record<string, unknown> {
  const subjects = [...found.subject, ...found.subjects];
  const sections = subjects.filter(({ rel }) => rel === 'section').map(({ name }) => name);
  const credit = [...found.infosource, ...found.infosources].find(
    ({ rel, role }) => (role ?? rel) === 'credit',
  );
  const uri = typeof found.uri === 'string' && URL.canParse(found.uri) ? found.uri : undefined;
  return {
    id: found.uri ?? found.guid,
    url: pageOf(value) ?? (uri?.startsWith('http') ? uri : undefined),
    language: found.language,
    headline: plainLine(main(found.headlines)?.value ?? found.headline ?? found.title),
    summary: plainLine(summaryIn(found, value)),
    dateline: plainLine(found.located),
    section: names(sections)[0],
    tags: names(subjects.filter(({ rel }) => rel !== 'section').map(({ name }) => name)),
    authors: authorsOf(found),
    image: leadPicture(value),
    body: bodyIn(found, value),
    credit: plainLine(credit?.name),
    rights: {
      copyright: plainLine(found.copyrightnotice || found.copyrightholder),
      licence: found.rightsinfo?.linkedrights,
      usageTerms: plainLine(found.usageterms),
    },
    publishedAt: found.firstcreated,
    updatedAt: found.versioncreated,
    embargoUntil: found.embargoed,
    expiresAt: found.expires,
  };
}

type Piece = v.InferOutput<typeof piece>;

const main = (pieces: readonly Piece[]): Piece | undefined =>
  pieces.find(({ role }) => role === 'main') ?? pieces[0];

function summaryIn({ descriptions }: NewsObject, value: Folded): string | undefined {
  const given = descriptions.filter(({ role }) => role !== 'correction' && role !== 'caption');
  return (given.find(({ role }) => role === 'summary') ?? given[0])?.value ?? entry(value, /^description_/);
}

/** Markup takes precedence over plain text, and the main body over others. */
function bodyIn({ bodies }: NewsObject, value: Folded) {
  const isMarkup = ({ contenttype }: Piece) => /html/i.test(contenttype ?? '');
  const inList = main(bodies.filter(isMarkup)) ?? main(bodies);
  if (inList?.value) return { format: isMarkup(inList) ? 'html' : 'text', content: inList.value };
  const html = entry(value, /^body_x?html/);
  if (html) return { format: 'html', content: html };
  const plain = entry(value, /^body_text$/) ?? entry(value, /^body_/);
  return plain && { format: 'text', content: plain };
}

/** A value by a pattern of names: in ninjs 1.x, providers choose what follows `body_` and `description_`. */
const entry = (value: Folded, name: RegExp): string | undefined => {
  const found = Object.entries(value).find(
    ([key, each]) => name.test(key.toLowerCase()) && typeof each === 'string',
  );
  return found?.[1] as string | undefined;
};

function authorsOf({ person, people, byline, by }: NewsObject) {
  const written = [...person, ...people].filter(({ rel }) => rel === 'author');
  if (written.length > 0) return written.map(({ name, uri }) => ({ name: plainLine(name), url: uri }));
  const line = plainLine(byline || by)?.replace(/^by\s+/i, '') ?? '';
  return names(line.split(/, | and /i)).map((name) => ({ name }));
}

const pageOf = (value: Folded): string | undefined => {
  const pages = links(value, '', 'renditions')
    .slice(0, MAX_LINKS)
    .filter(({ name }) => name === 'canonical' || name === 'web');
  const [page] = pages.sort((one, other) => String(one.name).localeCompare(String(other.name)));
  return isRecord(page?.value) && typeof page.value.href === 'string' ? page.value.href : undefined;
};

/** The most associations or renditions among which a picture or page is searched. */
const MAX_LINKS = 200;

/** A news object's associations or renditions: in 1.x an object by name, in 2.x and 3.x a list. */
function links(value: Folded, path: string, member: 'associations' | 'renditions' = 'associations') {
  const found = value[member];
  const prefix = path === '' ? member : `${path}.${member}`;
  const entries = Array.isArray(found) ? [...found.entries()] : isRecord(found) ? Object.entries(found) : [];
  return entries.map(([key, each]) => ({
    path: `${prefix}.${key}`,
    name:
      typeof key === 'string' ? key : isRecord(each) && typeof each.name === 'string' ? each.name : undefined,
    value: each as unknown,
  }));
}

const rendition = folded({ href: text, width: number, height: number, mimetype: text, contenttype: text });
const picture = folded({
  type: text,
  headline: text,
  by: text,
  byline: text,
  description_text: text,
  descriptions: listOf(piece),
});

/** The widest picture that a screen needs, in pixels; agencies also send the print original. */
const MAX_WIDTH = 2_048;

/** The first picture among the associations, in the widest rendition made for screens. */
function leadPicture(value: Folded): object | undefined {
  for (const { value: association } of links(value, '').slice(0, MAX_LINKS)) {
    if (!isRecord(association)) continue;
    const found = v.parse(picture, association);
    if (found.type !== 'picture' && found.type !== 'graphic') continue;
    const [best] = links(association, '', 'renditions')
      .slice(0, MAX_LINKS)
      .flatMap(({ value: each }) => {
        const parsed = v.safeParse(rendition, each);
        return parsed.success && parsed.output.href !== undefined ? [parsed.output] : [];
      })
      .sort((one, other) => fitness(other) - fitness(one));
    if (best === undefined) continue;
    const { href: url, width, height } = best;
    const descriptionOf = (role: string) => found.descriptions.find((each) => each.role === role)?.value;
    return {
      ...{ url, width, height },
      caption: plainLine(descriptionOf('caption') ?? found.description_text),
      alt: plainLine(descriptionOf('altText')),
      credit: plainLine(found.by ?? found.byline),
    };
  }
  return undefined;
}

/** Ranks renditions for a screen: the widest within the limit, else the narrowest above it. */
function fitness({ width }: { width?: unknown }): number {
  const pixels = Number(width) || 0;
  return pixels <= MAX_WIDTH ? pixels : -pixels;
}
