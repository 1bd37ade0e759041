import { env } from 'cloudflare:workers';

/** KV as it is, with every operation counted, and failing when told to. */
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
