import type { IpFamily } from '../../../formats/ip.ts';
import type { FieldPath } from '../../../policy/field-path.ts';
import { type JsonObject, readList } from '../../../policy/json.ts';

export interface FilterRule {
  readonly path: FieldPath;
  readonly rule: unknown;
  /** The family of the routes that the rule matches. */
  readonly family: IpFamily;
}

const LISTS = [
  { field: 'exportV4', family: 'IPv4' },
  { field: 'importV4', family: 'IPv4' },
  { field: 'exportV6', family: 'IPv6' },
  { field: 'importV6', family: 'IPv6' },
] as const;

/** The rules of a BGPFilter. */
export function* listFilterRules(spec: JsonObject): Generator<FilterRule> {
  for (const { field, family } of LISTS) {
    for (const [index, rule] of readList(spec, field).entries()) {
      yield { path: ['spec', field, index], rule, family };
    }
  }
}
