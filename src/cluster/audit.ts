import { createBundle, describeObject } from '../check/bundle.ts';
import { severityOf } from '../check/report.ts';
import { formatPath } from '../policy/field-path.ts';
import { isMap, readString } from '../policy/json.ts';
import { boundGot, escapeInvisible, type MessageParts } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { DocumentRef, Judgement, TargetInfo } from '../policy/types.ts';
import { ApiError } from './api.ts';
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
  /** What could not be listed though the cluster has it, and why. */
  readonly unread: readonly { readonly resource: string; readonly message: string }[];
}

/** Longest of what a server says, in characters. */
const MAX_REASON = 200;

/** Judges what a cluster holds now as if it were created now. */
export async function auditCluster(options: AuditOptions): Promise<AuditReport> {
  const { registry, settings } = options;
  const bundle = createBundle(registry, settings);
  const findings: AuditFinding[] = [];
  const judged: Record<string, number> = {};
  const unread: { resource: string; message: string }[] = [];
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
    if (!target.isGeneral) await judgeFirstServed(target, options, judge, unread);
  }
  for (const { document, ...judgement } of bundle.finish()) addFinding(findings, judgement, document);
  return { findings: findings.sort(compare), judged, unread };
}

/** Where several groups or versions serve a kind they show the same objects, and one of them is enough. */
async function judgeFirstServed(
  { apis, resource }: TargetInfo,
  options: AuditOptions,
  judge: (object: unknown, resource: string) => void,
  unread: { resource: string; message: string }[],
): Promise<void> {
  for (const { group, versions, isOfFiles } of apis) {
    if (isOfFiles) continue;
    for (const version of versions) {
      const name = `${resource}.${group}`;
      try {
        for await (const object of options.list({ group, version, resource })) {
          if (isMap(object)) judge(object, name);
        }
        return;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // The cluster does not have the kind at all, which is no fault.
        if (error.status === 404) continue;
        const message = readString(error.answer, 'message') ?? error.problem;
        unread.push({ resource: name, message: escapeInvisible(message, MAX_REASON) });
        return;
      }
    }
  }
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
