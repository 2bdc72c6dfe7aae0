import { createBundle, describeObject } from '../check/bundle.ts';
import { severityOf } from '../check/report.ts';
import { formatPath } from '../policy/field-path.ts';
import { type JsonObject, readString } from '../policy/json.ts';
import { boundGot, type MessageParts } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { DocumentRef, RuleFinding } from '../policy/types.ts';
import { listFirstServed, type Unread } from './inventory.ts';
import type { Collection } from './list-objects.ts';

export interface AuditOptions {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  /**
   * Returns object by object, so that a large cluster is never in memory as a whole.
   * @throws ApiError where the server answers with an error
   */
  list(collection: Collection): AsyncIterable<unknown>;
  /** Called after each object. */
  onProgress?(objects: number): void;
}

/** The identity of an object in the cluster, without its content. */
export interface AuditedObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for an object without a namespace. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface AuditFinding extends AuditedObject, MessageParts {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly path: string;
}

/** The number of findings of a rule, by the action that a write of the object would get. */
export interface AuditCount {
  readonly rule: string;
  readonly action: RuleFinding['action'];
  readonly count: number;
}

export interface AuditReport {
  /** Errors first, then by rule, namespace and name. */
  readonly findings: readonly AuditFinding[];
  /** Counts of all findings, also of those that are only for the audit. */
  readonly counts: readonly AuditCount[];
  /** The number of evaluated objects, by resource and group: `shoots.core.gardener.cloud`. */
  readonly evaluated: Readonly<Record<string, number>>;
  readonly unread: readonly Unread[];
}

/** Evaluates the objects of a cluster as if they were created now. Of each object, only its findings are kept. */
export async function auditCluster(options: AuditOptions): Promise<AuditReport> {
  const { registry, settings } = options;
  const bundle = createBundle(registry, settings);
  const found = createFindings();
  const evaluated: Record<string, number> = {};
  const unread: Unread[] = [];
  // By their index: findings across objects are known only after all objects have been read.
  const objects: AuditedObject[] = [];
  const evaluate = (object: JsonObject, resource: string): void => {
    const described = describeObject(object);
    const ref: DocumentRef = { index: objects.length, file: '', ...described };
    const self = {
      ...described,
      apiVersion: readString(object, 'apiVersion') ?? '',
      uid: readString(object, 'metadata', 'uid') ?? '',
    };
    objects.push(self);
    const findings = bundle.evaluate({ ref, object, isComplete: true, duplicates: () => [] });
    if (findings !== undefined) evaluated[resource] = (evaluated[resource] ?? 0) + 1;
    for (const finding of findings ?? []) found.add(finding, self);
    options.onProgress?.(objects.length);
  };
  for (const { target } of registry.policies) {
    if (target.isGeneral) continue;
    const inventory = { list: options.list, onUnread: (each: Unread) => unread.push(each) };
    for await (const { object, name } of listFirstServed(target, inventory)) evaluate(object, name);
  }
  for (const { document, ...finding } of bundle.finish()) {
    const object = objects[document.index];
    if (object !== undefined) found.add(finding, object);
  }
  return { findings: found.list(), counts: found.counts(), evaluated, unread };
}

function createFindings() {
  const findings: AuditFinding[] = [];
  const counts = new Map<string, { rule: string; action: RuleFinding['action']; count: number }>();
  return {
    list: () => findings.sort(compare),
    counts: (): AuditCount[] => [...counts.values()],
    add({ rule, action, path, problem, got, advice }: RuleFinding, object: AuditedObject): void {
      const key = `${rule} ${action}`;
      const known = counts.get(key) ?? { rule, action, count: 0 };
      known.count += 1;
      counts.set(key, known);
      const severity = severityOf(action);
      if (severity === 'note') return;
      const message = { problem, got: boundGot(got), advice };
      findings.push({ ...object, rule, severity, path: formatPath(path), ...message });
    },
  };
}

function compare(a: AuditFinding, b: AuditFinding): number {
  const keys = ['severity', 'rule', 'namespace', 'name', 'path'] as const;
  for (const key of keys) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return 0;
}
