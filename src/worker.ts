import { app } from './app.ts';

export { Desk } from './desk/desk.ts';

export default { fetch: app.fetch };
