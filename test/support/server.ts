import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { createLog, type Log } from '../../src/observe/log.ts';
import { createMetrics, type Metrics } from '../../src/observe/metrics.ts';
import type { Registry } from '../../src/policy/registry.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from '../../src/policy/settings.ts';
import type { ConnectionLimits } from '../../src/server/connection-limit.ts';
import type { ConnectionTimes } from '../../src/server/connections.ts';
import type { OwnConnections } from '../../src/server/own-connections.ts';
import { createReadiness, type Readiness } from '../../src/server/readiness.ts';
import { createWebhookServer, type WebhookServer } from '../../src/server/webhook.ts';
import type { ClientPolicy } from '../../src/tls/client-auth.ts';
import { secureContextOptions } from '../../src/tls/secure-context.ts';
import { makeCertificates, type TestCertificates } from './certificates.ts';
import { registry } from './registry.ts';

export interface TestServer {
  readonly app: WebhookServer;
  readonly port: number;
  readonly certificates: TestCertificates;
  readonly agent: https.Agent;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** The parsed log lines. */
  readonly lines: Record<string, unknown>[];
  readonly log: Log;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly settings?: PolicySettings;
  readonly registry?: Registry;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly times?: ConnectionTimes;
  readonly limits?: ConnectionLimits;
  readonly clients?: ClientPolicy & { readonly ca: string };
  readonly own?: OwnConnections;
}

/** The webhook server as `serve` creates it, on a free port, with real certificates. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const certificates = await makeCertificates();
  const lines: Record<string, unknown>[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      for (const line of String(chunk).trim().split('\n')) lines.push(JSON.parse(line));
      done();
    },
  });
  const log = createLog('info', sink);
  const metrics = createMetrics({ version: 'test', networkingCalico: 'test' });
  const readiness = createReadiness(() => undefined);
  const app = createWebhookServer({
    tls: secureContextOptions(certificates, options.clients?.ca),
    clients: options.clients,
    ...(options.own && { own: options.own }),
    registry: options.registry ?? registry,
    settings: options.settings ?? DEFAULT_SETTINGS,
    readiness,
    log,
    metrics,
    now: options.now ?? (() => performance.now()),
    random: options.random ?? Math.random,
    ...(options.times && { times: options.times }),
    ...(options.limits && { limits: options.limits }),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const port = (app.server.address() as AddressInfo).port;
  const agent = new https.Agent({ ca: certificates.ca, keepAlive: true });
  return {
    app,
    port,
    certificates,
    agent,
    readiness,
    metrics,
    lines,
    log,
    close: async () => {
      agent.destroy();
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

export interface HttpRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** One request with the server's own agent, which verifies its certificate. */
export function send(server: Pick<TestServer, 'port' | 'agent'>, request: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = https.request(
      {
        host: '127.0.0.1',
        port: server.port,
        agent: server.agent,
        method: request.method ?? 'POST',
        path: request.path,
        headers: {
          ...(request.body !== undefined && {
            'content-type': 'application/json',
            ...(request.headers?.['transfer-encoding'] === undefined && {
              'content-length': String(Buffer.byteLength(request.body)),
            }),
          }),
          ...request.headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}

/** Whether so many requests are without an answer. */
export async function isInFlight(server: Pick<TestServer, 'metrics'>, count: number): Promise<boolean> {
  const { text } = await server.metrics.expose();
  return text.includes(`\ncalico_admission_requests_in_flight ${count}\n`);
}
