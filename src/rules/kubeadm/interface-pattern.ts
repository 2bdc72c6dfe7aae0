// interface= and skip-interface= of IP_AUTODETECTION_METHOD are lists of patterns, which need not match the whole
// name. If they are globs, or empty, they match other interfaces than the user meant, and the node uses the address of
// a bridge or of a network that others cannot reach. Another rule reports patterns that do not compile.
import { meantByGlob } from '../../formats/glob.ts';
import { quote } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { CalicoNodeInput } from '../../targets/calico-node.ts';

const METHODS: readonly string[] = ['IP_AUTODETECTION_METHOD', 'IP6_AUTODETECTION_METHOD'];

export const interfacePattern: Rule<CalicoNodeInput> = {
  id: 'kubeadm/interface-pattern',
  title: 'interface patterns should be regular expressions, not globs, and not empty',
  action: 'warn',
  docs: {
    why: 'These are regular expressions, which match anywhere in a name. `en*` matches every name with an e, such as docker_gwbridge; an empty pattern matches all interfaces, so `skip-interface=` leaves none.',
    fix: 'Write `interface=^en.*`, or the name of the interface.',
    good: `
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: IP
              value: autodetect
            - name: IP_AUTODETECTION_METHOD
              value: interface=^en.*
`,
    bad: `
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: IP
              value: autodetect
            - name: IP_AUTODETECTION_METHOD
              value: interface=en*
`,
    source:
      'node/pkg/lifecycle/startup/autodetection/interfaces.go; Calico documentation, IP autodetection methods',
    since: '0.1.0',
  },
  *check({ node }) {
    for (const name of METHODS) {
      const variable = node?.variables.get(name);
      const [, method, list] = /^(interface|skip-interface)=(.*)$/s.exec(variable?.value ?? '') ?? [];
      if (variable === undefined || method === undefined || list === undefined) continue;
      const patterns = list.split(',').map((each) => each.trim());
      const glob = patterns.find((each) => meantByGlob(each) !== undefined);
      if (glob !== undefined) {
        yield {
          path: variable.path,
          reason: 'FieldValueInvalid',
          problem: `${quote(glob)} is not a glob: * repeats the character before it`,
          got: variable.value,
          advice: `write ${meantByGlob(glob)}`,
        };
      } else if (patterns.includes('')) {
        yield {
          path: variable.path,
          reason: 'FieldValueInvalid',
          problem: 'an empty pattern matches every interface',
          got: variable.value,
          advice: `write a pattern, such as ${method}=^eth.*`,
        };
      }
    }
  },
};
