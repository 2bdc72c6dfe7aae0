import { createAuditMetrics } from '../../src/observe/audit-metrics.ts';
import { RuleFaultError } from '../../src/policy/evaluate.ts';
import { createRegistry, type Registry } from '../../src/policy/registry.ts';
import { loadRegistry } from '../../src/registry.ts';
import { toReview } from '../support/review.ts';
import { send, startServer } from '../support/server.ts';

/** The series of a metric: its labels and all their values. */
export type Exposed = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** All metrics of servers that have had all events that a server may have: all verdicts, a patch, a fault. */
export async function exposeEverything(): Promise<Exposed> {
  const exposed = new Map<string, Map<string, Set<string>>>();
  const healthy = loadRegistry();
  for (const registry of [healthy, faulty(healthy)]) {
    for (const now of [() => performance.now(), clockThatRuns()]) {
      const server = await startServer({ registry, now });
      try {
        for (const provider of ['aws', 'azure']) {
          const object = shoot(provider);
          const body = JSON.stringify(toReview({ operation: 'CREATE', object }));
          for (const path of ['/validate', '/mutate', `/mutate/${provider}`])
            await send(server, { path, body });
        }
        await send(server, { path: '/validate', body: '{}' });
        server.metrics.setCertificateExpiry('leaf', new Date());
        server.metrics.setCertificateExpiry('ca', new Date());
        server.metrics.countCertificateFault('secret');
        server.metrics.countCertificateChange('found-again');
        server.metrics.countConnectionFault('certificate-refused');
        collect((await server.metrics.expose()).text, exposed);
      } finally {
        await server.close();
      }
    }
  }
  collect(await exposeAudit(), exposed);
  return exposed;
}

/** The metrics of an audit that has found something, and met every fault. */
async function exposeAudit(): Promise<string> {
  const metrics = createAuditMetrics(3600);
  const counts = [{ rule: 'shoot/backend', action: 'deny', count: 1 }];
  const evaluated = { 'shoots.core.gardener.cloud': 1 };
  metrics.setRun({ counts, evaluated, seconds: 1, endedAt: 1, reports: 1 });
  for (const part of ['read', 'write', 'bug'] as const) metrics.countAuditFault(part);
  return (await metrics.expose()).text;
}

/** One with a finding of every action, and backends for Azure to replace. */
function shoot(provider: string): object {
  return {
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'Shoot',
    metadata: { name: 'crazy-botany', namespace: 'garden-dev' },
    spec: {
      provider: { type: provider, workers: [{ name: 'worker' }] },
      kubernetes: { kubeProxy: { enabled: false } },
      networking: {
        type: 'calico',
        providerConfig: { backend: 'bird', vethMTU: 1440, overlay: {}, typha: {}, snatToUpstreamDNS: {} },
      },
    },
  };
}

/** Each look at it is a minute after the one before, so that every deadline has passed. */
function clockThatRuns(): () => number {
  let time = 0;
  return () => {
    time += 60_000;
    return time;
  };
}

/** A server whose rules all have a bug. */
function faulty(registry: Registry): Registry {
  const fail = (): never => {
    throw new RuleFaultError('shoot/backend', new Error('a bug'));
  };
  return createRegistry(registry.policies.map((policy) => ({ ...policy, validate: fail, mutate: fail })));
}

/** The Prometheus text format, as prom-client writes it. */
function collect(text: string, into: Map<string, Map<string, Set<string>>>): void {
  for (const line of text.split('\n')) {
    const [, metric, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (metric === undefined) continue;
    const known = into.get(metric) ?? new Map<string, Set<string>>();
    into.set(metric, known);
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      known.set(label, (known.get(label) ?? new Set()).add(value));
    }
  }
}
