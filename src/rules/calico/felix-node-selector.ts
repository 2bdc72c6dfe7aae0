// Which nodes a FelixConfiguration is for: `default` is for all, `node.<name>` for one, any other for those that its
// nodeSelector selects. On the first two a selector is rejected, because it would contradict the name.
import { isUnset, read } from '../../policy/json.ts';
import { quote } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import { nameOf } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkSelector } from '../shared/selector-advice.ts';

const PATH = ['spec', 'nodeSelector'];
const MAX_LENGTH = 1024;

export const felixNodeSelector: Rule<ObjectInput> = {
  id: 'calico/felix-node-selector',
  title: 'the nodeSelector of Felix goes with the name and can be read',
  action: 'deny',
  docs: {
    why: 'The name says already which nodes `default` and `node.<name>` are for; the API server rejects a selector there. One that cannot be read is stored; Felix logs it and goes on without the configuration, which is a warning.',
    fix: 'Remove `nodeSelector`, or give the configuration another name.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: edge
spec:
  nodeSelector: has(edge)
  logSeverityScreen: Debug
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  nodeSelector: has(edge)
  logSeverityScreen: Debug
`,
    source:
      'Calico, FelixConfiguration CRD (projectcalico.org/v3): validation rule on the name; felix/calc/config_batcher.go',
    since: '0.1.0',
  },
  *check(input) {
    const selector = read(input.spec, 'nodeSelector');
    if (isUnset(selector)) return;
    const name = nameOf(input) ?? '';
    if (name === 'default' || name.startsWith('node.')) {
      const problem = `${quote(name)} is for ${name === 'default' ? 'all nodes' : 'one node'} by its name`;
      const advice = 'remove it, or rename the configuration';
      yield { path: PATH, reason: 'FieldValueForbidden', problem, got: selector, advice };
    }
    if (typeof selector === 'string' && selector.length > MAX_LENGTH) {
      const problem = `has ${selector.length} characters, ${MAX_LENGTH} at most are allowed`;
      const advice = 'shorten it, such as to a label of its own';
      yield { path: PATH, reason: 'FieldValueInvalid', problem, advice };
    } else {
      // Every API stores it, and Felix goes on without the configuration.
      for (const finding of checkSelector(PATH, selector)) yield { ...finding, atMost: 'warn' };
    }
  },
};
