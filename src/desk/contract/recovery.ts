/** What the Desk and other rooms tell each other about point-in-time recovery. `jobs/recovery.ts` explains it. */
import type { Instant, Status } from '../../domain/article.ts';
import type { SignatureSettings } from '../../domain/publisher.ts';
import type { SealedSecret, TokenDigest } from '../../store/records.ts';
import type { List } from './lists.ts';

/** The point to go back to: a time in milliseconds since the epoch, or a bookmark of the platform. */
export type RecoveryPoint = { time: number } | { bookmark: string };

/** Why a recovery was not begun. */
export type RecoveryFault =
  /** The platform has no point-in-time recovery. */
  | { fault: 'unsupported' }
  /** The point is not before now, or the platform does not know it. */
  | { fault: 'invalid-point'; problem: string }
  /** Another recovery or an import is running. */
  | { fault: 'busy' };

/** A recovery that was decided, as the journal has it. */
export interface RecoveryPlan {
  id: string;
  /** `preparing` until all pages are there, `done` when nothing is to be done for it any more. */
  state: 'preparing' | 'planned' | 'done';
  requestedAt: Instant;
  /** The requested time, and the platform's bookmark of the point. */
  time?: Instant;
  bookmark: string;
  /** The bookmark of the moment before the recovery. */
  undo?: string;
  /** The highest sequence number that was used before. */
  sequence: number;
  /** How many pages of marks the journal has, those of accounts first. */
  accountPages: number;
  pages: number;
  /**
   * Whether the accounts stay as they were at the point: it undoes a recovery that was never applied, so that those that
   * the Desk has now are of neither time.
   */
  leavesAccounts?: true;
}

/** What was true of an article before the recovery, whatever the Desk then has of it. */
export interface ArticleMark {
  id: string;
  publisher: string;
  sourceId: string;
  version: number;
  sequence: number;
  status: Status;
  changedAt: Instant;
  revisedAt: Instant;
  publishedAt: Instant | null;
  embargoUntil: Instant | null;
  expiresAt: Instant | null;
  publisherWithdrew: boolean;
  operatorWithdrew: boolean;
  withdrawnAt: Instant | null;
  reason: string | null;
  language: string | null;
  /** Whether the Desk had no words of it. */
  isWordless: boolean;
  /** The lists that it was on. */
  lists: List[];
}

/** The credentials that an account had before the recovery, and how signatures were verified. */
export interface AccountMark {
  table: 'publishers' | 'partners';
  id: string;
  credentials: ((SealedSecret | TokenDigest) & { createdAt: Instant; expiresAt?: Instant })[];
  signature?: SignatureSettings;
}

/**
 * Keeps the plan of the latest recovery outside of the Desk's database, where the recovery does not undo it. It must be
 * strongly consistent: the Desk asks it whenever it starts.
 */
export interface RecoveryJournal {
  recoveryPlan(): Promise<RecoveryPlan | undefined>;
  /** Saves the plan. The pages of another plan, and of one that is done, are deleted. */
  saveRecoveryPlan(plan: RecoveryPlan): Promise<void>;
  /** Adds a page of the plan's marks, as JSON. Pages count from 0. */
  addRecoveryPage(page: number, marks: string): Promise<void>;
  recoveryPage(page: number): Promise<string | undefined>;
}

/** What became of the articles that had changed since the point. */
export interface RecoveredArticles {
  /** Compared with the state before the recovery. */
  checked: number;
  /** Withdrawn again, because they were withdrawn before the recovery. */
  withdrawn: number;
  /** Shown as they were at the point. */
  reverted: number;
  /** Unknown at the point: tombstones until their publishers send them again. */
  removed: number;
}

/** What became of publishers or partners; at most 100 ids each. */
export interface RecoveredAccounts {
  /** Deleted after the point, and back without a valid credential. */
  returned: string[];
  /** Created after the point, and gone. */
  lost: string[];
  /** With the credentials of before the recovery instead of those of the point. */
  kept: string[];
}

/** The latest recovery, as the Desk knows it. */
export interface RecoveryProgress {
  id: string;
  /**
   * `planned` until the Desk has restarted, `applying` while it does nothing else, `rebuilding` until KV agrees,
   * `abandoned` when the platform did not go back.
   */
  state: 'planned' | 'applying' | 'rebuilding' | 'done' | 'abandoned';
  requestedAt: Instant;
  time?: Instant;
  bookmark: string;
  undo?: string;
  sequence: number;
  articles: RecoveredArticles;
  publishers: RecoveredAccounts;
  partners: RecoveredAccounts;
  /** When everything of before the recovery was applied, and when KV agreed. */
  appliedAt?: Instant;
  finishedAt?: Instant;
}
