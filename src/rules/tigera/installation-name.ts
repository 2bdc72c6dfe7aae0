// The operator reads the Installation named default (tigera-secure for Calico Enterprise) and merges the one named
// overlay into it. Newer CRDs reject any other name; older ones store the object, and nothing reads it. The rule
// accepts default, tigera-secure and overlay.

import installation from '../../kinds/installation.json' with { type: 'json' };
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

const NAMES = wordsAt(installation, 'metadata', 'name');

export const installationName: Rule<ObjectInput> = {
  id: 'tigera/installation-name',
  title: 'an Installation must have a name that the operator reads',
  action: 'deny',
  docs: {
    why: 'A cluster has one Installation, and the operator looks for it by its name. With any other name the API server rejects it, or the operator never reads it.',
    fix: 'Name it `default`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec: {}
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: calico
spec: {}
`,
    source: 'Tigera operator, CRD of Installation (CEL rule on metadata.name)',
    since: '0.1.0',
  },
  *check({ object }) {
    yield* checkAllowedValue({
      path: ['metadata', 'name'],
      value: readString(object, 'metadata', 'name'),
      problem: 'the operator does not read this name',
      allowed: NAMES,
    });
  },
};
