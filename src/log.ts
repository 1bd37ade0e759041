/** Logs a failure as one line of JSON. `details` must not contain secrets. */
export function logFailure(message: string, error: unknown, details: object = {}): void {
  console.error(JSON.stringify({ message, ...details, error: String(error) }));
}
