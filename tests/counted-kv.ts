import { env } from 'cloudflare:workers';

/** The real KV, which counts every operation and fails while `state.failing` is set. */
export function countedKv() {
  const state = { operations: 0, failing: false };
  const KV = new Proxy(env.KV, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        state.operations += 1;
        if (state.failing) throw new Error('KV GET failed: 500');
        return member.apply(target, given);
      };
    },
  });
  return { state, KV };
}
