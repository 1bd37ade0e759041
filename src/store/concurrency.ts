/** A Worker may have six connections open at once; more work would only wait. */
export const MAX_CONNECTIONS = 6;

/** The results of works, once all have ended: none still runs when this throws. @throws what the first that failed threw */
export async function allEnded<Result>(works: readonly Promise<Result>[]): Promise<Result[]> {
  const ended = await Promise.allSettled(works);
  return ended.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

/** Does work for each item in order, for `MAX_CONNECTIONS` at once. @throws as `allEnded` does */
export async function forEachInParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await allEnded(Array.from({ length: MAX_CONNECTIONS }, worker));
}

/** Waits for work, but at most for some time. Leaves no timer behind, which would keep a Durable Object from sleeping. */
export async function endOrPause(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const pause = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, pause]);
  clearTimeout(timer);
}
