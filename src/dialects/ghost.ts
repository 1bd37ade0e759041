import * as v from 'valibot';
import { articleItem, type Dialect, type Item, ignoredItem, withdrawalItem } from './dialect.ts';
import { id, isRecord, lenient, listOf, names, plainLine, text } from './lenient.ts';

/** The resources that Ghost sends webhooks about. Only posts are articles. */
const RESOURCES = ['post', 'page', 'member', 'tag', 'user', 'site', 'newsletter', 'label'] as const;

/** Ghost sends authors with e-mail address, role and settings; an article needs only name and page. */
const person = v.object({ name: text, url: text });

const post = v.object({
  id,
  title: text,
  html: text,
  plaintext: text,
  status: text,
  visibility: text,
  url: text,
  canonical_url: text,
  custom_excerpt: text,
  feature_image: text,
  feature_image_alt: text,
  feature_image_caption: text,
  published_at: text,
  updated_at: text,
  tags: listOf(v.object({ name: v.string(), visibility: text })),
  authors: listOf(person),
});
type Post = v.InferOutput<typeof post>;

const change = v.object({ current: lenient(post), previous: lenient(post) });

/**
 * Ghost's webhooks (docs.ghost.org, "Webhooks"): `{"post": {"current": {…}, "previous": {…}}}`, without the name of the
 * event. `previous` holds the fields that changed, or the whole post when it was deleted and `current` is empty.
 */
export const ghost: Dialect = {
  name: 'ghost',
  kinds: ['json'],

  recognizes(payload) {
    if (payload.headers.has('X-Ghost-Signature')) return true;
    return payload.kind === 'json' && resourceOf(payload.value) !== undefined;
  },

  read(payload) {
    const value = payload.kind === 'json' ? payload.value : undefined;
    const resource = resourceOf(value);
    if (resource !== 'post') return [ignoredItem(resource ?? '', 'is not a post; only posts are articles')];
    const event = (value as Record<string, unknown>).post as Record<string, unknown>;
    const parsed = v.parse(change, event);
    if (isEmpty(event.current)) return [readDeletion(parsed.previous ?? EMPTY)];
    return [readChange(parsed.current ?? EMPTY, parsed.previous ?? EMPTY, isEmpty(event.previous))];
  },
};

const EMPTY: Post = { tags: [], authors: [] };

const isEmpty = (value: unknown): boolean => !isRecord(value) || Object.keys(value).length === 0;

function resourceOf(value: unknown): (typeof RESOURCES)[number] | undefined {
  if (!isRecord(value)) return undefined;
  return RESOURCES.find((name) => {
    const event = value[name];
    return isRecord(event) && ('current' in event || 'previous' in event);
  });
}

/** Posts sent by e-mail alone have the status `sent`; posts for members or paying readers are not public. */
const isPublic = ({ status, visibility = 'public' }: Pick<Post, 'status' | 'visibility'>): boolean =>
  status === 'published' && visibility === 'public';

function readDeletion({ id: gone, status = 'published', visibility }: Post): Item {
  return isPublic({ status, visibility })
    ? withdrawalItem('post.previous', gone)
    : ignoredItem('post.previous', 'was not a public post when it was deleted');
}

function readChange(current: Post, previous: Post, isNew: boolean): Item {
  const { status = current.status, visibility = current.visibility } = previous;
  const wasPublic = !isNew && isPublic({ status, visibility });
  if (isPublic(current)) {
    return articleItem('post.current', wasPublic ? 'updated' : 'published', fieldsOf(current));
  }
  return wasPublic
    ? withdrawalItem('post.current', current.id, current.updated_at)
    : ignoredItem('post.current', 'is not a public post');
}

function fieldsOf(post: Post): Record<string, unknown> {
  // Ghost's internal tags, whose names begin with #, control its themes.
  const tags = post.tags.filter(
    ({ name, visibility = 'public' }) => visibility === 'public' && name[0] !== '#',
  );
  return {
    id: post.id,
    url: post.canonical_url ?? post.url,
    headline: plainLine(post.title),
    // Ghost fills `excerpt` from the start of the body: only a custom one is a summary.
    summary: plainLine(post.custom_excerpt),
    // Ghost's primary tag is the first of them.
    section: names(tags.map(({ name }) => name))[0],
    tags: names(tags.map(({ name }) => name)),
    authors: post.authors.map(({ name, url }) => ({ name: plainLine(name), url })),
    image: post.feature_image && {
      url: post.feature_image,
      alt: plainLine(post.feature_image_alt),
      caption: plainLine(post.feature_image_caption),
    },
    body: post.html ? { format: 'html', content: post.html } : textBody(post.plaintext),
    publishedAt: post.published_at,
    updatedAt: post.updated_at,
  };
}

const textBody = (content: string | undefined) => content && { format: 'text', content };
