import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RuleFinding } from '../policy/types.ts';

/** The labels are few and fixed: nothing of an object is in them. */
export interface ReviewSample {
  readonly path: string;
  readonly operation: string;
  readonly verdict: string;
  readonly seconds: number;
}

export interface Metrics {
  observeReview(sample: ReviewSample): void;
  countFindings(ruleFindings: readonly RuleFinding[]): void;
  countPatches(mutations: readonly string[]): void;
  /** Rules and mutations that threw, and any other fault of ours. */
  countFault(source: string): void;
  /** Certificates, or client certificate authorities, that could not be read, made, stored or published. */
  countCertificateFault(part: string): void;
  /** Certificates and certificate authorities that were made, published or withdrawn. */
  countCertificateChange(change: string): void;
  /** Connections without a complete request. */
  countConnectionFault(reason: ConnectionFault): void;
  /** Undefined where there is no such certificate. */
  setCertificateExpiry(kind: CertificateKind, at: Date | undefined): void;
  requestStarted(): void;
  requestEnded(): void;
  /** Connections without a complete request, and the others. */
  setConnections(fresh: number, used: number): void;
  /** Bytes of all bodies that are being received. */
  setBodyBytes(bytes: number): void;
  /** The Prometheus text format. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** The serving certificate, its certificate authority, the next one and the previous one. */
export type CertificateKind = 'leaf' | 'ca' | 'next-ca' | 'previous-ca';

/**
 * Why a connection had no complete request: the client rejected our certificate, the handshake failed otherwise, the
 * request came too slowly or was not HTTP, the connection was closed for another one, or there were too many
 * connections.
 */
export type ConnectionFault = 'certificate-refused' | 'handshake' | 'slow' | 'not-http' | 'crowded' | 'limit';

/** Operations of admission.k8s.io. */
const OPERATIONS: readonly string[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];

/** The operation for metrics and log. Any other text is `other`. */
export function operationLabel(operation: string): string {
  return OPERATIONS.includes(operation) ? operation : 'other';
}

/** Answers take well under a millisecond. kube-apiserver waits ten seconds by default. */
const BUCKETS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(build: {
  readonly version: string;
  readonly networkingCalico: string;
}): Metrics {
  const registry = new Registry();
  // The library's own default samples every 10 ms, and adds this to the delay of an idle process.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1 });
  const metrics = {
    ...createReviewMetrics([registry]),
    ...createCertificateMetrics([registry]),
    ...createConnectionMetrics([registry]),
  };
  addBuildInfo([registry], build);
  return {
    ...metrics,
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

/** The metrics of reviews. */
export type ReviewMetrics = Pick<Metrics, 'observeReview' | 'countFindings' | 'countPatches' | 'countFault'>;

/** @param registers the registries that expose them */
export function createReviewMetrics(registers: Registry[]): ReviewMetrics {
  const duration = new Histogram({
    name: 'calico_admission_review_duration_seconds',
    help: 'Time from the first byte of a review to its answer, by path, operation and verdict.',
    labelNames: ['path', 'operation', 'verdict'] as const,
    buckets: BUCKETS,
    registers,
  });
  const findings = new Counter({
    name: 'calico_admission_findings_total',
    help: 'Findings, by rule and by action.',
    labelNames: ['rule', 'action'] as const,
    registers,
  });
  const patches = new Counter({
    name: 'calico_admission_patches_total',
    help: 'Objects changed, by mutation.',
    labelNames: ['mutation'] as const,
    registers,
  });
  const faults = new Counter({
    name: 'calico_admission_faults_total',
    help: 'Internal faults, by the rule or the part that failed.',
    labelNames: ['source'] as const,
    registers,
  });
  return {
    observeReview: ({ path, operation, verdict, seconds }) => {
      duration.observe({ path, operation: operationLabel(operation), verdict }, seconds);
    },
    countFindings: (ruleFindings) => {
      for (const { rule, action } of ruleFindings) findings.inc({ rule, action });
    },
    countPatches: (mutations) => {
      for (const mutation of mutations) patches.inc({ mutation });
    },
    countFault: (source) => faults.inc({ source }),
  };
}

type CertificateMetrics = Pick<
  Metrics,
  'countCertificateFault' | 'countCertificateChange' | 'setCertificateExpiry'
>;

function createCertificateMetrics(registers: Registry[]): CertificateMetrics {
  const expiry = new Gauge({
    name: 'calico_admission_certificate_expiry_timestamp_seconds',
    help: 'When the serving certificate (leaf) and its certificate authorities (ca, next-ca, previous-ca) expire, in seconds since 1970.',
    labelNames: ['kind'] as const,
    registers,
  });
  const certificateFaults = new Counter({
    name: 'calico_admission_certificate_faults_total',
    help: 'Certificates that could not be read, created, stored or published, by the part that failed.',
    labelNames: ['part'] as const,
    registers,
  });
  const certificateChanges = new Counter({
    name: 'calico_admission_certificate_changes_total',
    help: 'Certificates and certificate authorities that were created, published or withdrawn, by change.',
    labelNames: ['change'] as const,
    registers,
  });
  return {
    countCertificateFault: (part) => certificateFaults.inc({ part }),
    countCertificateChange: (change) => certificateChanges.inc({ change }),
    setCertificateExpiry: (kind, at) => {
      if (at === undefined) expiry.remove({ kind });
      else expiry.set({ kind }, at.getTime() / 1000);
    },
  };
}

type ConnectionMetrics = Pick<
  Metrics,
  'countConnectionFault' | 'requestStarted' | 'requestEnded' | 'setConnections' | 'setBodyBytes'
>;

function createConnectionMetrics(registers: Registry[]): ConnectionMetrics {
  const connectionFaults = new Counter({
    name: 'calico_admission_connection_faults_total',
    help: 'Connections without a complete request, by reason.',
    labelNames: ['reason'] as const,
    registers,
  });
  let requests = 0;
  new Gauge({
    name: 'calico_admission_requests_in_flight',
    help: 'Requests without a complete answer.',
    registers,
    collect() {
      this.set(requests);
    },
  });
  const connections = new Gauge({
    name: 'calico_admission_connections',
    help: 'Connections to the webhook port, by whether a request has been completed on them.',
    labelNames: ['state'] as const,
    registers,
  });
  let bodyBytes = 0;
  new Gauge({
    name: 'calico_admission_body_bytes',
    help: 'Bytes of request bodies that are still being received.',
    registers,
    collect() {
      this.set(bodyBytes);
    },
  });
  return {
    countConnectionFault: (reason) => connectionFaults.inc({ reason }),
    requestStarted: () => {
      requests += 1;
    },
    requestEnded: () => {
      requests -= 1;
    },
    setConnections: (fresh, used) => {
      connections.set({ state: 'new' }, fresh);
      connections.set({ state: 'used' }, used);
    },
    setBodyBytes: (bytes) => {
      bodyBytes = bytes;
    },
  };
}

function addBuildInfo(
  registers: Registry[],
  build: { readonly version: string; readonly networkingCalico: string },
): void {
  const info = new Gauge({
    name: 'calico_admission_build_info',
    help: 'Always 1; the release, and the networking-calico release whose API it follows.',
    labelNames: ['version', 'networking_calico'] as const,
    registers,
  });
  info.set({ version: build.version, networking_calico: build.networkingCalico }, 1);
}
