import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCertificates } from '../certificates.ts';
import { loadServeSettings, type ServeSettings } from '../config.ts';
import { createLog, type Log } from '../observe/log.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { openStdout } from '../observe/stdout.ts';
import type { Registry } from '../policy/registry.ts';
import { loadRegistry } from '../registry.ts';
import { describeSettings, serveOptions } from '../serve-settings.ts';
import { DEFAULT_DRAIN, type DrainTimes, drain } from '../server/drain.ts';
import { createHealthServer } from '../server/health.ts';
import { listenOn } from '../server/listen.ts';
import { createOwnConnections, type OwnConnections } from '../server/own-connections.ts';
import { createReadiness } from '../server/readiness.ts';
import { checkHandshake } from '../server/self-check.ts';
import { warmUp } from '../server/warm-up.ts';
import { createWarmUpReviews } from '../server/warm-up-reviews.ts';
import { createWebhookServer, type WebhookServer } from '../server/webhook.ts';
import { openClientAuthorities } from '../tls/client-auth.ts';
import { type Expiry, inspectPair } from '../tls/inspect.ts';
import { secureContextOptions } from '../tls/secure-context.ts';
import type { CertificateSource } from '../tls/source.ts';
import { loadVersion } from '../version.ts';
import { type Command, expectAtMost, POLICY_OPTIONS, parseFlags } from './command.ts';
import { type Stoppable, untilStopped } from './until-stopped.ts';

const OPTIONS = {
  ...serveOptions(),
  ...POLICY_OPTIONS,
} as const;

export const serve: Command = {
  name: 'serve',
  summary: 'run the webhook server',
  usage: `calico-admission serve [--host ADDRESS] [--port PORT] [--health-port PORT]
                       [--cert-dir DIR | --cert-secret [NAMESPACE/]NAME [--kubeconfig FILE] [--target-kubeconfig FILE]
                       [--registration NAMESPACE/NAME]]
                       [--san NAME]... [--client-auth MODE --client-ca FILE [--client-name NAME]...]
                       [--config FILE] [--networking-calico VERSION] [--calico-version VERSION] [--kops-version VERSION]
                       [--log-level LEVEL] [--drain-seconds SECONDS]

Serves POST /validate, /mutate and /mutate/<provider> over HTTPS, health and metrics over HTTP.

${describeSettings(['host', 'port', 'healthPort'])}
  --config FILE             YAML or JSON, see schemas/config.json
${describeSettings(['logLevel', 'drainSeconds'])}

Certificates:

${describeSettings(['certDir', 'san', 'certSecret', 'kubeconfig', 'targetKubeconfig', 'registration'])}

Clients:

${describeSettings(['clientAuth', 'clientCa', 'clientName'])}

Releases, where rules depend on them (default: the newest known release):

  --networking-calico VERSION  of Gardener's extension, such as 1.59
  --calico-version VERSION     of Calico, such as v3.32.1
  --kops-version VERSION       of kOps, such as 1.36

Each flag can also be set as CALICO_ADMISSION_<FLAG> or in the configuration file. The flag takes precedence, then the
variable. SIGTERM drains the server; SIGINT and a second SIGTERM end it at once.`,

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, serve);
    expectAtMost(positionals, 0, serve);
    const settings = loadServeSettings({
      flags: values,
      env: io.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
    const stdout = openStdout();
    const interrupt = untilInterrupted();
    try {
      const log = createLog(settings.logLevel, stdout);
      const inCluster = io.env['KUBERNETES_SERVICE_HOST'] !== undefined;
      const running = await Promise.race([start(settings, log, inCluster), interrupt.code]);
      if (typeof running === 'number') return running;
      const stopped = untilStopped(running, io.env['npm_lifecycle_event'] === 'start');
      interrupt.forget();
      // The supervisor waits for this line, so it is written at any log level. Signals are handled from here on.
      log.child({}, { level: 'info' }).info({ url: running.url, healthUrl: running.healthUrl }, 'ready');
      stdout.flush();
      const { certificates } = settings;
      if (io.isTerminal && certificates.from === 'directory') io.stderr(hint(running.url, certificates.dir));
      return await stopped;
    } finally {
      await stdout.end(LAST_LINES_MS);
    }
  },
};

/**
 * The time for a slow reader to read the last lines, in milliseconds. A reader that is stuck does not keep the
 * process.
 */
const LAST_LINES_MS = 1000;
const START_POLL_MS = 50;
const SELF_CHECK_PAUSE_MS = 1000;

interface Running extends Stoppable {
  readonly url: string;
  readonly healthUrl: string;
}

/** Before the server listens, a signal ends the process at once. As process 1 it would not end by itself. */
function untilInterrupted(): { readonly code: Promise<number>; forget(): void } {
  let onTerm = (): void => {};
  let onInt = (): void => {};
  const code = new Promise<number>((resolve) => {
    onTerm = () => resolve(0);
    onInt = () => resolve(130);
  });
  process.on('SIGTERM', onTerm).on('SIGINT', onInt);
  return {
    code,
    forget: () => {
      process.off('SIGTERM', onTerm).off('SIGINT', onInt);
    },
  };
}

/**
 * Starts in this order, so that each step can report what is missing: health port, certificate, webhooks, the
 * caBundles that must contain the certificate authority, and a handshake with itself. Then the server is ready.
 */
async function start(settings: ServeSettings, log: Log, inCluster: boolean): Promise<Running> {
  const metrics = createMetrics(loadVersion());
  const registry = loadRegistry();
  let starting: string | undefined = 'there is no certificate yet';
  let source: CertificateSource | undefined;
  const readiness = createReadiness(() => {
    if (starting !== undefined || source === undefined) return starting;
    return inspectPair(source.served(), { now: () => new Date(), sans: [] }).problem?.message;
  });
  const health = createHealthServer(readiness, metrics);
  const { hostPort: healthHostPort } = await listenOn(
    health,
    settings.host,
    settings.healthPort,
    '--health-port',
  );
  const healthUrl = `http://${healthHostPort}`;

  let webhook: WebhookServer | undefined;
  const { clients } = settings;
  const authorities =
    clients &&
    (await openClientAuthorities({
      file: clients.caFile,
      log,
      onChange: (pem) => {
        if (source) webhook?.server.setSecureContext(secureContextOptions(source.served(), pem));
      },
      onFault: () => metrics.countCertificateFault('client-ca'),
    }));
  source = await openCertificates(settings, inCluster, {
    log,
    onServe: (served) => {
      webhook?.server.setSecureContext(secureContextOptions(served, authorities?.pem()));
      publishExpiry(metrics, served.expiry);
    },
    onFault: (part) => metrics.countCertificateFault(part),
    onChange: (change) => metrics.countCertificateChange(change),
  });
  const own = createOwnConnections();
  const reviews = createWebhookServer({
    tls: secureContextOptions(source.served(), authorities?.pem()),
    clients,
    own,
    registry,
    settings: settings.policy,
    readiness,
    log,
    metrics,
    now: () => performance.now(),
    random: Math.random,
  });
  webhook = reviews;
  const { hostPort, port } = await listenOn(reviews, settings.host, settings.port, '--port');
  const url = `https://${hostPort}`;

  const setReason = (reason: string | undefined): void => {
    starting = reason;
  };
  await untilTrusted(source, log, setReason);
  await untilAnswering({ host: settings.host, port }, source, { log, metrics }, setReason);
  setReason('the server is warming up');
  await warmUpServer({ host: settings.host, port }, own, registry, log);
  setReason(undefined);
  const drainServers = () =>
    drain({ webhook: reviews, health }, readiness, drainTimes(settings.drainSeconds), () =>
      performance.now(),
    );
  return { url, healthUrl, readiness, log, metrics, drain: drainServers };
}

function drainTimes(seconds: number): DrainTimes {
  const listen = seconds * 1000;
  return { ...DEFAULT_DRAIN, listen, listenAtMost: Math.max(DEFAULT_DRAIN.listenAtMost, listen + 10_000) };
}

/** @param onReason called at each check with the reason why the source is not ready; at last without a reason */
async function untilTrusted(
  source: CertificateSource,
  log: Log,
  onReason: (reason: string | undefined) => void,
): Promise<void> {
  for (let reported: string | undefined; ; ) {
    const reason = source.problem();
    onReason(reason);
    if (reason === undefined) return;
    if (reported !== reason) log.info({ reason }, 'not ready yet');
    reported = reason;
    await sleep(START_POLL_MS);
  }
}

/** Waits for a handshake with the own server, with the served certificate. */
async function untilAnswering(
  address: { readonly host: string; readonly port: number },
  source: CertificateSource,
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
  onReason: (reason: string | undefined) => void,
): Promise<void> {
  for (;;) {
    const reason = await checkHandshake({ ...address, served: source.served() });
    onReason(reason);
    if (reason === undefined) return;
    metrics.countCertificateFault('handshake');
    log.warn({ reason }, 'not ready yet');
    await sleep(SELF_CHECK_PAUSE_MS);
  }
}

/**
 * Evaluates reviews before the first review of a client, so that no client waits for work that only the first review
 * needs.
 */
async function warmUpServer(
  address: { readonly host: string; readonly port: number },
  own: OwnConnections,
  registry: Registry,
  log: Log,
): Promise<void> {
  const { reason, ...warmedUp } = await warmUp({
    ...address,
    own,
    reviews: createWarmUpReviews(registry),
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    now: () => performance.now(),
  });
  if (reason === undefined) log.debug(warmedUp, 'warmed up');
  else log.warn({ ...warmedUp, reason }, 'warm-up ended early: the first reviews take longer');
}

function publishExpiry(metrics: Metrics, expiry: Expiry): void {
  metrics.setCertificateExpiry('leaf', expiry.leaf);
  metrics.setCertificateExpiry('ca', expiry.ca);
  metrics.setCertificateExpiry('next-ca', expiry.nextCa);
  metrics.setCertificateExpiry('previous-ca', expiry.previousCa);
}

function hint(url: string, certDir: string): string {
  return `
serving on ${url}; try it from another terminal:
  curl --cacert ${certDir}/ca.crt -H 'Content-Type: application/json' \\
    --data @test/samples/01-kube-proxy-off.json ${url}/validate

`;
}
