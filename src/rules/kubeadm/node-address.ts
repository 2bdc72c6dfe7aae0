// IP and IP6 of calico-node must be autodetect, none, an address, or a CIDR with an address. calico-node stops at
// anything else.
import { parseCidr } from '../../formats/cidr.ts';
import { parseIp } from '../../formats/ip.ts';
import type { Rule } from '../../policy/types.ts';
import type { CalicoNodeInput } from '../../targets/calico-node.ts';

const FAMILIES = [
  { name: 'IP', family: 'IPv4' },
  { name: 'IP6', family: 'IPv6' },
] as const;

export const nodeAddress: Rule<CalicoNodeInput> = {
  id: 'kubeadm/node-address',
  title: 'IP and IP6 of calico-node must be valid',
  action: 'deny',
  docs: {
    why: 'calico-node stops at a value that is neither a known word nor an address of the family: no node becomes ready. An interface or a method belongs in `IP_AUTODETECTION_METHOD`.',
    fix: 'Write `autodetect`, `none` or an address. Write a method into `IP_AUTODETECTION_METHOD` or `IP6_AUTODETECTION_METHOD`.',
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
              value: interface=eth0
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
              value: interface=eth0
`,
    source: 'node/pkg/lifecycle/startup/startup.go (configureIPsAndSubnets, parseIPEnvironment)',
    since: '0.1.0',
  },
  *check({ node }) {
    const variables = node?.variables;
    if (variables === undefined || variables.get('CALICO_NETWORKING_BACKEND')?.value === 'none') return;
    for (const { name, family } of FAMILIES) {
      const variable = variables.get(name);
      if (!variable?.value || variable.value === 'autodetect' || variable.value === 'none') continue;
      const address = parseIp(variable.value) ?? parseCidr(variable.value);
      if (address?.family === family) continue;
      yield {
        path: variable.path,
        reason: 'FieldValueInvalid',
        problem: `calico-node does not support this ${name}, and stops`,
        got: variable.value,
        advice: /^[a-z-]+=|first-found|kubernetes-internal-ip/.test(variable.value)
          ? `write autodetect, and move this to ${name}_AUTODETECTION_METHOD`
          : `write autodetect, none or an ${family} address`,
      };
    }
  },
};
