// localAPIEndpoint.advertiseAddress of the first and of every further control plane node. The port has its own field.
// kubeadm does not start with anything else than an IP address there: no name, no port, no range. Another rule checks
// whether the address is in a range of the cluster.
import { type Ip, parseIp } from '../../formats/ip.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { JOIN_ADDRESS } from '../../targets/kubeadm.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const advertiseAddress: Rule<ObjectInput> = {
  id: 'kubeadm/advertise-address',
  title: 'the advertise address of the API server must be an IP address',
  action: 'deny',
  docs: {
    why: 'kubeadm rejects anything but an IP address. Instead of a loopback address it uses the address of an interface, and stops if it finds none: that is a warning.',
    fix: 'Write the IP address of the node without port, or remove the field.',
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
          advice: 'write an address that other nodes can reach, such as 10.0.0.10',
          atMost: 'warn',
        };
        continue;
      }
      yield {
        path,
        reason: 'FieldValueInvalid',
        problem: 'must be an IP address',
        got: address,
        advice: 'write an address without port, such as 10.0.0.10',
      };
    }
  },
};

function isLoopback({ family, mapped, value }: Ip): boolean {
  return family === 'IPv6' && !mapped ? value === 1n : (value & 0xff000000n) === 0x7f000000n;
}
