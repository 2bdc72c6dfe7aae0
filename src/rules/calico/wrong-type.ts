// This rule reports a value of the wrong JSON type. The API server rejects it by the schema of the CRD; where it does
// not check, Calico cannot decode the whole object.
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const FAILSAFE: ReadonlySet<unknown> = new Set(['failsafeInboundHostPorts', 'failsafeOutboundHostPorts']);

export const calicoWrongType: Rule<ObjectInput> = {
  id: 'calico/wrong-type',
  title: 'every field of a Calico resource must have the right type',
  action: 'deny',
  docs: {
    why: 'The API server rejects a value of the wrong type, and Calico cannot decode an object with such a value.',
    fix: 'Write the type from the message.',
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
      const got = typeof problem.got === 'string' ? problem.got : '';
      const port = FAILSAFE.has(problem.path[1]) ? /^(tcp|udp):([0-9]{1,5})$/i.exec(got) : null;
      if (port === null) yield problem;
      // In the environment they are text, and so they were for calicoctl.
      else yield { ...problem, advice: `write {protocol: ${port[1]?.toUpperCase()}, port: ${port[2]}}` };
    }
  },
};
