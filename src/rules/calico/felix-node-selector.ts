// The nodes of a FelixConfiguration: `default` applies to all, `node.<name>` to one, any other name to those that its
// nodeSelector selects. The first two must not have a selector, because it would contradict the name.
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
  title: 'the nodeSelector of a FelixConfiguration must be valid and fit the name',
  action: 'deny',
  docs: {
    why: 'The names `default` and `node.<name>` already say which nodes the configuration applies to; the API server rejects a selector there. A selector that cannot be parsed is stored; Felix logs it and ignores the configuration, which is a warning.',
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
      const problem = `the name ${quote(name)} already selects ${name === 'default' ? 'all nodes' : 'one node'}`;
      const advice = 'remove it, or rename the configuration';
      yield { path: PATH, reason: 'FieldValueForbidden', problem, got: selector, advice };
    }
    if (typeof selector === 'string' && selector.length > MAX_LENGTH) {
      const problem = `has ${selector.length} characters, but at most ${MAX_LENGTH} are allowed`;
      const advice = 'shorten it, for example with a new label';
      yield { path: PATH, reason: 'FieldValueInvalid', problem, advice };
    } else {
      // Every API stores it, and Felix ignores the configuration.
      for (const finding of checkSelector(PATH, selector)) yield { ...finding, atMost: 'warn' };
    }
  },
};
