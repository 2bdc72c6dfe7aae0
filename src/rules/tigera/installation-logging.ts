// How much the CNI plugin logs: number and age of files above zero, and their size as a quantity with a binary
// suffix. The operator stops with a degraded TigeraStatus at zero, at a negative number, and at a size without Ki, Mi
// or the like: 100M is rejected, 100Mi is not.

import { parseQuantity } from '../../formats/quantity.ts';
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const LOGS: readonly string[] = ['logging', 'cni'];

export const installationLogging: Rule<ObjectInput> = {
  id: 'tigera/installation-logging',
  title: 'logs of the CNI plugin have limits that work',
  action: 'deny',
  docs: {
    why: 'The operator rejects limits of zero or less, and a size without binary suffix.',
    fix: 'Write numbers above 0, and a size such as `100Mi`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  logging:
    cni:
      logFileMaxSize: 100Mi
      logFileMaxCount: 10
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  logging:
    cni:
      logFileMaxSize: 100M
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of ['logFileMaxCount', 'logFileMaxAgeDays']) {
      const value = read(spec, ...LOGS, field);
      if (typeof value !== 'number' || value > 0) continue;
      yield {
        path: ['spec', ...LOGS, field],
        reason: 'FieldValueInvalid',
        problem: 'not a number above 0',
        got: value,
        advice: 'remove it or write one',
      };
    }
    const size = read(spec, ...LOGS, 'logFileMaxSize');
    if (isUnset(size) || (typeof size !== 'string' && typeof size !== 'number')) return;
    const isBinary = typeof size === 'string' && /[KMGTPE]i$/.test(size);
    if (isBinary && parseQuantity(size)?.sign === 1) return;
    yield {
      path: ['spec', ...LOGS, 'logFileMaxSize'],
      reason: 'FieldValueInvalid',
      problem: 'not a size above 0 with a binary suffix',
      got: size,
      advice: 'write one such as 100Mi',
    };
  },
};
