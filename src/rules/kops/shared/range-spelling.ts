import { parseCidr, strictCidrProblem } from '../../../formats/cidr.ts';
import type { FieldPath } from '../../../policy/field-path.ts';
import type { Finding } from '../../../policy/types.ts';
import { adviseCidr } from '../../shared/cidr-advice.ts';

/** kOps parses ranges as Go does, but rejects bits beyond the prefix. Undefined where it accepts the range. */
export function findSpelling(path: FieldPath, value: string): Finding | undefined {
  const spelling = strictCidrProblem(value);
  if (parseCidr(value) !== undefined && spelling?.kind !== 'host-bits') return undefined;
  const explanation = adviseCidr(value, spelling ?? { kind: 'unparsable' });
  return { path, reason: 'FieldValueInvalid', ...explanation, got: value };
}
