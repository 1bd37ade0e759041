import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The headers of a typical reader. */
const HEADERS = { Host: 'news.example', 'Accept-Encoding': 'gzip' };

/** A request as it goes over the wire (RFC 9112). */
export function wireRequest(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Buffer {
  const content = Buffer.from(body ?? '');
  const all = {
    ...HEADERS,
    ...headers,
    ...(body !== undefined && { 'Content-Length': String(content.length) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), content]);
}

/**
 * A keep-alive connection that sends one request after the other. It reads only a response's status and its end, to
 * leave the processor to the server: `fetch` in Node takes several times as long.
 */
export class Connection {
  readonly #socket: Socket;
  #waiting: { resolve(status: number): void; reject(error: Error): void } | undefined;
  #answer = new Answer();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('The connection closed.')));
  }

  static async open(url: URL): Promise<Connection> {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** Whether no request can be sent: a server closes idle connections (workerd after five seconds). */
  get closed(): boolean {
    return !this.#socket.writable;
  }

  /** Sends a request; resolves with the response's status once all of it has arrived. */
  exchange(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new Error('The connection closed.'));
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#answer.read(chunk);
    if (!this.#answer.ended) return;
    const { status } = this.#answer;
    this.#answer = new Answer();
    this.#waiting?.resolve(status);
  }
}

const HEAD_END = '\r\n\r\n';

/** A response that is arriving. Its head gives its length, or it comes in chunks (RFC 9112 section 6). */
export class Answer {
  status = 0;
  ended = false;
  #head: Buffer = Buffer.alloc(0);
  #chunked = false;
  /** Bytes of the body, or of the current chunk with its line end, that have not arrived yet. */
  #left = 0;
  #isLastChunk = false;
  #sizeLine = '';

  read(bytes: Buffer): void {
    const body = this.status === 0 ? this.#readHead(bytes) : bytes;
    if (this.status === 0 || this.ended) return;
    if (this.#chunked) this.#readChunks(body);
    else {
      this.#left -= body.length;
      this.ended = this.#left <= 0;
    }
  }

  #readHead(bytes: Buffer): Buffer {
    this.#head = this.#head.length === 0 ? bytes : Buffer.concat([this.#head, bytes]);
    const end = this.#head.indexOf(HEAD_END);
    if (end < 0) return Buffer.alloc(0);
    const head = this.#head.toString('latin1', 0, end).toLowerCase();
    this.status = Number(head.slice('http/1.1 '.length, 'http/1.1 200'.length));
    this.#chunked = head.includes('\r\ntransfer-encoding: chunked');
    this.#left = Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1] ?? 0);
    this.ended = this.status === 304 || this.status === 204 || (!this.#chunked && this.#left === 0);
    return this.#head.subarray(end + HEAD_END.length);
  }

  #readChunks(bytes: Buffer): void {
    for (let at = 0; at < bytes.length && !this.ended; ) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, bytes.length - at);
        this.#left -= taken;
        at += taken;
        this.ended = this.#isLastChunk && this.#left === 0;
        continue;
      }
      const end = bytes.indexOf('\n', at);
      this.#sizeLine += bytes.toString('latin1', at, end < 0 ? bytes.length : end);
      at = end < 0 ? bytes.length : end + 1;
      if (end < 0) return;
      const size = Number.parseInt(this.#sizeLine, 16);
      this.#sizeLine = '';
      this.#isLastChunk = size === 0;
      this.#left = size + '\r\n'.length;
    }
  }
}
