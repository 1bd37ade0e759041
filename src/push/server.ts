/** The host that a callback is on. `host.com.` is `host.com`, written as a fully qualified name. */
export const hostOf = (callback: string): string => new URL(callback).hostname.replace(/\.$/, '');

/** The host and port that a callback is on. */
export function serverOf(callback: string): string {
  const { port } = new URL(callback);
  return port === '' ? hostOf(callback) : `${hostOf(callback)}:${port}`;
}
