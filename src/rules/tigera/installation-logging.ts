// Log limits of the CNI plugin: number and age of files above zero, and their size as a quantity with a binary suffix.
// The operator stops with a degraded TigeraStatus at zero, at a negative number, and at a size without Ki, Mi or a
// similar suffix: 100M is rejected, 100Mi is not.

import { parseQuantity } from '../../formats/quantity.ts';
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const LOGS: readonly string[] = ['logging', 'cni'];

export const installationLogging: Rule<ObjectInput> = {
  id: 'tigera/installation-logging',
  title: 'log limits of the CNI plugin must be above zero, with a binary suffix for sizes',
  action: 'deny',
  docs: {
    why: 'The operator rejects limits of zero or less, and a size without a binary suffix.',
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
        problem: 'must be a number above 0',
        got: value,
        advice: 'remove it, or write a number above 0',
      };
    }
    const size = read(spec, ...LOGS, 'logFileMaxSize');
    if (isUnset(size) || (typeof size !== 'string' && typeof size !== 'number')) return;
    const isBinary = typeof size === 'string' && /[KMGTPE]i$/.test(size);
    if (isBinary && parseQuantity(size)?.sign === 1) return;
    yield {
      path: ['spec', ...LOGS, 'logFileMaxSize'],
      reason: 'FieldValueInvalid',
      problem: 'must be a size above 0 with a binary suffix',
      got: size,
      advice: 'write a size such as 100Mi',
    };
  },
};
