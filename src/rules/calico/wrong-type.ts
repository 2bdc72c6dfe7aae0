// A value of the wrong JSON type. The API server rejects it by the CRD's schema; what it does not look at, Calico cannot
// decode, and then it reads nothing of the whole object.
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const FAILSAFE: ReadonlySet<unknown> = new Set(['failsafeInboundHostPorts', 'failsafeOutboundHostPorts']);

export const calicoWrongType: Rule<ObjectInput> = {
  id: 'calico/wrong-type',
  title: "every field of Calico's resources has the right type",
  action: 'deny',
  docs: {
    why: 'The API server rejects a value of the wrong type, and Calico cannot decode an object with one.',
    fix: 'Write the type that the message names.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  blockSize: 26
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  blockSize: "26"
`,
    source: 'Calico, CRDs of its resources',
    since: '0.1.0',
  },
  *check({ shape }) {
    for (const problem of shape) {
      if (problem.kind !== 'wrong-type') continue;
      const port = FAILSAFE.has(problem.path[1])
        ? /^(tcp|udp):([0-9]{1,5})$/i.exec(String(problem.got))
        : null;
      if (port === null) yield problem;
      // The environment has them as text, and so had calicoctl.
      else yield { ...problem, advice: `write {protocol: ${port[1]?.toUpperCase()}, port: ${port[2]}}` };
    }
  },
};
