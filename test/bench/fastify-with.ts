import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { createLog, logReview } from '../../src/observe/log.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { openStdout } from '../../src/observe/stdout.ts';
import { MAX_DEPTH } from '../../src/policy/json.ts';
import { compileWatch, scanJson } from '../../src/schema/scan.ts';

// Bare Fastify and those of our parts that no rule and no mutation needs: what a webhook costs that logs, counts and
// looks at the bytes, and judges nothing. Without them it is the yardstick.
async function run([dir = '', ...parts]: readonly string[]): Promise<void> {
  const app = Fastify({
    https: { cert: readFileSync(`${dir}/tls.crt`), key: readFileSync(`${dir}/tls.key`) },
    bodyLimit: 8 * 1024 * 1024,
  });
  if (parts.includes('scan')) {
    const watched = (name: string) => ({
      spec: { networking: { providerConfig: `${name} config` } },
      metadata: { managedFields: `${name} fields` },
    });
    const watch = compileWatch({ request: { object: watched('object'), oldObject: watched('old') } });
    const parse = app.getDefaultJsonParser('error', 'error');
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
      if (scanJson(body, watch, MAX_DEPTH).isTooDeep) done(new Error('too deep'));
      else parse(request, body.toString('utf8'), done);
    });
  }
  const log = createLog('info', openStdout());
  const metrics = createMetrics({ version: 'bench', networkingCalico: 'bench' });
  app.post('*', (request) => {
    const { apiVersion, kind, request: asked } = request.body as Review;
    const [path, verdict] = ['/validate', 'allowed'];
    const { uid, operation, namespace, name } = asked;
    if (parts.includes('metrics')) metrics.observeReview({ path, operation, verdict, seconds: 0.001 });
    if (parts.includes('log')) {
      const line = { uid, operation, kind: asked.kind.kind, namespace, name, path, verdict, ms: 1 };
      logReview(log, 'info', { ...line, rules: [], mutations: [] });
    }
    return { apiVersion, kind, response: { uid, allowed: true } };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  log.info({ port: (app.server.address() as AddressInfo).port }, 'ready');
}

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: {
    readonly uid: string;
    readonly operation: string;
    readonly namespace: string;
    readonly name: string;
    readonly kind: { readonly kind: string };
  };
}

await run(process.argv.slice(2));
