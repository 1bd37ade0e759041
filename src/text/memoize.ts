/**
 * Caches the results of `make`, for values that are expensive to create, such as formatters and slugs. Keeps at most `max`
 * results; a full cache is cleared, so that inputs from outside cannot fill the memory.
 *
 * `make` must be a pure function. Then the cache is not observable state and may be at module level, while all other state
 * of an isolate belongs to `src/isolate.ts`.
 */
export function memoize<Result>(max: number, make: (key: string) => Result): (key: string) => Result {
  const cache = new Map<string, Result>();
  return (key) => {
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const result = make(key);
    if (cache.size >= max) cache.clear();
    cache.set(key, result);
    return result;
  };
}
