import type { FastifyRequest } from 'fastify';
import type { Route } from '../admission/decide.ts';
import { read } from '../policy/json.ts';

/** The paths of reviews, in the form of the router. */
export const REVIEW_ROUTES = ['/validate', '/mutate', '/mutate/:provider'] as const;

/** The webhook that a request calls. For an unknown path, that of a mutation. */
export function routeOf(request: FastifyRequest): Route {
  if (request.routeOptions.url === '/validate') return { purpose: 'validate' };
  const provider = read(request.params, 'provider');
  return { purpose: 'mutate', provider: typeof provider === 'string' ? provider : undefined };
}

/** A label with few values for any path: only providers of the registry are named. */
export function pathLabel(route: Route, providers: ReadonlySet<string>): string {
  if (route.provider === undefined) return `/${route.purpose}`;
  return `/mutate/${providers.has(route.provider) ? route.provider : 'other'}`;
}
