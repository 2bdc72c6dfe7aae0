// This rule checks the tolerations of the components. The CRD accepts any text, and the operator validates them as the
// API server validates the tolerations of a pod. It copies controlPlaneTolerations without validation, and the API
// server rejects the Deployments.
import { isLabelValue, isQualifiedName } from '../../formats/dns.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, read, readList, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { listOverrides } from './shared/overrides.ts';

const PLACE = ['spec', 'template', 'spec', 'tolerations'];
const OPERATORS: readonly string[] = ['Equal', 'Exists'];
const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export const installationToleration: Rule<ObjectInput> = {
  id: 'tigera/installation-toleration',
  title: 'tolerations in an Installation must be valid for a pod',
  action: 'deny',
  docs: {
    why: 'The operator rejects tolerations that are not valid for a pod: it reports a degraded TigeraStatus and changes nothing. It does not validate `controlPlaneTolerations`. There the API server rejects the Deployments, and the finding is a warning.',
    fix: 'Write `operator: Exists` without a `value` to tolerate every value of a key, and without a `key` to tolerate every taint. `tolerationSeconds` goes with `effect: NoExecute` only.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNodeDaemonSet:
    spec:
      template:
        spec:
          tolerations:
            - operator: Exists
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNodeDaemonSet:
    spec:
      template:
        spec:
          tolerations:
            - effect: NoSchedule
`,
    source:
      'Tigera operator of Calico 3.33, pkg/common/k8svalidation/validation.go; Kubernetes 1.36, ValidateTolerations',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, values } of listOverrides(spec)) {
      yield* checkTolerations([...path, ...PLACE], readList(values, ...PLACE));
    }
    const passedOn = readList(spec, 'controlPlaneTolerations');
    for (const finding of checkTolerations(['spec', 'controlPlaneTolerations'], passedOn)) {
      yield { ...finding, atMost: 'warn' };
    }
  },
};

function* checkTolerations(path: FieldPath, tolerations: readonly unknown[]): Generator<Finding> {
  for (const [index, toleration] of tolerations.entries()) {
    if (isMap(toleration)) yield* checkToleration([...path, index], toleration);
  }
}

function* checkToleration(path: FieldPath, toleration: JsonObject): Generator<Finding> {
  const key = readText(toleration, 'key');
  const operator = readText(toleration, 'operator');
  const effect = readText(toleration, 'effect');
  // Another rule reports the wrong type.
  if (key === undefined || operator === undefined || effect === undefined) return;
  const isKnown = operator === '' || OPERATORS.includes(operator);
  if (key !== '' && !isQualifiedName(key)) {
    const advice = 'write a name such as example.org/team, with at most 63 characters after the /';
    yield {
      path: [...path, 'key'],
      reason: 'FieldValueInvalid',
      problem: 'invalid taint key',
      got: key,
      advice,
    };
  }
  if (!isKnown) {
    const problem = 'unsupported operator of a toleration';
    yield* checkAllowedValue({ path: [...path, 'operator'], value: operator, problem, allowed: OPERATORS });
  } else if (key === '' && operator !== 'Exists') {
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'a toleration without a key needs the operator Exists',
      advice: 'write operator: Exists, or add the key of the taint',
    };
  }
  if (effect !== '' && !EFFECTS.includes(effect)) {
    const problem = 'unsupported taint effect';
    yield* checkAllowedValue({ path: [...path, 'effect'], value: effect, problem, allowed: EFFECTS });
  } else if (!isUnset(read(toleration, 'tolerationSeconds')) && effect !== 'NoExecute') {
    yield {
      path: [...path, 'tolerationSeconds'],
      reason: 'FieldValueForbidden',
      problem: 'only allowed with the effect NoExecute',
      got: read(toleration, 'tolerationSeconds'),
      advice: 'remove it, or write effect: NoExecute',
    };
  }
  if (isKnown) yield* checkValue([...path, 'value'], readString(toleration, 'value') ?? '', operator);
}

function* checkValue(path: FieldPath, value: string, operator: string): Generator<Finding> {
  if (operator === 'Exists' && value !== '') {
    yield {
      path,
      reason: 'FieldValueForbidden',
      problem: 'not allowed with the operator Exists, which matches any value',
      got: value,
      advice: 'remove it, or write operator: Equal',
    };
  } else if (!isLabelValue(value)) {
    const advice = 'write at most 63 letters, digits, dots, - and _';
    yield { path, reason: 'FieldValueInvalid', problem: 'invalid taint value', got: value, advice };
  }
}

/** Empty where nothing is written. Undefined where the value is not a string. */
function readText(toleration: JsonObject, field: string): string | undefined {
  return isUnset(read(toleration, field)) ? '' : readString(toleration, field);
}
