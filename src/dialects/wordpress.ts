import type { Item, Source } from './dialect.ts';
import { articleItem, ignoredItem, isRecord, withdrawalItem, words } from './fields.ts';
import { fromFields, fromRest, type Post } from './wordpress-post.ts';

/** Hooks of WordPress.com that are about posts; `publish_page`, `comment_post` and others are not. */
const POST_HOOKS = ['publish_post', 'save_post', 'post_updated', 'transition_post_status', 'trashed_post'];

/** What webhook plugins put a post into, beside fields of their own. */
const WRAPPERS = ['post', 'data', 'payload'] as const;

/**
 * WordPress: the post object of its REST API (developer.wordpress.org/rest-api/reference/posts), alone, in a list or
 * in a plugin's wrapper; a row of its database (`post_title` …), as other plugins send it; and WordPress.com's
 * form-encoded hook of such fields. None says what happened: the post's status does.
 */
export const wordpress: Source = {
  name: 'wordpress',
  kinds: ['json', 'form'],

  recognizes(payload) {
    if (payload.kind === 'form') return 'hook' in payload.fields || isPost(payload.fields);
    const posts = payload.kind === 'json' ? postsIn(payload.value) : [];
    return posts.length > 0 && posts.every(({ value }) => isPost(value));
  },

  read(payload) {
    if (payload.kind === 'form') {
      const { hook } = payload.fields;
      if (hook !== undefined && !POST_HOOKS.includes(hook)) {
        return [ignoredItem('hook', 'is about no post, and only posts are articles')];
      }
      // The fields a hook sends are ticked one by one: a status that was not is what the hook's name says.
      const implied = hook === 'publish_post' ? { post_status: 'publish' } : {};
      return [readPost('', { ...implied, ...payload.fields })];
    }
    return payload.kind === 'json'
      ? postsIn(payload.value).map(({ path, value }) => readPost(path, value))
      : [];
  },
};

function postsIn(value: unknown): { path: string; value: unknown }[] {
  if (Array.isArray(value)) return value.map((each, index) => ({ path: String(index), value: each }));
  if (isRecord(value) && !isPost(value)) {
    const wrapper = WRAPPERS.find((name) => isRecord(value[name]));
    // A plugin's own fields may say what the post itself does not.
    if (wrapper !== undefined)
      return [{ path: wrapper, value: { ...besides(value), ...(value[wrapper] as object) } }];
  }
  return [{ path: '', value }];
}

/** What plugins know of a post and its database row does not. */
const besides = ({ post_permalink, post_thumbnail }: Record<string, unknown>) => ({
  post_permalink,
  post_thumbnail,
});

function isPost(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (isRow(value)) return true;
  const isRest = 'date_gmt' in value || 'modified_gmt' in value || 'guid' in value;
  return 'id' in value && isRest && ('title' in value || 'status' in value);
}

const isRow = (value: object): boolean => 'ID' in value || 'post_title' in value || 'post_status' in value;

function readPost(path: string, value: unknown): Item {
  if (!isRecord(value))
    return { path, event: { kind: 'refused', issues: [{ path, message: 'must be a post' }] } };
  const post = isRow(value) ? fromFields(value) : fromRest(value);
  if (post.type !== 'post')
    return ignoredItem(path, `is a ${words(post.type)?.slice(0, 50)}, and only posts are articles`);
  switch (post.status) {
    case 'publish':
      // A password makes it a post for a few.
      return post.isProtected
        ? withdrawalItem(path, post.id, post.updatedAt, true)
        : articleItem(path, 'published', fieldsOf(post));
    case 'trash':
      return withdrawalItem(path, post.id, post.updatedAt);
    case 'draft':
    case 'pending':
    case 'private':
    case 'future':
      return withdrawalItem(path, post.id, post.updatedAt, true);
    default:
      return ignoredItem(path, 'is neither published nor taken back');
  }
}

function fieldsOf({ type: _type, status: _status, isProtected: _protected, content, ...post }: Post) {
  return { ...post, body: content && { format: 'html', content } };
}
