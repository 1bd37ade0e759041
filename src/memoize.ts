/**
 * The caches that may be at module level: of pure functions, whose results depend on nothing but the key and data that
 * does not change. Such a cache is not observable. All other state of an isolate belongs to `isolate.ts`.
 */

/**
 * Caches the results of `make`, for values that are expensive to create, such as formatters and slugs. Keeps at most `max`
 * results; a full cache is cleared, so that inputs from outside cannot fill the memory.
 *
 * @param make a pure function
 */
export function memoize<Result>(max: number, make: (key: string) => Result): (key: string) => Result {
  const cache = new Map<string, Result>();
  return (key) => {
    const cached = cache.get(key);
    if (cached !== undefined || cache.has(key)) return cached as Result;
    const result = make(key);
    if (cache.size >= max) cache.clear();
    cache.set(key, result);
    return result;
  };
}

/**
 * Caches the results of `make` for objects, each for as long as its object is in use.
 *
 * @param make a pure function of an object that does not change
 */
export function memoizeByObject<Key extends object, Result>(
  make: (key: Key) => Result,
): (key: Key) => Result {
  const cache = new WeakMap<Key, Result>();
  return (key) => {
    const cached = cache.get(key);
    if (cached !== undefined || cache.has(key)) return cached as Result;
    const result = make(key);
    cache.set(key, result);
    return result;
  };
}
