// The kernel routing tables that Felix may use, for WireGuard and others. routeTableRange is the old form, for tables
// 1 to 250; routeTableRanges accepts any tables, but at most 65535 in total. Only one of the two can be set.
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, isUnset, read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const LARGEST_OLD = 250;
const LARGEST = 4_294_967_295;
const MAX_TABLES = 65_535;

export const felixRouteTables: Rule<ObjectInput> = {
  id: 'calico/felix-route-tables',
  title: 'the routing tables of a FelixConfiguration must be valid ranges',
  action: 'deny',
  docs: {
    why: 'Calico rejects tables that do not exist, and both fields together. Where it does not, Felix chooses tables itself, which another program may use.',
    fix: 'Write only `routeTableRanges`, each with `min` not above `max`, from 1 on.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  routeTableRanges:
  - min: 10
    max: 250
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  routeTableRanges:
  - min: 50
    max: 45
`,
    source: 'Calico, FelixConfiguration CRD (projectcalico.org/v3) and libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    const single = read(spec, 'routeTableRange');
    if (!isUnset(single) && !isUnset(read(spec, 'routeTableRanges'))) {
      yield {
        path: ['spec', 'routeTableRange'],
        reason: 'FieldValueForbidden',
        problem: 'routeTableRange and routeTableRanges cannot both be set',
        advice: 'remove this field',
      };
    } else if (isMap(single)) yield* checkTables(['spec', 'routeTableRange'], single, LARGEST_OLD);
    let tables = 0;
    for (const [index, range] of readList(spec, 'routeTableRanges').entries()) {
      if (!isMap(range)) continue;
      yield* checkTables(['spec', 'routeTableRanges', index], range, LARGEST);
      const [min, max] = [read(range, 'min'), read(range, 'max')];
      if (typeof min === 'number' && typeof max === 'number' && max >= min) tables += max - min + 1;
    }
    if (tables <= MAX_TABLES) return;
    yield {
      path: ['spec', 'routeTableRanges'],
      reason: 'FieldValueInvalid',
      problem: `${tables} tables are too many`,
      advice: `use at most ${MAX_TABLES} tables`,
    };
  },
};

function* checkTables(path: FieldPath, range: unknown, largest: number): Generator<Finding> {
  for (const bound of ['min', 'max']) {
    if (!isUnset(read(range, bound))) continue;
    const advice = 'write both min and max';
    yield { path: [...path, bound], reason: 'FieldValueRequired', problem: 'the field is missing', advice };
  }
  const [min, max] = [read(range, 'min'), read(range, 'max')];
  if (typeof min !== 'number' || typeof max !== 'number') return;
  if (min >= 1 && min <= max && max <= largest) return;
  const problem = `${min} to ${max} is not a valid range of routing tables`;
  yield { path, reason: 'FieldValueInvalid', problem, advice: `write 1 <= min <= max <= ${largest}` };
}
