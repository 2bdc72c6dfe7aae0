// localAPIEndpoint.advertiseAddress of the first and of every further control plane node. The port has a field of its
// own. kubeadm does not start with anything else than an IP address there: no name, no port, no range. Whether the
// address lies in a range of the cluster is for another rule to say.
import { type Ip, parseIp } from '../../formats/ip.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { JOIN_ADDRESS } from '../../targets/kubeadm.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const advertiseAddress: Rule<ObjectInput> = {
  id: 'kubeadm/advertise-address',
  title: 'the API server is advertised with an address',
  action: 'deny',
  docs: {
    why: 'kubeadm rejects anything but an IP address. In place of a loopback address it looks for one of an interface, and stops where it finds none: that is a warning.',
    fix: 'Write the IP address of the node, without port, or leave it out.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint:
  advertiseAddress: 172.17.0.52
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint:
  advertiseAddress: 172.17.0.52:6443
`,
    source: 'kubeadm, apis/kubeadm/validation',
    since: '0.1.0',
  },
  *check({ object }) {
    for (const path of [['localAPIEndpoint', 'advertiseAddress'], JOIN_ADDRESS]) {
      const address = readString(object, ...path) ?? '';
      const ip = parseIp(address);
      if (address === '' || (ip !== undefined && !isLoopback(ip))) continue;
      if (ip !== undefined) {
        yield {
          path,
          reason: 'FieldValueInvalid',
          problem: 'a loopback address, which kubeadm replaces',
          got: address,
          advice: 'write one that other nodes reach, such as 10.0.0.10',
          atMost: 'warn',
        };
        continue;
      }
      yield {
        path,
        reason: 'FieldValueInvalid',
        problem: 'not an IP address',
        got: address,
        advice: 'write one without port, such as 10.0.0.10',
      };
    }
  },
};

function isLoopback({ family, mapped, value }: Ip): boolean {
  return family === 'IPv6' && !mapped ? value === 1n : (value & 0xff000000n) === 0x7f000000n;
}
