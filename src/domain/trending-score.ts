/** A view counts half after this time, a quarter after twice this time. Milliseconds. */
const HALF_LIFE = 6 * 3_600_000;

/**
 * An article's rank among those being read: score and time in one number, log2(score) + time / half-life. All scores
 * decay at the same rate, so time alone never changes the order of standings: they can be indexed, and the score at any
 * time is exact.
 */
export type Standing = number;

/** The standing after more views at `now`, in milliseconds since the epoch. */
export function standingAfter(before: Standing | undefined, views: number, now: number): Standing {
  const score = before === undefined ? 0 : scoreAt(before, now);
  return Math.log2(score + views) + now / HALF_LIFE;
}

/** The score of a standing at `now`: its views, each halved for every half-life since it was counted. */
export function scoreAt(standing: Standing, now: number): number {
  return 2 ** (standing - now / HALF_LIFE);
}

/** The standing that has this score at `now`. */
export function standingOf(score: number, now: number): Standing {
  return standingAfter(undefined, score, now);
}
