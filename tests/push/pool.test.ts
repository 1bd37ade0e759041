import { expect, test, vi } from 'vitest';
import { runTasks, type Task } from '../../src/push/pool.ts';

/** A task whose server answers when the test says so. */
class TestTask implements Task {
  readonly server: string;
  started = false;
  readonly #ended = Promise.withResolvers<boolean>();
  sends = true;

  constructor(server: string) {
    this.server = server;
  }

  run(onSend: () => void): Promise<boolean> {
    this.started = true;
    if (this.sends) onSend();
    return this.#ended.promise;
  }

  end(responded = true): void {
    this.#ended.resolve(responded);
  }
}

const tasks = (servers: readonly string[]) => servers.map((server) => new TestTask(server));
const ended = (servers: readonly string[]) =>
  tasks(servers).map((task) => {
    task.end();
    return task;
  });
const turn = () => scheduler.wait(1);

test('runs at most six tasks at once, and two for a server', async () => {
  const same = tasks(['a', 'a', 'a', 'a']);
  const others = tasks(['b', 'c', 'd', 'e', 'f']);
  const running = runTasks([...same, ...others], Number.POSITIVE_INFINITY);
  await turn();
  expect(same.map(({ started }) => started)).toEqual([true, true, false, false]);
  expect(others.filter(({ started }) => started)).toHaveLength(4);
  same[0]?.end();
  await turn();
  expect(same.filter(({ started }) => started)).toHaveLength(3);
  for (const task of [...same, ...others]) task.end();
  expect(await running).toMatchObject({ late: [], unstarted: [], unanswered: [] });
});

test('runs all of a healthy server’s tasks although others hang, and returns what hangs', async () => {
  const hanging = tasks(['x', 'y', 'z']);
  const healthy = ended(Array.from({ length: 40 }, (_, n) => `healthy-${n % 20}`));
  const rest = await runTasks([...hanging, ...healthy], 5);
  expect(healthy.every(({ started }) => started)).toBe(true);
  expect(rest.late).toEqual(hanging);
  expect(rest.unstarted).toEqual([]);
  for (const task of hanging) task.end();
  await rest.ended;
});

test('returns what it cannot start when every connection hangs', async () => {
  const hanging = tasks(['1', '2', '3', '4', '5', '6', '7']);
  const healthy = ended(['a', 'b']);
  const rest = await runTasks([...hanging, ...healthy], 5);
  expect(rest.late).toHaveLength(6);
  expect(rest.unstarted).toEqual([hanging[6], ...healthy]);
});

test('does not lose patience with work of its own', async () => {
  const [rendering] = tasks(['a']) as [TestTask];
  rendering.sends = false;
  const running = runTasks([rendering], 1);
  const first = await Promise.race([running, scheduler.wait(30)]);
  expect(first).toBeUndefined();
  rendering.end();
  expect((await running).late).toEqual([]);
});

test('leaves the others of a server that did not respond twice', async () => {
  const down = tasks(['down', 'down', 'down', 'down', 'down']);
  const mixed = tasks(['mixed', 'mixed', 'mixed', 'mixed']);
  for (const task of down) task.end(false);
  for (const [index, task] of mixed.entries()) task.end(index === 0);
  const rest = await runTasks([...down, ...mixed], Number.POSITIVE_INFINITY);
  expect(rest.unanswered).toEqual(down.slice(2));
  expect(mixed.every(({ started }) => started)).toBe(true);
});

test('loses patience although the clock is set back', async () => {
  const [hanging] = tasks(['a']) as [TestTask];
  const running = runTasks([hanging], 50);
  const now = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
  try {
    expect((await running).late).toEqual([hanging]);
  } finally {
    vi.restoreAllMocks();
  }
});
