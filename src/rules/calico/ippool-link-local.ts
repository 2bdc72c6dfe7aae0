// Link-local addresses (169.254.0.0/16, fe80::/10) belong to the local network: the gateway of every pod is one, and
// so is the metadata service of most clouds. Calico rejects a pool that contains any of them, also 0.0.0.0/0 and ::/0.
import { formatCidr, overlaps, parseCidr } from '../../formats/cidr.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const LINK_LOCAL = ['169.254.0.0/16', 'fe80::/10'].map(parseCidr);

export const ippoolLinkLocal: Rule<ObjectInput> = {
  id: 'calico/ippool-link-local',
  title: 'a pool must not have link-local addresses',
  action: 'deny',
  docs: {
    why: 'Every pod reaches its gateway and the metadata service of the cloud at link-local addresses. Calico rejects a pool that contains any; CRDs up to Calico 3.31 accept it.',
    fix: 'Choose another range, such as `10.244.0.0/16`, or with IPv6 one in `fd00::/8`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: fd00:1234::/64
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: fe80::/64
`,
    source: 'Calico, IPPool CRD (projectcalico.org/v3) and libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    const text = readString(spec, 'cidr') ?? '';
    const cidr = parseCidr(text);
    const taken = LINK_LOCAL.find((range) => cidr && range && overlaps(cidr, range));
    if (taken === undefined) return;
    const problem = `overlaps the link-local range ${formatCidr(taken)}`;
    yield {
      path: ['spec', 'cidr'],
      reason: 'FieldValueForbidden',
      problem,
      got: text,
      advice: `choose another range, such as ${taken.family === 'IPv4' ? '10.244.0.0/16' : 'fd00:1234::/64'}`,
    };
  },
};
