// This rule reports settings of a BGPPeer without effect. Calico's API server and calicoctl reject some of them, and
// the CRD from 3.33 on; earlier CRDs store them, and the user believes that they work.
import { isMap, isUnset, type JsonObject, read, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpPeerWithoutEffect: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-without-effect',
  title: 'settings of a BGP peer should have an effect',
  action: 'warn',
  docs: {
    why: 'The setting has no effect. Without a Secret and its key the session has no password. `reachableBy` needs a peer with an address. `nextHopMode` wins over `keepOriginalNextHop`. A negative number of local AS numbers allows none. The CRD of Calico 3.33 rejects some of these.',
    fix: 'Remove the setting, or add the field that the message names.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
  asNumber: 64513
  nextHopMode: Keep
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
  asNumber: 64513
  password:
    secretKeyRef:
      name: ""
      key: rack-1
`,
    source: 'Calico, confd (updatePeersV1, getPassword, getNextHopMode); BGPPeer CRD of the branch for 3.33',
    since: '0.1.0',
  },
  *check({ spec }) {
    yield* checkPassword(spec);
    const gateway = readString(spec, 'reachableBy') ?? '';
    if (gateway !== '' && (readString(spec, 'peerIP') ?? '') === '') {
      const problem = 'no effect without peerIP, and Calico 3.33 rejects it';
      yield { ...without('reachableBy'), problem, got: gateway, advice: 'remove it' };
    }
    if (read(spec, 'keepOriginalNextHop') === true && !isUnset(read(spec, 'nextHopMode'))) {
      const problem = 'no effect beside nextHopMode, and Calico 3.33 rejects both';
      yield { ...without('keepOriginalNextHop'), problem, got: true, advice: 'remove it' };
    }
    const allowed = read(spec, 'numAllowedLocalASNumbers');
    if (typeof allowed === 'number' && allowed < 0) {
      const problem = 'a negative number has no effect';
      yield {
        ...without('numAllowedLocalASNumbers'),
        problem,
        got: allowed,
        advice: 'use a value of 1 or more, or remove it',
      };
    }
  },
};

function without(...path: readonly string[]) {
  return { path: ['spec', ...path], reason: 'FieldValueForbidden' } as const;
}

function* checkPassword(spec: JsonObject): Generator<Finding> {
  const password = read(spec, 'password');
  if (!isMap(password)) return;
  const advice = 'write the name and the key of a Secret in the namespace of calico-node';
  const reference = read(password, 'secretKeyRef');
  if (isUnset(reference)) {
    yield {
      ...without('password'),
      problem: 'the password names no Secret, so there is no password',
      advice,
    };
    return;
  }
  for (const field of ['name', 'key']) {
    const got = read(reference, field);
    // Another rule reports a missing key.
    if (got !== '' && !(field === 'name' && isMap(reference) && isUnset(got))) continue;
    const problem = `the ${field} of the Secret is missing, so there is no password`;
    yield { ...without('password', 'secretKeyRef', field), problem, advice };
  }
}
