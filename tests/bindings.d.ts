import type { Bindings } from '../src/bindings.ts';

declare global {
  namespace Cloudflare {
    interface Env extends Bindings {}
    interface GlobalProps {
      mainModule: typeof import('../src/worker.ts');
    }
  }
}
