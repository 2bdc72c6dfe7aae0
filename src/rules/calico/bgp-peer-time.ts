// This rule checks maxRestartTime and keepaliveTime. The CRD accepts any text. With a text that is not a duration,
// listing all BGPPeers fails, and BIRD rejects a negative duration.
import { parseDuration } from '../../formats/duration.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { adviseDuration } from './shared/duration-advice.ts';

export const bgpPeerTime: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-time',
  title: 'the times of a BGP peer must be durations',
  action: 'deny',
  docs: {
    why: 'Calico cannot decode a BGPPeer with a time that is not a duration, and then listing all BGPPeers fails: no change of BGP reaches any node. With a negative time BIRD rejects the whole configuration.',
    fix: 'Write whole seconds, such as `120s`. A number without a unit, `1d` and an empty text are not durations.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
  asNumber: 64513
  maxRestartTime: 120s
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
  asNumber: 64513
  maxRestartTime: "120"
`,
    source:
      'Go, time.ParseDuration, in the list of BGPPeers of libcalico-go (run); BIRD 1.6.8 run with negative times',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of ['maxRestartTime', 'keepaliveTime']) {
      const got = readString(spec, field);
      if (got === undefined) continue;
      const milliseconds = parseDuration(got);
      if (milliseconds !== undefined && milliseconds >= 0) continue;
      const parts =
        milliseconds === undefined
          ? adviseDuration(got, '120s')
          : { problem: 'the duration is negative', advice: 'write a duration such as 120s' };
      yield { path: ['spec', field], reason: 'FieldValueInvalid', ...parts, got };
    }
  },
};
