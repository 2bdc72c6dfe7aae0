import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { loadServeSettings, type ServeSettings } from '../config.ts';
import { errorCode, stackFrames, toError, UserError } from '../errors.ts';
import { createLog, type Log, openStdout } from '../observe/log.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { loadRegistry } from '../registry.ts';
import { DEFAULT_DRAIN, drain } from '../server/drain.ts';
import { createHealthServer } from '../server/health.ts';
import { createReadiness, type Readiness } from '../server/readiness.ts';
import { createWebhookServer, type WebhookServer } from '../server/webhook.ts';
import { type EnsuredDirectory, ensureDirectory } from '../tls/directory.ts';
import { inspectPair } from '../tls/inspect.ts';
import { defaultSans } from '../tls/names.ts';
import { secureContextOptions } from '../tls/secure-context.ts';
import { watchDirectory } from '../tls/watch.ts';
import { loadVersion } from '../version.ts';
import { type Command, expectAtMost, parseFlags } from './command.ts';

const OPTIONS = {
  host: { type: 'string' },
  port: { type: 'string' },
  'health-port': { type: 'string' },
  'cert-dir': { type: 'string' },
  san: { type: 'string', multiple: true },
  config: { type: 'string' },
  'log-level': { type: 'string' },
  'drain-seconds': { type: 'string' },
} as const;

export const serve: Command = {
  name: 'serve',
  summary: 'run the webhook server',
  usage: `calico-admission serve [--host ADDRESS] [--port PORT] [--health-port PORT] [--cert-dir DIR] [--san NAME]...
                       [--config FILE] [--log-level LEVEL] [--drain-seconds SECONDS]

Serves POST /validate, /mutate and /mutate/<provider> over HTTPS, health and metrics over HTTP.

  --host ADDRESS           address to listen on (default: 127.0.0.1)
  --port PORT              port of the webhooks (default: 8443); 0 takes a free one
  --health-port PORT       port of /healthz, /readyz and /metrics (default: 8081)
  --cert-dir DIR           where ca.crt, ca.key, tls.crt and tls.key are, or are made (default: certs)
  --san NAME               a further name or address for a certificate that is made; may be repeated
  --config FILE            YAML or JSON, see schemas/config.json
  --log-level LEVEL        fatal, error, warn, info (default), debug, trace or silent
  --drain-seconds SECONDS  how long to go on listening after SIGTERM (default: 10)

Each flag can also be given as CALICO_ADMISSION_<FLAG>, or in the configuration file; the flag wins, then the
variable. SIGTERM drains, SIGINT and a second SIGTERM end at once.`,

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, serve);
    expectAtMost(positionals, 0, serve);
    const settings = loadServeSettings({
      flags: values,
      env: io.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
    const stdout = openStdout();
    try {
      const log = createLog(settings.logLevel, stdout);
      const running = await start(settings, log, io.env['KUBERNETES_SERVICE_HOST'] !== undefined);
      const stopped = untilStopped(running, settings, io.env['npm_lifecycle_event'] === 'start');
      // Whoever started us waits for this line, so it is written at any log level, and signals are heeded by now.
      log.child({}, { level: 'info' }).info({ url: running.url, healthUrl: running.healthUrl }, 'ready');
      stdout.flush();
      if (io.isTerminal) io.stderr(hint(running.url, settings.certDir));
      return await stopped;
    } finally {
      flush(stdout);
    }
  },
};

const RENEWAL_CHECK_MS = 3_600_000;

interface Running {
  readonly url: string;
  readonly healthUrl: string;
  readonly webhook: WebhookServer;
  readonly health: FastifyInstance;
  readonly readiness: Readiness;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What waits to be written must go out before the process ends; a reader that has gone is no fault. */
function flush(stdout: { flushSync(): void }): void {
  try {
    stdout.flushSync();
  } catch {
    return;
  }
}

async function start(settings: ServeSettings, log: Log, inCluster: boolean): Promise<Running> {
  const metrics = createMetrics(loadVersion());
  const registry = loadRegistry();
  const now = (): Date => new Date();
  const sans = [...defaultSans(), ...hostSan(settings.host), ...settings.sans];
  let served = await ensureDirectory({ dir: settings.certDir, sans, now, log, inCluster });
  publishExpiry(metrics, served.expiry);
  const readiness = createReadiness(() => inspectPair(served, { now, sans: [] }).problem?.message);
  const webhook = createWebhookServer({
    tls: secureContextOptions(served),
    registry,
    settings: settings.policy,
    readiness,
    log,
    metrics,
    now: () => performance.now(),
  });
  const health = createHealthServer(readiness, metrics);
  // What we made ourselves is renewed in its place, in good time; the watcher then serves it.
  const renew = async (): Promise<void> => {
    try {
      await ensureDirectory({ dir: settings.certDir, sans, now, log, inCluster });
    } catch (error) {
      log.warn({ dir: settings.certDir, reason: toError(error).message }, 'certificate could not be renewed');
    }
  };
  setInterval(() => void renew(), RENEWAL_CHECK_MS).unref();
  watchDirectory({
    dir: settings.certDir,
    now,
    current: served,
    onChange: (pair) => {
      webhook.server.setSecureContext(secureContextOptions(pair));
      served = { ...served, ...pair };
      publishExpiry(metrics, pair.expiry);
      log.info({ dir: settings.certDir, expiry: pair.expiry }, 'certificate replaced');
    },
    onError: (error) =>
      log.warn({ dir: settings.certDir, reason: error.message }, 'certificate not replaced'),
  });
  const healthUrl = `http://${await listen(health, settings.host, settings.healthPort, '--health-port')}`;
  const url = `https://${await listen(webhook, settings.host, settings.port, '--port')}`;
  return { url, healthUrl, webhook, health, readiness, log, metrics };
}

function publishExpiry(metrics: Metrics, expiry: EnsuredDirectory['expiry']): void {
  if (expiry.leaf) metrics.setCertificateExpiry('leaf', expiry.leaf);
  if (expiry.ca) metrics.setCertificateExpiry('ca', expiry.ca);
}

/** A certificate is also for the address that somebody chose to listen on; not for `all of them`. */
function hostSan(host: string): string[] {
  return host === '0.0.0.0' || host === '::' ? [] : [host];
}

/** @returns host and port as they stand in a URL */
async function listen(
  server: Pick<FastifyInstance, 'listen'> & { server: { address(): unknown } },
  host: string,
  port: number,
  flag: string,
): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'EADDRINUSE')
      throw new UserError(`port ${port} is in use; stop what uses it or choose another with ${flag}`);
    if (code === 'EACCES')
      throw new UserError(`port ${port} may not be used (EACCES); choose one from 1024 up with ${flag}`);
    if (code !== '')
      throw new UserError(
        `cannot listen on ${host} (${code}); choose an address of this machine with --host`,
      );
    throw error;
  }
  const address = server.server.address();
  const bound =
    typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : port;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `${isIP(name) === 6 ? `[${name}]` : name}:${bound}`;
}

function hint(url: string, certDir: string): string {
  return `
serving on ${url}; try it from another terminal:
  curl --cacert ${certDir}/ca.crt -H 'Content-Type: application/json' \\
    --data @test/samples/01-kube-proxy-off.json ${url}/validate

`;
}

/** Resolves with the exit code when the server has ended. */
function untilStopped(running: Running, settings: ServeSettings, startedByNpm: boolean): Promise<number> {
  const { log, metrics, readiness, webhook, health } = running;
  const now = (): number => performance.now();
  return new Promise((resolve) => {
    const drainThenLeave = (reason: string, code: number): void => {
      if (readiness.isDraining()) {
        resolve(code);
        return;
      }
      log.info({ reason }, 'draining');
      const listen = settings.drainSeconds * 1000;
      const times = {
        ...DEFAULT_DRAIN,
        listen,
        listenAtMost: Math.max(DEFAULT_DRAIN.listenAtMost, listen + 10_000),
      };
      drain({ webhook, health }, readiness, times, now).then(
        () => {
          log.info({ reason }, 'stopped');
          resolve(code);
        },
        (error: unknown) => {
          log.error({ reason: toError(error).message }, 'drain failed');
          resolve(1);
        },
      );
    };
    process.on('SIGTERM', () => drainThenLeave('SIGTERM', 0));
    process.on('SIGINT', () => resolve(130));
    const onFault = (kind: string) => (thrown: unknown) => {
      const error = toError(thrown);
      metrics.countFault(kind);
      log.fatal({ error: error.name, stack: stackFrames(error) }, kind);
      drainThenLeave(kind, 1);
    };
    process.on('uncaughtException', onFault('uncaughtException'));
    process.on('unhandledRejection', onFault('unhandledRejection'));
    if (startedByNpm) watchParent(() => resolve(0));
  });
}

/** `npm start` killed with SIGKILL cannot tell its child; the child notices that its parent has changed. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, 500).unref();
}
