import { Connection } from './http.ts';

/** The result of a load. */
export interface Loaded {
  requests: number;
  milliseconds: number;
  /** The latency of each request, in milliseconds. */
  latencies: number[];
  /** Processor time per request, in milliseconds; absent when it follows from the whole turn. */
  cost?: number;
}

/** Concurrent requests: enough to keep one workerd busy, few enough not to queue. */
const CONNECTIONS = 16;

/**
 * Keeps several connections busy until `next` returns no more requests. Throws on any response other than `status`,
 * because figures of errors are worthless.
 */
export async function load(
  url: URL,
  next: () => Buffer | undefined,
  status: number,
  connections = CONNECTIONS,
): Promise<Loaded> {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)));
  const latencies: number[] = [];
  const started = performance.now();
  const work = async (connection: Connection) => {
    for (let request = next(); request !== undefined; request = next()) {
      const sent = performance.now();
      const answered = await connection.exchange(request);
      if (answered !== status) {
        throw new Error(
          `${request.toString('latin1').split('\r\n', 1)[0]} answered ${answered}, not ${status}`,
        );
      }
      latencies.push(performance.now() - sent);
    }
  };
  try {
    await Promise.all(open.map(work));
  } finally {
    for (const connection of open) connection.close();
  }
  return { requests: latencies.length, milliseconds: performance.now() - started, latencies };
}

/** Repeats the same request for a time. */
export function repeated(request: Buffer, milliseconds: number): () => Buffer | undefined {
  const end = performance.now() + milliseconds;
  return () => (performance.now() < end ? request : undefined);
}

/** Sends each of these requests once. */
export function each(requests: readonly Buffer[]): () => Buffer | undefined {
  const queue = requests.values();
  return () => queue.next().value;
}
