import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Metrics } from './metrics.ts';

/** The part that failed: reading objects, writing reports, or a bug. */
export type AuditFault = 'read' | 'write' | 'bug';

/** One audit of a whole cluster. */
export interface AuditSample {
  readonly counts: readonly { readonly rule: string; readonly action: string; readonly count: number }[];
  /** Objects by resource and group. */
  readonly evaluated: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** When it ended, in seconds since 1970. */
  readonly endedAt: number;
  /** Undefined where no reports are written. */
  readonly reports: number | undefined;
}

export interface AuditMetrics extends Pick<Metrics, 'countFault' | 'expose'> {
  setRun(sample: AuditSample): void;
  countAuditFault(part: AuditFault): void;
}

/** @param everySeconds the interval between two audits */
export function createAuditMetrics(everySeconds: number): AuditMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1 });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name: `calico_admission_audit_${name}`, help, labelNames, registers: [registry] });
  const findings = gauge('findings', 'Findings in the objects of the cluster, by rule and by action.', [
    'rule',
    'action',
  ]);
  const objects = gauge('objects', 'Objects that were evaluated, by resource.', ['resource']);
  const reports = gauge('reports', 'Reports that were written into the cluster.');
  const endedAt = gauge(
    'last_run_timestamp_seconds',
    'When the last audit ended, in seconds since 1970; 0 before the first.',
  );
  const duration = gauge('last_run_duration_seconds', 'How long the last audit took.');
  gauge('interval_seconds', 'The interval between two audits.').set(everySeconds);
  const faults = new Counter({
    name: 'calico_admission_audit_faults_total',
    help: 'Failed audits, by the part that failed.',
    labelNames: ['part'] as const,
    registers: [registry],
  });
  const countAuditFault = (part: AuditFault) => faults.inc({ part });
  return {
    setRun(sample) {
      // A finding that is gone has no series any more.
      findings.reset();
      objects.reset();
      for (const { rule, action, count } of sample.counts) findings.set({ rule, action }, count);
      for (const [resource, count] of Object.entries(sample.evaluated)) objects.set({ resource }, count);
      reports.set(sample.reports ?? 0);
      duration.set(sample.seconds);
      endedAt.set(sample.endedAt);
    },
    countAuditFault,
    countFault: () => countAuditFault('bug'),
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
