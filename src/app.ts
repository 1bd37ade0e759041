import { Hono } from 'hono/tiny';
import { cancelBody } from './access/bounded-body.ts';
import type { PageBudget } from './access/desk-budgets.ts';
import { DeskLookups } from './access/desk-lookups.ts';
import { isAdmin } from './access/operator.ts';
import {
  eraseContent,
  getVersion,
  listVersions,
  restoreArticle,
  restoreVersion,
  withdrawArticle,
} from './admin/articles.ts';
import { abandonImport, exportSite, importPage, showImport } from './admin/backup.ts';
import { deleteEndpoint, putEndpoint } from './admin/endpoints.ts';
import { showMigration } from './admin/migration.ts';
import { deletePartner, getPartner, listPartners, putPartner, rotateToken } from './admin/partners.ts';
import {
  deletePublisher,
  getPublisher,
  listPublishers,
  putPublisher,
  rotateSecret,
} from './admin/publishers.ts';
import { beginRebuild, showRebuild } from './admin/rebuild.ts';
import { beginRecovery, showRecovery } from './admin/recovery.ts';
import { getSite, putSite } from './admin/site.ts';
import { listSubscriptions, resumeSubscription } from './admin/subscriptions.ts';
import { type App, type AppContext, type Bindings, deskOf } from './bindings.ts';
import { Refusal } from './domain/refusal.ts';
import { listArticles, serveArticle } from './edge/articles.ts';
import { listChanges } from './edge/changes.ts';
import { serveFeed, serveScopeFeed } from './edge/feeds.ts';
import { withFrontCache } from './edge/front-cache.ts';
import {
  listPageOf,
  redirectToArticlePage,
  serveArticlePage,
  serveHomePage,
  serveNotFoundPage,
} from './edge/pages.ts';
import { servePartnerFeed } from './edge/partners.ts';
import { serveReadiness } from './edge/readiness.ts';
import { responseCache, type Serve, withResponseCache } from './edge/response-cache.ts';
import { serveDocs, serveHealth, serveOpenApi, serveRobots } from './edge/service.ts';
import {
  serveFeedStylesheet,
  serveNewsSitemap,
  serveOpml,
  serveSitemap,
  serveSitemapIndex,
} from './edge/sitemaps.ts';
import { serveTrending } from './edge/trending.ts';
import { withViewCounter } from './edge/views.ts';
import { allowsAnyOrigin, preflightResponse, setCorsHeaders } from './http/cors.ts';
import { refusalOf, toProblemResponse } from './http/problem.ts';
import { withoutTracking } from './http/query.ts';
import { requestIdOf } from './http/request-id.ts';
import { mount, type Routes } from './http/routes.ts';
import { setSecurityHeaders } from './http/security-headers.ts';
import { listDeliveries, previewWebhook, receiveWebhook, receiveWebhookByToken } from './intake/webhooks.ts';
import type { Isolate } from './isolate.ts';
import { logFailure } from './log.ts';
import { receiveHubRequest } from './push/hub.ts';
import type { Render } from './push/messages.ts';
import { BudgetExceeded } from './store/failures.ts';
import { Store } from './store/store.ts';

/** Public routes whose responses are the same for everybody: a cache may be in front. */
const PUBLIC_READS: Routes = [
  // Partners
  ['/feeds/all.{format}', { GET: serveFeed }],
  ['/feeds/{kind}/{name}.{format}', { GET: serveScopeFeed }],
  ['/articles', { GET: listArticles }],
  ['/articles/{id}', { GET: serveArticle }],
  ['/news-sitemap.xml', { GET: serveNewsSitemap }],
  ['/sitemap.xml', { GET: serveSitemapIndex }],
  ['/sitemaps/{day}.xml', { GET: serveSitemap }],
  ['/feeds.opml', { GET: serveOpml }],
  ['/feeds.css', { GET: serveFeedStylesheet }],
  // Readers
  ['/', { GET: serveHomePage }],
  ['/sections/{name}', { GET: listPageOf('sections', 'Section') }],
  ['/publishers/{name}', { GET: listPageOf('publishers', 'Publisher') }],
  ['/tags/{name}', { GET: listPageOf('tags', 'Tag') }],
  ['/authors/{name}', { GET: listPageOf('authors', 'Author') }],
  ['/trending', { GET: serveTrending }],
  ['/news/{id}', { GET: redirectToArticlePage }],
  ['/news/{id}/{slug}', { GET: serveArticlePage }],
  ['/robots.txt', { GET: serveRobots }],
];

/** Every route. Each operation defines its input and responses. HEAD works wherever GET does. */
export const ROUTES: Routes = [
  ...PUBLIC_READS,
  // Publishers
  ['/webhooks/{publisher}', { POST: receiveWebhook }],
  ['/webhooks/{publisher}/preview', { POST: previewWebhook }],
  ['/webhooks/{publisher}/deliveries', { GET: listDeliveries }],
  // After the two above, which are shorter than any token.
  ['/webhooks/{publisher}/{token}', { POST: receiveWebhookByToken }],
  // Partners
  ['/changes', { GET: listChanges }],
  ['/partners/{partner}/feed.{format}', { GET: servePartnerFeed }],
  ['/hub', { POST: receiveHubRequest }],
  // Operators
  ['/admin/publishers', { GET: listPublishers }],
  ['/admin/publishers/{id}', { GET: getPublisher, PUT: putPublisher, DELETE: deletePublisher }],
  ['/admin/publishers/{id}/secrets', { POST: rotateSecret }],
  ['/admin/partners', { GET: listPartners }],
  ['/admin/partners/{id}', { GET: getPartner, PUT: putPartner, DELETE: deletePartner }],
  ['/admin/partners/{id}/tokens', { POST: rotateToken }],
  ['/admin/articles/{id}/withdraw', { POST: withdrawArticle }],
  ['/admin/articles/{id}/restore', { POST: restoreArticle }],
  ['/admin/articles/{id}/content', { DELETE: eraseContent }],
  ['/admin/articles/{id}/versions', { GET: listVersions }],
  ['/admin/articles/{id}/versions/{version}', { GET: getVersion }],
  ['/admin/articles/{id}/versions/{version}/restore', { POST: restoreVersion }],
  ['/admin/partners/{id}/webhook', { PUT: putEndpoint, DELETE: deleteEndpoint }],
  ['/admin/subscriptions', { GET: listSubscriptions }],
  ['/admin/subscriptions/{id}/resume', { POST: resumeSubscription }],
  ['/admin/site', { GET: getSite, PUT: putSite }],
  ['/admin/migration', { GET: showMigration }],
  ['/admin/rebuild', { GET: showRebuild, POST: beginRebuild }],
  ['/admin/recovery', { GET: showRecovery, POST: beginRecovery }],
  ['/admin/export', { GET: exportSite }],
  ['/admin/import', { GET: showImport, POST: importPage, DELETE: abandonImport }],
  // Everybody
  ['/openapi.json', { GET: serveOpenApi }],
  ['/docs', { GET: serveDocs }],
  ['/health', { GET: serveHealth }],
  ['/health/ready', { GET: serveReadiness }],
];

const PUBLIC_ROOTS = new Set(PUBLIC_READS.map(([path]) => rootOf(path)));

/** Whether a path belongs to a public read. */
export function isPublicRead(path: string): boolean {
  return PUBLIC_ROOTS.has(rootOf(path));
}

/** The first segment, which no public read shares with any other route. */
function rootOf(path: string): string | undefined {
  return path.split('/', 2)[1];
}

/** The request handlers of one isolate. */
export interface DatelineApp {
  /** Responds to a request from memory, from the cache in front, or by its route. Counts page views. */
  fetch: Serve;
  /** Responds to a request by its route, without caches. */
  route: Serve;
  /** Responds to paths of this site as any client gets them, bypassing every cache; by default within push's budgets. */
  renderFor(env: Bindings): Render;
}

/** Creates the request handlers over the state of one isolate. */
export function createApp(isolate: Isolate): DatelineApp {
  // The pattern router of `tiny` also matches a trailing slash: `/news/{id}/` is the route `/news/{id}`.
  const hono = new Hono<App>();
  const route: Serve = (request, env, context) => hono.fetch(request, env, context);
  /** The budgets of the requests that this site makes to itself. */
  const budgets = new WeakMap<Request, PageBudget>();
  // An announced change must not be rendered from cached values.
  const renderFor =
    (env: Bindings): Render =>
    async (path, pages = 'pages for push') => {
      const request = new Request(env.ORIGIN + path);
      budgets.set(request, pages);
      return route(request, { ...env, MEMORY_SECONDS: '0' });
    };

  hono.use(async (c, next) => {
    const pages = budgets.get(c.req.raw) ?? 'pages';
    const store = openStore(c.env, isolate, pages);
    c.set('requestId', requestIdOf(c.req.raw));
    c.set('isolate', isolate);
    c.set('store', store);
    c.set('pages', pages);
    c.set('render', renderFor(c.env));
    const isOpen = allowsAnyOrigin(c.req.path);
    if (isOpen && c.req.method === 'OPTIONS') c.res = preflightResponse();
    else await next();
    // What did not read the body does not want it: its sender need not go on.
    cancelBody(c.req.raw);
    setSecurityHeaders(c.req.url, c.res);
    if (isOpen) setCorsHeaders(c.res);
    // Set on the response itself: Hono's `c.header` would copy it, including its body.
    c.res.headers.set('X-Request-Id', c.var.requestId);
    isolate.get(responseCache).limitFreshness(c.res, store.freshUntil);
    if (c.error instanceof BudgetExceeded) isolate.get(responseCache).forbidStale(c.res);
  });
  hono.use('/admin/*', async (c, next) => {
    if (await isAdmin(c.req.header('Authorization'), c.env.ADMIN_TOKEN)) return next();
    return toProblemResponse(
      new Refusal('unauthorized', {
        detail: 'Authorization: Bearer <ADMIN_TOKEN> is required.',
        headers: { 'WWW-Authenticate': 'Bearer realm="dateline"' },
      }),
    );
  });
  mount(hono, ROUTES);
  hono.notFound((c) =>
    c.req.header('Accept')?.includes('text/html')
      ? serveNotFoundPage(c)
      : toProblemResponse(new Refusal('not-found')),
  );
  hono.onError(answerFailure);

  const forwarded = withFrontCache(route, isolate, {
    isPublicRead,
    readsOf: ({ exports }) => exports.PublicReads,
  });
  // The isolate's cache is checked before anything is routed.
  const cached = withViewCounter(withResponseCache(forwarded, isolate), isolate);
  const fetch: Serve = (request, env, context) => cached(withoutTracking(request), env, context);
  return { fetch, route, renderFor };
}

/** The store of one request: KV, and the Desk for what KV lacks, within the budgets of its pages. */
export function openStore(env: Bindings, isolate: Isolate, pages: PageBudget = 'pages'): Store {
  const remembers = env.MEMORY_SECONDS !== '0';
  const lookups = new DeskLookups(isolate, () => deskOf(env), { remembers, pages });
  return new Store(env, isolate, lookups);
}

function answerFailure(error: Error, c: AppContext): Response {
  const id = c.get('requestId');
  logFailure('request failed', error, { id, path: withoutToken(c.req.path) });
  return toProblemResponse(refusalOf(error, id));
}

/** The last segment of a webhook's path may be its publisher's secret. */
const withoutToken = (path: string): string => path.replace(/^(\/webhooks\/[^/]+\/).+/, '$1…');
