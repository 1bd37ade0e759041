/** The memory of a Worker's isolate in megabytes, including garbage: V8's heap and external memory. */
export async function heapMegabytes(inspector: URL): Promise<number> {
  const socket = new WebSocket(inspector.href);
  await new Promise((opened) => socket.addEventListener('open', opened, { once: true }));
  try {
    const usage = await call<Usage>(socket, 1, 'Runtime.getHeapUsage');
    return (usage.usedSize + (usage.backingStorageSize ?? 0)) / 1e6;
  } finally {
    socket.close();
  }
}

interface Usage {
  usedSize: number;
  backingStorageSize?: number;
}

/** One call of the Chrome DevTools Protocol. */
function call<Result>(socket: WebSocket, id: number, method: string): Promise<Result> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent) => {
      const message = JSON.parse(String(event.data)) as { id?: number; result: Result };
      if (message.id !== id) return;
      socket.removeEventListener('message', listen);
      resolve(message.result);
    };
    socket.addEventListener('message', listen);
    socket.send(JSON.stringify({ id, method }));
  });
}
