/**
 * `make` with its results kept, for what costs far more to make than to keep: formatters, slugs. At most `most` of
 * them; a full memory begins anew, so that a sender who names everything differently fills nothing up.
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
