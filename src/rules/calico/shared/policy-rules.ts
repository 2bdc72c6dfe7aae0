import type { FieldPath } from '../../../policy/field-path.ts';
import { isUnset, type JsonObject, read, readList, readString } from '../../../policy/json.ts';

export type Direction = 'ingress' | 'egress';

/** A rule of a policy of Calico. */
export interface PolicyRule {
  readonly path: FieldPath;
  readonly direction: Direction;
  readonly rule: unknown;
}

/** One end of the packets that a rule matches. */
export interface RuleEnd {
  readonly path: FieldPath;
  readonly end: 'source' | 'destination';
  readonly entity: unknown;
}

export function* listPolicyRules(spec: JsonObject): Generator<PolicyRule> {
  for (const direction of ['ingress', 'egress'] as const) {
    for (const [index, rule] of readList(spec, direction).entries()) {
      yield { path: ['spec', direction, index], direction, rule };
    }
  }
}

/** Source and destination of a rule, if they are set. */
export function* listEnds({ path, rule }: PolicyRule): Generator<RuleEnd> {
  for (const end of ['source', 'destination'] as const) {
    const entity = read(rule, end);
    if (!isUnset(entity)) yield { path: [...path, end], end, entity };
  }
}

/** Both ends of all rules. */
export function* listAllEnds(spec: JsonObject): Generator<RuleEnd & { readonly rule: PolicyRule }> {
  for (const rule of listPolicyRules(spec)) {
    for (const end of listEnds(rule)) yield { ...end, rule };
  }
}

/** The ranges of one end of a rule: nets and notNets. */
export function* listNets({ path, entity }: RuleEnd): Generator<{
  readonly path: FieldPath;
  readonly isNegated: boolean;
  readonly text: string;
}> {
  for (const field of ['nets', 'notNets']) {
    for (const [index, text] of readList(entity, field).entries()) {
      if (typeof text === 'string')
        yield { path: [...path, field, index], isNegated: field === 'notNets', text };
    }
  }
}

/** The protocol of a rule, if it is a number or a text. */
export function protocolOf(rule: unknown, field = 'protocol'): number | string | undefined {
  const value = read(rule, field);
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

/** Whether a policy applies to one namespace. */
export function isNamespaced(object: JsonObject): boolean {
  return readString(object, 'kind')?.includes('Global') === false;
}
