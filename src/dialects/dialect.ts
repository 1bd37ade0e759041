import type { Instant } from '../domain/article.ts';
import type { Draft, Issue, Warning } from '../domain/draft.ts';
import type { SourceName } from '../domain/publisher.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Payload } from './payload.ts';

/** What a sender says happened to an article, in Dateline's words. `revisedAt` is absent when it gives no time. */
export type SourceEvent =
  | { kind: 'published' | 'updated'; draft: Draft; revisedAt?: Instant; warnings?: Warning[] }
  /** `ifHeld`: only news to a Desk that holds the article, such as a draft of what may have been published. */
  | { kind: 'withdrawn'; sourceId: string; revisedAt?: Instant; ifHeld?: boolean }
  /** An event that means nothing here, such as a new member or a draft. */
  | { kind: 'ignored'; why?: Issue }
  | { kind: 'refused'; issues: Issue[] };

/** One article of a delivery. */
export interface Item {
  /** Where its fields stand in the body, for the paths of issues: `data`, `items.3`. */
  path: string;
  event: SourceEvent;
}

/** A dialect that publishers' systems speak. */
export interface Source {
  name: SourceName;
  /** The kinds of bodies it comes in. */
  kinds: readonly Payload['kind'][];
  /** Whether a delivery of a publisher that names no source is in this dialect. */
  recognizes(payload: Payload): boolean;
  /** Never throws, whatever the body holds. */
  read(payload: Payload): Item[] | Refusal;
}
