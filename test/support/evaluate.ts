import type { Outcome, Policy } from '../../src/policy/evaluate.ts';
import type { FieldPath } from '../../src/policy/field-path.ts';
import { formatPath } from '../../src/policy/field-path.ts';
import { isMap, read } from '../../src/policy/json.ts';
import type { Registry } from '../../src/policy/registry.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from '../../src/policy/settings.ts';
import type { EvaluationRequest, RuleFinding } from '../../src/policy/types.ts';

export interface EvaluationCase {
  readonly object: unknown;
  readonly old?: unknown;
  readonly pathProvider?: string;
  readonly duplicates?: readonly FieldPath[];
  readonly settings?: PolicySettings;
}

function toRequest(subject: EvaluationCase): EvaluationRequest {
  return {
    operation: subject.old === undefined ? 'CREATE' : 'UPDATE',
    object: subject.object,
    old: subject.old,
    pathProvider: subject.pathProvider,
    duplicates: (which) => (which === 'object' ? (subject.duplicates ?? []) : []),
  };
}

function policyOf(registry: Registry, object: unknown): Policy {
  const kind = String(read(object, 'kind') ?? 'Shoot');
  const policy = registry.find(undefined, kind);
  if (policy === undefined) throw new Error(`no policy for ${kind}`);
  return policy;
}

function context(settings = DEFAULT_SETTINGS) {
  return { settings, namespace: 'garden-dev', checkpoint: () => {} };
}

export function validate(registry: Registry, subject: EvaluationCase): Outcome {
  return policyOf(registry, subject.object).validate(toRequest(subject), context(subject.settings));
}

export function mutate(registry: Registry, subject: EvaluationCase): Outcome {
  return policyOf(registry, subject.object).mutate(toRequest(subject), context(subject.settings));
}

/** `<path>` of each finding of a rule, in order. */
export function pathsOf(outcome: Outcome, rule: string): string[] {
  return outcome.findings.filter((each) => each.rule === rule).map((each) => formatPath(each.path));
}

export function findingsOf(outcome: Outcome, rule: string): RuleFinding[] {
  return outcome.findings.filter((each) => each.rule === rule);
}

/** A Shoot as a user writes it, with a providerConfig and other changes. */
export function shoot(providerConfig: unknown, spec: object = {}, networking: object = {}): object {
  return {
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'Shoot',
    metadata: { name: 'foo', namespace: 'garden-dev' },
    spec: merge(
      {
        kubernetes: { version: '1.34.0' },
        provider: { type: 'local', workers: [{ name: 'worker', minimum: 1, maximum: 2 }] },
        networking: { type: 'calico', nodes: '10.250.0.0/16', providerConfig, ...networking },
      },
      spec,
    ),
  };
}

function merge(base: object, change: object): object {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const present = result[key];
    result[key] = isMap(present) && isMap(value) ? merge(present, value) : value;
  }
  return result;
}
