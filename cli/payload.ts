import { createHash } from 'node:crypto';
import type { Draft } from '../src/domain/draft.ts';
import { oneLine } from '../src/text/text.ts';
import type { Entry } from './files.ts';

/** A native payload that is ready to be signed and sent. */
export interface Delivery {
  /** A hash of the payload: the same article sent twice is one delivery. */
  id: string;
  /** Its name in messages. */
  label: string;
  payload: string;
  /** Fields that were left out because they do not fit. */
  dropped?: string[];
}

/** The result for an entry: a delivery, or the reason why there is none. */
export type Outcome = Delivery | { skipped: string } | { refused: string; label: string };

/** The command line's options for an article. */
export interface Overrides {
  id?: string;
  headline?: string;
  section?: string;
  language?: string;
  /** The language of an article that declares none. */
  defaultLanguage?: string;
  /** The time of this revision, if the article has none. */
  revisedAt?: string;
}

/** An entry as a native payload, the same bytes for the same file; or why there is none. */
export function toDelivery(entry: Entry, overrides: Overrides = {}): Outcome {
  if ('payload' in entry) return { ...entry, id: contentDeliveryId(entry.payload) };
  const { event, path } = entry.item;
  switch (event.kind) {
    case 'published':
    case 'updated': {
      const { defaultLanguage, revisedAt = entry.modifiedAt, ...fields } = overrides;
      const draft: Draft = { ...event.draft, ...fields };
      const data = { ...draft, language: draft.language ?? defaultLanguage };
      const timestamp = event.revisedAt ?? revisedAt ?? draft.publishedAt;
      const payload = JSON.stringify({ type: `article.${event.kind}`, timestamp, data });
      const dropped = (event.warnings ?? []).map(({ excerpt }) => excerpt);
      return {
        id: contentDeliveryId(payload),
        label: draft.headline ?? draft.id,
        payload,
        ...(dropped.length > 0 && { dropped }),
      };
    }
    case 'withdrawn': {
      const { sourceId: id, revisedAt: timestamp, ifHeld } = event;
      // A native withdrawal applies even to an article that was never published.
      if (ifHeld) return { skipped: 'not published' };
      const payload = JSON.stringify({ type: 'article.withdrawn', timestamp, data: { id } });
      return { id: contentDeliveryId(payload), label: id, payload };
    }
    case 'ignored':
      return { skipped: oneLine(event.label ?? event.why?.message ?? 'no article') };
    case 'refused': {
      const reasons = event.issues.map((issue) => `${within(path, issue.path)} ${issue.message}`.trim());
      return { refused: reasons.join('; '), label: event.sourceId ?? (path || 'the file') };
    }
  }
}

/** A path of the document as a path of the item at `item`. */
const within = (item: string, path: string): string =>
  path === item ? '' : item !== '' && path.startsWith(`${item}.`) ? path.slice(item.length + 1) : path;

const contentDeliveryId = (payload: string): string =>
  `import_${createHash('sha256').update(payload).digest('hex').slice(0, 32)}`;
