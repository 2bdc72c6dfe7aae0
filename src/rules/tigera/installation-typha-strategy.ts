// This rule checks how new pods of Typha replace old ones. The operator validates it as the API server validates a
// Deployment, but for the operator a missing bound is 0, and not 25%.
import type { FieldPath } from '../../policy/field-path.ts';
import { isUnset, type JsonObject, read, readMap } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const PLACE = ['typhaDeployment', 'spec', 'strategy', 'rollingUpdate'];
const PERCENT = /^[0-9]+%$/;

export const installationTyphaStrategy: Rule<ObjectInput> = {
  id: 'tigera/installation-typha-strategy',
  title: 'the update strategy must allow that pods of Typha are replaced',
  action: 'deny',
  docs: {
    why: 'The operator rejects a rolling update that can never replace a pod, and bounds that are neither a number nor a percentage: it reports a degraded TigeraStatus and changes nothing. For the operator a missing bound is 0.',
    fix: 'Write `maxSurge` or `maxUnavailable` as a number from 1 on, or as a percentage such as `25%`; `maxUnavailable` is at most `100%`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  typhaDeployment:
    spec:
      strategy:
        rollingUpdate:
          maxUnavailable: 1
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  typhaDeployment:
    spec:
      strategy:
        rollingUpdate:
          maxSurge: 0
`,
    source:
      'Tigera operator of Calico 3.33, pkg/common/k8svalidation/validation.go: ValidateRollingUpdateDeployment',
    since: '0.1.0',
  },
  *check({ spec }) {
    const update = readMap(spec, ...PLACE);
    if (update === undefined) return;
    const path = ['spec', ...PLACE];
    const wrong = [...findWrong(path, update)];
    yield* wrong;
    if (wrong.length > 0 || !isZero(update['maxSurge']) || !isZero(update['maxUnavailable'])) return;
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'maxSurge and maxUnavailable are both 0, so no pod can be replaced',
      advice: 'write maxUnavailable: 1',
    };
  },
};

function* findWrong(path: FieldPath, update: JsonObject): Generator<Finding> {
  for (const field of ['maxSurge', 'maxUnavailable']) {
    const value = read(update, field);
    const place = { path: [...path, field], reason: 'FieldValueInvalid' as const, got: value };
    if (typeof value === 'number' && value < 0) {
      yield { ...place, problem: 'the number of pods is negative', advice: 'use a value of 1 or more' };
    } else if (typeof value === 'string' && !PERCENT.test(value)) {
      yield {
        ...place,
        problem: 'must be a number or a percentage',
        advice: 'write a percentage such as 25%, or a number',
      };
    } else if (field === 'maxUnavailable' && typeof value === 'string' && Number(value.slice(0, -1)) > 100) {
      yield { ...place, problem: 'must be at most 100%', advice: 'write at most 100%' };
    }
  }
}

function isZero(value: unknown): boolean {
  return isUnset(value) || value === 0 || (typeof value === 'string' && Number(value.slice(0, -1)) === 0);
}
