import { native } from './native.ts';
import type { Source } from './source.ts';

/** Every dialect understood, the likeliest first. */
export const SOURCES: readonly Source[] = [native];
