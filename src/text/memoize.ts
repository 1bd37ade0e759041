/**
 * Caches the results of `make`, for what costs far more to make than to keep: formatters, slugs. Keeps at most `most`; a
 * full cache starts again from empty, so that a sender who names everything differently fills up no memory.
 *
 * `make` must be a pure function. Then the cache is no state that anything could observe, and may stand at module level
 * while all other state of an isolate belongs to `src/isolate.ts`.
 */
export function memoize<Result>(most: number, make: (key: string) => Result): (key: string) => Result {
  const kept = new Map<string, Result>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    if (kept.size >= most) kept.clear();
    kept.set(key, made);
    return made;
  };
}
