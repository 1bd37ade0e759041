/** Writes a failure to the log as one line of JSON: what failed, of what, and why. `details` hold no secret. */
export function logFailure(message: string, error: unknown, details: object = {}): void {
  console.error(JSON.stringify({ message, ...details, error: String(error) }));
}
