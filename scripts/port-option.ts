import { isPortFree } from './ports.ts';

const DEFAULT_PORT = 8787;

/**
 * The port of the option `--port`, 8787 by default. Exits with a message that says what to type instead when the value
 * is not a port or the port is in use.
 */
export async function requirePort(given: unknown, command: string): Promise<number> {
  const port = given === undefined ? DEFAULT_PORT : parsePort(String(given));
  if (port === undefined)
    return refuse(`--port must be a whole number from 1 to 65535, not ${String(given)}.`);
  if (await isPortFree(port)) return port;
  return refuse(
    `Port ${port} is in use by another program, perhaps another Dateline.\n` +
      `Choose another port: ${command} -- --port ${(await nextFreePort(port)) ?? 'NUMBER'}`,
  );
}

function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

async function nextFreePort(port: number): Promise<number | undefined> {
  for (let next = port + 1; next <= Math.min(port + 20, 65_535); next += 1) {
    if (await isPortFree(next)) return next;
  }
  return undefined;
}

function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}
