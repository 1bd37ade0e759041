/** A view counts for half as much after so long, a quarter after twice that. */
const HALF_LIFE = 6 * 3_600_000;

/**
 * Where an article stands among those being read: score and time in one number, log2(score) + time / half-life.
 * All scores halve together, so the order of standings never changes by itself: it can be indexed, and the score at
 * any moment follows exactly.
 */
export type Standing = number;

/** The standing after so many more views at `now`, in milliseconds. */
export function standingAfter(before: Standing | undefined, views: number, now: number): Standing {
  const held = before === undefined ? 0 : scoreAt(before, now);
  return Math.log2(held + views) + now / HALF_LIFE;
}

/** What is left of the views behind a standing at `now`, each halved by every half-life since it was made. */
export function scoreAt(standing: Standing, now: number): number {
  return 2 ** (standing - now / HALF_LIFE);
}

/** The standing that has this score at `now`. */
export function standingOf(score: number, now: number): Standing {
  return standingAfter(undefined, score, now);
}
