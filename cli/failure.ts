/** What keeps a command from its work, in words that say what to do next. */
export class Failure extends Error {}

/** The site could not be reached, or not now: the same may succeed a little later. */
export class Unreachable extends Failure {}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
