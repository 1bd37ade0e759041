/** The harmonic mean of precision and recall over words, each counted as often as it occurs. */
export function wordF1(got: string, wanted: string): number {
  const [have, want] = [count(got), count(wanted)];
  let shared = 0;
  for (const [word, times] of have) shared += Math.min(times, want.get(word) ?? 0);
  const total = (words: Map<string, number>) => [...words.values()].reduce((sum, each) => sum + each, 0);
  return (2 * shared) / (total(have) + total(want) || 1);
}

function count(text: string): Map<string, number> {
  const words = new Map<string, number>();
  for (const word of text.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])
    words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}
