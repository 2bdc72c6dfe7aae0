// Values of a HostEndpoint that Calico's API server rejects, although Felix accepts them.
import { isDns1123Subdomain } from '../../formats/dns.ts';
import { isPortName } from '../../formats/port-range.ts';
import { hasPorts, protocolProblem } from '../../formats/protocol.ts';
import { read, readList, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const READABLE = /^[a-zA-Z0-9_.-]{1,128}$/;

export const hostEndpointForm: Rule<ObjectInput> = {
  id: 'calico/host-endpoint-form',
  title: "a HostEndpoint should have a form that Calico's API server accepts",
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject the value. With CRDs Felix reads it, but a policy cannot refer to a port with such a name, and no profile has such a name.",
    fix: 'Write protocols as `TCP`, `UDP` and `SCTP`; names of ports with at most 15 lower-case letters, digits and `-`, at least one of them a letter; and names of profiles as valid Kubernetes names.',
    good: `
apiVersion: projectcalico.org/v3
kind: HostEndpoint
metadata:
  name: node-1-eth0
spec:
  node: node-1
  interfaceName: eth0
  profiles: [projectcalico-default-allow]
  ports:
  - name: kubelet
    protocol: TCP
    port: 10250
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: HostEndpoint
metadata:
  name: node-1-eth0
spec:
  node: node-1
  interfaceName: eth0
  ports:
  - name: kubelet
    protocol: tcp
    port: 10250
`,
    source: 'Calico, libcalico-go validator (portName, name, Protocol)',
    since: '0.1.0',
  },
  *check({ spec }) {
    const rejected = "which Calico's API server rejects";
    for (const [index, port] of readList(spec, 'ports').entries()) {
      const path = ['spec', 'ports', index];
      const name = readString(port, 'name') ?? '';
      if (READABLE.test(name) && !isPortName(name)) {
        const advice = 'write at most 15 of a-z, 0-9 and -, with a letter';
        const problem = `invalid port name, ${rejected}`;
        yield { path: [...path, 'name'], reason: 'FieldValueInvalid', problem, got: name, advice };
      }
      const protocol = read(port, 'protocol');
      if (typeof protocol === 'string' && hasPorts(protocol) && protocolProblem(protocol) === 'case') {
        const problem = `the protocol has the wrong case, ${rejected}`;
        const advice = `write ${protocol.toUpperCase()}`;
        yield {
          path: [...path, 'protocol'],
          reason: 'FieldValueNotSupported',
          problem,
          got: protocol,
          advice,
        };
      }
    }
    for (const [index, got] of readList(spec, 'profiles').entries()) {
      if (typeof got !== 'string' || isDns1123Subdomain(got)) continue;
      const problem = `no profile can have this name, ${rejected}`;
      const path = ['spec', 'profiles', index];
      yield {
        path,
        reason: 'FieldValueInvalid',
        problem,
        got,
        advice: 'write the name of an existing Profile',
      };
    }
  },
};
