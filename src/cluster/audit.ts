import { createBundle, describeObject } from '../check/bundle.ts';
import { severityOf } from '../check/report.ts';
import { formatPath } from '../policy/field-path.ts';
import { boundGot, type MessageParts } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { DocumentRef, Judgement } from '../policy/types.ts';
import { listFirstServed, type Unread } from './inventory.ts';
import type { Collection } from './list-objects.ts';

export interface AuditOptions {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  /** Object by object, so that a large cluster is never held as a whole. @throws ApiError where the server refuses */
  list(collection: Collection): AsyncIterable<unknown>;
  /** Called after each object. */
  onProgress?(objects: number): void;
}

export interface AuditFinding extends MessageParts {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly path: string;
}

export interface AuditReport {
  /** Errors first, then by rule, namespace and name. */
  readonly findings: readonly AuditFinding[];
  /** How many objects were judged, by resource and group: `shoots.core.gardener.cloud`. */
  readonly judged: Readonly<Record<string, number>>;
  readonly unread: readonly Unread[];
}

/** Judges what a cluster holds now as if it were created now. */
export async function auditCluster(options: AuditOptions): Promise<AuditReport> {
  const { registry, settings } = options;
  const bundle = createBundle(registry, settings);
  const findings: AuditFinding[] = [];
  const judged: Record<string, number> = {};
  const unread: Unread[] = [];
  let index = 0;
  const judge = (object: unknown, resource: string): void => {
    const ref: DocumentRef = { index, file: '', ...describeObject(object) };
    index += 1;
    const judgements = bundle.judge({ ref, object, isComplete: true, duplicates: () => [] });
    if (judgements !== undefined) judged[resource] = (judged[resource] ?? 0) + 1;
    for (const judgement of judgements ?? []) addFinding(findings, judgement, ref);
    options.onProgress?.(index);
  };
  for (const { target } of registry.policies) {
    if (target.isGeneral) continue;
    const inventory = { list: options.list, onUnread: (each: Unread) => unread.push(each) };
    for await (const { object, name } of listFirstServed(target, inventory)) judge(object, name);
  }
  for (const { document, ...judgement } of bundle.finish()) addFinding(findings, judgement, document);
  return { findings: findings.sort(compare), judged, unread };
}

function addFinding(findings: AuditFinding[], judgement: Judgement, ref: DocumentRef): void {
  const severity = severityOf(judgement.action);
  if (severity === 'note') return;
  findings.push({
    namespace: ref.namespace,
    kind: ref.kind,
    name: ref.name,
    rule: judgement.rule,
    severity,
    path: formatPath(judgement.path),
    problem: judgement.problem,
    got: boundGot(judgement.got),
    advice: judgement.advice,
  });
}

function compare(a: AuditFinding, b: AuditFinding): number {
  const keys = ['severity', 'rule', 'namespace', 'name', 'path'] as const;
  for (const key of keys) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return 0;
}
