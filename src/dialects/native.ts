import * as v from 'valibot';
import { draftSchema, instant, maybe, sourceId, toIssues } from '../domain/draft.ts';
import type { Dialect, DraftEvent } from './dialect.ts';

const article = v.object(
  { type: v.string('must be a string'), timestamp: maybe(instant), data: draftSchema },
  'must be an object with type, timestamp and data',
);

const withdrawal = v.object(
  {
    timestamp: maybe(instant),
    data: v.object({ id: sourceId, updatedAt: maybe(instant) }, 'must be an object with an id'),
  },
  'must be an object',
);

/** Dateline's own payload: `{type, timestamp, data}`, the envelope of Standard Webhooks. */
export const native: Dialect = {
  name: 'native',
  kinds: ['json'],
  // Any other JSON is read as native, so that its sender learns what is missing.
  recognizes: (payload) => payload.kind === 'json',

  read: (payload) => [
    { path: 'data', event: readPayload(payload.kind === 'json' ? payload.value : undefined) },
  ],
};

function readPayload(payload: unknown): DraftEvent {
  const type =
    typeof payload === 'object' && payload !== null && 'type' in payload ? payload.type : undefined;
  switch (type) {
    case 'article.published':
    case 'article.updated': {
      const parsed = v.safeParse(article, payload);
      if (!parsed.success) return invalid(parsed.issues);
      const { data: draft, timestamp } = parsed.output;
      const revisedAt = draft.updatedAt ?? timestamp;
      return {
        kind: type === 'article.published' ? 'published' : 'updated',
        draft,
        ...(revisedAt && { revisedAt }),
      };
    }
    case 'article.withdrawn': {
      const parsed = v.safeParse(withdrawal, payload);
      if (!parsed.success) return invalid(parsed.issues);
      const { data, timestamp } = parsed.output;
      const revisedAt = data.updatedAt ?? timestamp;
      return { kind: 'withdrawn', sourceId: data.id, ...(revisedAt && { revisedAt }) };
    }
    default: {
      if (typeof type === 'string')
        return { kind: 'ignored', why: { path: 'type', message: 'is not an article event' } };
      const parsed = v.safeParse(article, payload);
      return invalid(parsed.issues ?? []);
    }
  }
}

const invalid = (issues: readonly v.BaseIssue<unknown>[]): DraftEvent => ({
  kind: 'refused',
  issues: toIssues(issues),
});
