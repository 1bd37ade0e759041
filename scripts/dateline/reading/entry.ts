import type { Found } from '../article.ts';

/** One thing read from a file: an article, a payload that is ready to send, or what was passed over and why. */
export type Entry = { found: Found } | { payload: string; label: string } | { skipped: string };

/** Told how many bytes more were read. */
export type Advance = (bytes: number) => void;
