// This rule checks the named ports of a HostEndpoint. Felix accepts TCP, UDP and SCTP by name. With a number, which the
// API accepts, Felix drops the whole endpoint.
import { canonicalProtocol, hasPorts } from '../../formats/protocol.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { read, readList, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** The names that Felix accepts; a policy can refer to fewer of them. */
const READABLE = /^[a-zA-Z0-9_.-]{1,128}$/;
const BY_NUMBER: Readonly<Record<string, string>> = { 6: 'TCP', 17: 'UDP', 132: 'SCTP' };

export const hostEndpointPort: Rule<ObjectInput> = {
  id: 'calico/host-endpoint-port',
  title: 'the ports of a HostEndpoint must have a protocol and a name that Felix supports',
  action: 'deny',
  docs: {
    why: 'Felix drops the whole endpoint, even with the numbers 6, 17 and 132, which the API server accepts. The host stays without its protection.',
    fix: 'Write `TCP`, `UDP` or `SCTP`, and a name of lower-case letters, digits and `-`.',
    good: `
apiVersion: projectcalico.org/v3
kind: HostEndpoint
metadata:
  name: node-1-eth0
spec:
  node: node-1
  interfaceName: eth0
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
    protocol: 6
    port: 10250
`,
    source:
      'Calico, validation for Felix (typha/pkg/validator/v1), run: EndpointPort protocol must be tcp, udp or sctp',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [index, port] of readList(spec, 'ports').entries()) {
      const path = ['spec', 'ports', index];
      yield* checkProtocol([...path, 'protocol'], read(port, 'protocol'));
      const got = readString(port, 'name');
      if (got === undefined || READABLE.test(got)) continue;
      const problem = 'invalid port name, so Felix drops the endpoint';
      const advice = 'write lower-case letters, digits and -';
      yield { path: [...path, 'name'], reason: 'FieldValueInvalid', problem, got, advice };
    }
  },
};

function* checkProtocol(path: FieldPath, got: unknown): Generator<Finding> {
  if (typeof got !== 'string' && typeof got !== 'number') return;
  if (typeof got === 'string' && hasPorts(got) && canonicalProtocol(got) !== undefined) return;
  const meant = BY_NUMBER[String(got)];
  const problem = 'Felix drops the endpoint because of this protocol';
  const advice = `write ${meant ?? 'TCP, UDP or SCTP'}`;
  yield { path, reason: 'FieldValueNotSupported', problem, got, advice };
}
