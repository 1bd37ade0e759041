import type { Handler } from './bindings.ts';

const sources = new Map<string, string>();
let started = 0;

/** `/start/{key}`: starts a Worker from the source under this key in a new isolate; returns its first response. */
export const start: Handler = async (_request, env, [key = '']) => {
  let source = sources.get(key);
  if (source === undefined) {
    source = (await env.KV.get(key)) ?? '';
    sources.set(key, source);
  }
  started += 1;
  const worker = env.LOADER.get(`${key}-${started}`, () => ({
    compatibilityDate: '2026-10-20',
    mainModule: 'worker.js',
    modules: { 'worker.js': source },
    env: {},
  }));
  return worker.getEntrypoint().fetch('http://news.example/health');
};
