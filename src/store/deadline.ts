/**
 * What `work` comes to, or an error that names it once it has taken so many milliseconds. Nothing ends the work
 * itself: a KV operation cannot be called back.
 */
export async function within<Result>(
  milliseconds: number,
  name: string,
  work: PromiseLike<Result> | Result,
): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${name} took longer than ${milliseconds / 1_000} s`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
