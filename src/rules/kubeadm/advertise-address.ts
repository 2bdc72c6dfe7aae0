// This rule checks localAPIEndpoint.advertiseAddress of the first and of every further control plane node. The port has
// its own field. kubeadm does not start with anything else than an IP address there: no name, no port, no range.
// Another rule checks whether the address is in a range of the cluster.
import { contains, formatCidr, parseCidr } from '../../formats/cidr.ts';
import { familyBits, formatIp, type Ip, parseIp } from '../../formats/ip.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { JOIN_ADDRESS } from '../../targets/kubeadm.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** Multicast, broadcast and link-local. */
const UNUSABLE = ['224.0.0.0/4', '255.255.255.255/32', '169.254.0.0/16', 'ff00::/8', 'fe80::/10'].flatMap(
  (range) => parseCidr(range) ?? [],
);

export const advertiseAddress: Rule<ObjectInput> = {
  id: 'kubeadm/advertise-address',
  title: 'the advertise address of the API server must be an IP address',
  action: 'deny',
  docs: {
    why: 'kubeadm rejects anything but an IP address. Instead of a loopback address it uses the address of an interface, and stops if it finds none: that is a warning. Multicast, broadcast and link-local addresses are also warnings: `kubeadm config validate` accepts them, but `kubeadm init` and `kubeadm join` stop.',
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
    source: 'kubeadm 1.36, apis/kubeadm/validation, and VerifyAPIServerBindAddress, which init and join call',
    since: '0.1.0',
  },
  *check({ object }) {
    for (const path of [['localAPIEndpoint', 'advertiseAddress'], JOIN_ADDRESS]) {
      const address = readString(object, ...path) ?? '';
      if (address === '') continue;
      const ip = parseIp(address);
      if (ip !== undefined) {
        const problem = describeUnusable(ip);
        const advice = 'write an address that other nodes can reach, such as 10.0.0.10';
        if (problem === undefined) continue;
        yield { path, reason: 'FieldValueInvalid', problem, got: address, advice, atMost: 'warn' };
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

/** Undefined where Go's IsGlobalUnicast accepts the address, or where kubeadm chooses another one, as for 0.0.0.0. */
function describeUnusable(ip: Ip): string | undefined {
  if (isLoopback(ip)) return 'a loopback address, which kubeadm replaces';
  const address = parseCidr(`${formatIp(ip.family, ip.value)}/${familyBits(ip.family)}`);
  const range = address && UNUSABLE.find((each) => contains(each, address));
  return range && `in ${formatCidr(range)}, so kubeadm init stops`;
}

function isLoopback({ family, mapped, value }: Ip): boolean {
  return family === 'IPv6' && !mapped ? value === 1n : (value & 0xff000000n) === 0x7f000000n;
}
