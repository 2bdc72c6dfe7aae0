import type {
  V1MatchCondition,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
  V1ValidatingAdmissionPolicySpec,
} from '@kubernetes/client-node';
import { type CelVariable, createCel, toCel, toContradictionCel } from '../policy/cel.ts';
import { toFinding } from '../policy/contradiction.ts';
import type { MutationInfo, Policy, RuleInfo } from '../policy/evaluate.ts';
import { formatPath, formatPointer } from '../policy/field-path.ts';
import { renderMessage } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import { actionOf, isMutationOn, type PolicySettings } from '../policy/settings.ts';
import type { Action, Cluster, ConfigPlace, SetInCel } from '../policy/types.ts';
import { narrowingOf, renderRules } from './webhook-configurations.ts';

/** As V1ValidatingAdmissionPolicySpec, for a kind that the client library does not have yet. */
interface MutatingAdmissionPolicy {
  readonly apiVersion: string;
  readonly kind: 'MutatingAdmissionPolicy';
  readonly metadata: V1ValidatingAdmissionPolicy['metadata'];
  readonly spec: Pick<V1ValidatingAdmissionPolicySpec, 'matchConstraints' | 'matchConditions'> & {
    readonly failurePolicy: 'Fail';
    readonly reinvocationPolicy: 'IfNeeded';
    readonly variables: CelVariable[];
    readonly mutations: readonly {
      readonly patchType: 'JSONPatch';
      readonly jsonPatch: { readonly expression: string };
    }[];
  };
}

interface MutatingAdmissionPolicyBinding {
  readonly apiVersion: string;
  readonly kind: 'MutatingAdmissionPolicyBinding';
  readonly metadata: V1ValidatingAdmissionPolicyBinding['metadata'];
  readonly spec: { readonly policyName: string };
}

export type AdmissionPolicy =
  | V1ValidatingAdmissionPolicy
  | V1ValidatingAdmissionPolicyBinding
  | MutatingAdmissionPolicy
  | MutatingAdmissionPolicyBinding;

export interface PolicyOptions {
  readonly cluster: Cluster;
  /** With MutatingAdmissionPolicies, which need Kubernetes 1.36. */
  readonly mutating: boolean;
  readonly settings: PolicySettings;
}

const API_VERSION = 'admissionregistration.k8s.io/v1';

const VALIDATION_ACTIONS: Readonly<Record<Exclude<Action, 'off'>, string>> = {
  deny: 'Deny',
  warn: 'Warn',
  audit: 'Audit',
};

/**
 * The rules and mutations of a cluster that an API server can evaluate by itself, each with its binding. They apply
 * to the same objects as the webhooks, also when no webhook answers.
 */
export function renderAdmissionPolicies(registry: Registry, options: PolicyOptions): AdmissionPolicy[] {
  const policies = registry.policies.filter(({ target }) => target.registration === options.cluster);
  return policies.flatMap((policy) => [
    ...policy.rules.flatMap((rule) => renderRule(policy, rule, options)),
    ...(options.mutating ? policy.mutations : []).flatMap((each) => renderMutation(policy, each, options)),
  ]);
}

function renderRule(
  { target }: Policy,
  rule: RuleInfo,
  { cluster, settings }: PolicyOptions,
): AdmissionPolicy[] {
  const { contradiction } = rule;
  const action = actionOf(rule, settings, '');
  if (contradiction === undefined || target.inCel === undefined || action === 'off') return [];
  const cel = createCel();
  const { isOurs, isLeftAlone } = target.inCel;
  const isBroken = cel.define(
    'isBroken',
    allOf([isOurs(cel.object), toContradictionCel(contradiction, cel.object)]),
  );
  const wasBroken = cel.define(
    'wasBroken',
    allOf([isOurs(cel.old), toContradictionCel(contradiction, cel.old)]),
  );
  const leftAlone = isLeftAlone === undefined ? [] : [cel.define('isLeftAlone', isLeftAlone(cel))];
  const finding = toFinding(contradiction, settings);
  const names = settings.exempt.filter(({ rules }) => rules.includes(rule.id)).map((each) => each.namespace);
  const name = nameOf(rule.id);
  return [
    {
      apiVersion: API_VERSION,
      kind: 'ValidatingAdmissionPolicy',
      metadata: metadataOf(name),
      spec: {
        failurePolicy: 'Fail',
        ...matchOf(target, cluster, names.length === 0 ? [] : [exceptNamespaces(names)]),
        variables: cel.variables(),
        validations: [
          {
            expression: [`!${isBroken}`, wasBroken, ...leftAlone].join(' || '),
            message: `${formatPath(finding.path)}: ${renderMessage(finding)} [${rule.id}]`,
            reason: 'Invalid',
          },
        ],
      },
    },
    {
      apiVersion: API_VERSION,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: metadataOf(name),
      spec: { policyName: name, validationActions: [VALIDATION_ACTIONS[action]] },
    },
  ];
}

function renderMutation(
  { target }: Policy,
  mutation: MutationInfo,
  { cluster, settings }: PolicyOptions,
): AdmissionPolicy[] {
  const { config, inCel } = target;
  const set = mutation.inCel?.[target.id];
  if (set === undefined || config === undefined || inCel === undefined) return [];
  if (!isMutationOn(mutation.id, settings)) return [];
  const cel = createCel();
  const path = config.path.map(String);
  const isMap = cel.object.hasType(path, 'map');
  const change = set(cel);
  const isWanted = cel.define(
    'isWanted',
    allOf([inCel.isOurs(cel.object), `(${isMap} || ${cel.object.isUnset(path)})`, change.when]),
  );
  const leftAlone = inCel.isLeftAlone && cel.define('isLeftAlone', inCel.isLeftAlone(cel));
  const condition = leftAlone === undefined ? `!${isWanted}` : `!${isWanted} || ${leftAlone}`;
  const expression = `${condition}\n? []\n: ${isMap}\n? ${patchField(config, change)}\n: ${patchConfig(config, change)}`;
  const name = nameOf(`${target.id}/${mutation.id}`);
  return [
    {
      apiVersion: API_VERSION,
      kind: 'MutatingAdmissionPolicy',
      metadata: metadataOf(name),
      spec: {
        failurePolicy: 'Fail',
        reinvocationPolicy: 'IfNeeded',
        ...matchOf(target, cluster, []),
        variables: cel.variables(),
        mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression } }],
      },
    },
    {
      apiVersion: API_VERSION,
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: metadataOf(name),
      spec: { policyName: name },
    },
  ];
}

/** Each condition on its own line, for the readers of the policy. */
function allOf(conditions: readonly string[]): string {
  return conditions.join('\n&& ');
}

function patchField({ path }: ConfigPlace, { field, value }: SetInCel): string {
  return renderPatch(formatPointer([...path, field]), value);
}

/** A new configuration also gets its first fields. */
function patchConfig({ path, typeMeta }: ConfigPlace, { field, value }: SetInCel): string {
  return renderPatch(formatPointer(path), { ...typeMeta, [field]: value });
}

/** `add` also replaces an existing value. */
function renderPatch(pointer: string, value: unknown): string {
  return `[JSONPatch{op: 'add', path: ${toCel(pointer)}, value: ${toCel(value)}}]`;
}

function matchOf(target: Policy['target'], cluster: Cluster, more: readonly V1MatchCondition[]) {
  const { namespaceSelector, matchConditions = [] } = narrowingOf(cluster);
  return {
    matchConstraints: {
      matchPolicy: 'Equivalent',
      resourceRules: renderRules(target),
      ...(namespaceSelector && { namespaceSelector }),
    },
    matchConditions: [...matchConditions, ...more],
  };
}

/** An exempt namespace gets no finding of the rule, and nothing counts what it would have found. */
function exceptNamespaces(names: readonly string[]): V1MatchCondition {
  return { name: 'not-exempt', expression: `!(request.namespace in ${toCel(names)})` };
}

function metadataOf(name: string) {
  return { name, labels: { 'app.kubernetes.io/name': 'calico-admission' } };
}

function nameOf(id: string): string {
  return `calico-admission-${id.replace('/', '-')}`;
}
