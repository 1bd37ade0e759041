import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { freePort } from '../../scripts/ports.ts';

/** A request as the subscriber got it. */
export interface Received {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What it answers: a status with a body or headers; a promise of one is a slow answer. */
export interface Answer {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

type Answering = (request: Received, nth: number) => Answer | Promise<Answer>;

/** A callback of one test: what came to its path, and what it answers to verifications and deliveries. */
export class Callback {
  readonly url: string;
  readonly verifications: Received[] = [];
  readonly deliveries: Received[] = [];
  /** Echoes the challenge unless a test wants otherwise. */
  verifying: Answering = ({ url }) => ({ status: 200, body: url.searchParams.get('hub.challenge') ?? '' });
  receiving: Answering = () => ({ status: 204 });

  constructor(url: string) {
    this.url = url;
  }

  answer(request: Received): Answer | Promise<Answer> {
    return request.method === 'GET'
      ? this.verifying(request, this.verifications.push(request))
      : this.receiving(request, this.deliveries.push(request));
  }
}

/** A subscriber's server on this machine, with as many callbacks as tests need. */
export class Subscriber {
  readonly #server: Server;
  readonly #port: number;
  readonly #callbacks = new Map<string, Callback>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
  }

  /** @param address `0.0.0.0` for a server on every loopback address, each of them a host of its own */
  static async start(address = '127.0.0.1'): Promise<Subscriber> {
    const port = await freePort();
    const server = createServer();
    const subscriber = new Subscriber(server, port);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
      const callback = subscriber.#callbacks.get(url.hostname + url.pathname);
      const received = {
        method: request.method ?? '',
        url,
        headers: request.headers,
        body: Buffer.concat(chunks),
      };
      const { status, body, headers } = (await callback?.answer(received)) ?? { status: 404 };
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((listening) => server.listen(port, address, listening));
    return subscriber;
  }

  callback(name: string, query = '', host = '127.0.0.1'): Callback {
    const callback = new Callback(`http://${host}:${this.#port}/${name}${query}`);
    this.#callbacks.set(`${host}/${name}`, callback);
    return callback;
  }

  end(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
