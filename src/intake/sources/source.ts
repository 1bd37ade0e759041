import type { Instant } from '../../article/article.ts';
import type { Draft } from '../../article/draft.ts';
import type { Refusal } from '../../problem.ts';

/** What a sender says happened, in Dateline's words. `revisedAt` is absent when the sender gives no time. */
export type SourceEvent =
  | { kind: 'published' | 'updated'; draft: Draft; revisedAt?: Instant }
  | { kind: 'withdrawn'; sourceId: string; revisedAt?: Instant }
  /** An event that means nothing here, such as a new member or a draft. */
  | { kind: 'ignored' };

/** A dialect that publishers' systems speak. */
export interface Source {
  name: string;
  /** Whether a body of this media type (lower case, without parameters) can be in this dialect. */
  accepts(mediaType: string): boolean;
  /** Where in the body the draft's fields stand, for the paths of issues: `data`. */
  draftPath: string;
  read(text: string): SourceEvent | Refusal;
}
