// Settings of a BGPPeer that nothing is done with. Some of them Calico's API server and calicoctl reject, and the CRD
// from 3.33 on; until then they are stored, and whoever wrote them believes that they hold.
import { isMap, isUnset, type JsonObject, read, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpPeerWithoutEffect: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-without-effect',
  title: 'settings of a BGP peer have an effect',
  action: 'warn',
  docs: {
    why: 'The setting does nothing: without a Secret and its key the session has no password, `reachableBy` is for a peer with an address, `nextHopMode` wins over `keepOriginalNextHop`, and a negative number of AS numbers is none. The CRD of Calico 3.33 rejects some of these.',
    fix: 'Remove the setting, or write what the message names beside it.',
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
      const problem = 'has no effect without peerIP, and Calico 3.33 rejects it';
      yield { ...without('reachableBy'), problem, got: gateway, advice: 'remove it' };
    }
    if (read(spec, 'keepOriginalNextHop') === true && !isUnset(read(spec, 'nextHopMode'))) {
      const problem = 'nextHopMode decides, and Calico 3.33 rejects both';
      yield { ...without('keepOriginalNextHop'), problem, got: true, advice: 'remove it' };
    }
    const allowed = read(spec, 'numAllowedLocalASNumbers');
    if (typeof allowed === 'number' && allowed < 0) {
      const problem = 'a negative number is none';
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
    yield { ...without('password'), problem: 'no Secret is named, so that there is no password', advice };
    return;
  }
  for (const field of ['name', 'key']) {
    const got = read(reference, field);
    // That the key is missing is told by another rule.
    if (got !== '' && !(field === 'name' && isMap(reference) && isUnset(got))) continue;
    const problem = `the Secret has no ${field}, so that there is no password`;
    yield { ...without('password', 'secretKeyRef', field), problem, advice };
  }
}
