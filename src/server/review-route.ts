import type { FastifyRequest } from 'fastify';
import type { Route } from '../admission/decide.ts';
import { read } from '../policy/json.ts';

/** Where reviews are posted to, as the router writes it. */
export const REVIEW_ROUTES = ['/validate', '/mutate', '/mutate/:provider'] as const;

/** Which webhook a request calls; for a path that there is not, that of a mutation. */
export function routeOf(request: FastifyRequest): Route {
  if (request.routeOptions.url === '/validate') return { purpose: 'validate' };
  const provider = read(request.params, 'provider');
  return { purpose: 'mutate', provider: typeof provider === 'string' ? provider : undefined };
}

/** A label of few values, whatever path is called: of providers only those that the registry knows. */
export function pathLabel(route: Route, providers: ReadonlySet<string>): string {
  if (route.provider === undefined) return `/${route.purpose}`;
  return `/mutate/${providers.has(route.provider) ? route.provider : 'other'}`;
}
