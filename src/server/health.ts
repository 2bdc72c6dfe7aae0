import type http from 'node:http';
import type https from 'node:https';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Metrics } from '../observe/metrics.ts';
import { quote } from '../policy/message.ts';
import type { Readiness } from './readiness.ts';
import { replyError } from './replies.ts';

/** /healthz: the process answers. /readyz: the server can be called. */
export function addHealthRoutes<Server extends http.Server | https.Server>(
  app: FastifyInstance<Server>,
  readiness: Readiness,
): void {
  app.get('/healthz', (_request, reply) => reply.type('application/json').send('{"status":"ok"}'));
  app.get('/readyz', (_request, reply) => {
    const reasons = readiness.reasons();
    if (reasons.length === 0) return reply.type('application/json').send('{"status":"ready"}');
    return reply
      .code(503)
      .type('application/json')
      .send(JSON.stringify({ status: 'not ready', reasons }));
  });
}

/** Whether a request is for one of them. */
export function isHealthRoute(request: FastifyRequest): boolean {
  return request.routeOptions.url === '/healthz' || request.routeOptions.url === '/readyz';
}

/** Health and metrics in plain HTTP on a port of their own: clients of the webhooks need not reach them. */
export function createHealthServer(readiness: Readiness, metrics: Pick<Metrics, 'expose'>): FastifyInstance {
  const app = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    bodyLimit: 1024,
  });
  addHealthRoutes(app, readiness);
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.expose();
    return reply.type(contentType).send(text);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    const path = request.url.split('?', 1)[0] ?? '';
    if (['/healthz', '/readyz', '/metrics'].includes(path)) {
      return replyError(reply, 405, `method ${quote(request.method)} is not allowed here; use GET`, {
        allow: 'GET',
      });
    }
    return replyError(reply, 404, `no such path (got ${quote(path)}); GET /healthz, /readyz or /metrics`);
  });
  return app;
}
