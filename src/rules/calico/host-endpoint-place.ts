// A HostEndpoint needs its node, and an interface of it, by name or by addresses. An endpoint without them protects
// nothing.
import { isDns1123Subdomain } from '../../formats/dns.ts';
import { parseIp } from '../../formats/ip.ts';
import { isMap, type JsonObject, read, readList, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const INTERFACE = /^[a-zA-Z0-9_.-]{1,15}$/;

export const hostEndpointPlace: Rule<ObjectInput> = {
  id: 'calico/host-endpoint-place',
  title: 'a HostEndpoint must have a node, and an interface or addresses',
  action: 'deny',
  docs: {
    why: 'The API server rejects an endpoint without a node, or with neither an interface nor addresses (Calico 3.32 and later). If no interface can have the name, Felix drops the endpoint. An address with a mask is ignored and matches no interface. No node has a name with capital letters. In all these cases the host stays without its protection.',
    fix: 'Write the name of the node as calico-node has it; the whole name of an interface, or `*` for all of them; and addresses without a mask.',
    good: `
apiVersion: projectcalico.org/v3
kind: HostEndpoint
metadata:
  name: node-1-eth0
spec:
  node: node-1
  interfaceName: eth0
  expectedIPs: [10.250.0.1]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: HostEndpoint
metadata:
  name: node-1-eth0
spec:
  node: node-1
  interfaceName: eth*
`,
    source:
      'Calico 3.32, HostEndpoint CRD: validation rules; libcalico-go validator; conversion and validation for Felix, run: endpoint ignored, addresses dropped',
    since: '0.1.0',
  },
  *check({ object, spec }) {
    if (!isMap(read(object, 'spec'))) return;
    yield* checkNode(readString(spec, 'node') ?? '');
    yield* checkInterface(spec);
    for (const [index, got] of readList(spec, 'expectedIPs').entries()) {
      if (typeof got !== 'string' || parseIp(got)?.leadingZeros === false) continue;
      const problem = 'not an address, so it is ignored';
      const advice = 'write an address without a mask, such as 10.250.0.1';
      yield { path: ['spec', 'expectedIPs', index], reason: 'FieldValueInvalid', problem, got, advice };
    }
  },
};

function* checkNode(got: string): Generator<Finding> {
  const path = ['spec', 'node'];
  if (got === '') {
    const problem = 'the endpoint has no node';
    yield { path, reason: 'FieldValueRequired', problem, advice: 'write the name of the node' };
  } else if (!isDns1123Subdomain(got)) {
    const advice = 'write lower-case letters, digits, - and dots';
    yield { path, reason: 'FieldValueInvalid', problem: 'no node can have this name', got, advice };
  }
}

function* checkInterface(spec: JsonObject): Generator<Finding> {
  const path = ['spec', 'interfaceName'];
  const got = readString(spec, 'interfaceName') ?? '';
  if (got === '') {
    if (readList(spec, 'expectedIPs').length > 0) return;
    const problem = 'the endpoint has neither an interface nor addresses';
    yield {
      path,
      reason: 'FieldValueRequired',
      problem,
      advice: 'write the name of an interface, or * for all',
    };
  } else if (got !== '*' && !INTERFACE.test(got.slice(0, 15))) {
    const problem = 'no interface can have this name, so Felix drops the endpoint';
    yield { path, reason: 'FieldValueInvalid', problem, got, advice: 'write the whole name, or * for all' };
  }
}
