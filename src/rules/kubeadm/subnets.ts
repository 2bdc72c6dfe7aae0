// Both are one range, or two of different families for dual-stack, with only a comma between them: a space is part of
// the range for kubeadm, for calico-node and for the Tigera operator, and none of them can parse it. kubeadm rejects
// the file; the operator and calico-node read it again from a running cluster.
import { type Cidr, parseCidr, strictCidrProblem } from '../../formats/cidr.ts';
import { familyBits } from '../../formats/ip.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkCidr } from '../shared/cidr-advice.ts';

/** kubeadm and kube-apiserver store a bit for each Service address. */
const MOST_SERVICE_BITS = 20;

export const subnets: Rule<ObjectInput> = {
  id: 'kubeadm/subnets',
  title: 'podSubnet and serviceSubnet must be CIDR ranges',
  action: 'deny',
  docs: {
    why: 'kubeadm rejects a list with a space, two ranges of one family, and more than 20 bits of addresses for Services. The Tigera operator and calico-node read podSubnet again, and also stop.',
    fix: 'Write one range, or an IPv4 and an IPv6 range with a comma and no space between them.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16,fd00:10:244::/56
  serviceSubnet: 10.96.0.0/16,fd00:10:96::/112
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16, fd00:10:244::/56
`,
    source: 'kubeadm, apis/kubeadm/validation; Tigera operator, pkg/controller/ippool/kubeadm.go',
    since: '0.1.0',
  },
  *check({ object }) {
    for (const field of ['podSubnet', 'serviceSubnet']) {
      const text = readString(object, 'networking', field) ?? '';
      if (text !== '') yield* checkSubnets(['networking', field], text);
    }
  },
};

function* checkSubnets(path: FieldPath, text: string): Generator<Finding> {
  const parts = text.split(',');
  if (/\s/.test(text) && parts.every((part) => parseCidr(part.trim()) !== undefined)) {
    const plain = text.replaceAll(/\s/g, '');
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'spaces are not allowed in this list',
      got: text,
      advice: `write ${plain.length > 90 ? 'the list without spaces' : plain}`,
      fix: { kind: 'replace', value: plain },
    };
    return;
  }
  const ranges: Cidr[] = [];
  for (const part of parts.slice(0, 3)) {
    for (const finding of checkCidr(path, part)) {
      // Calico reads podSubnet and stops at leading zeros; kube-apiserver accepts them in the Service range.
      const isTaken = path.at(-1) === 'serviceSubnet' && strictCidrProblem(part)?.kind === 'leading-zeros';
      yield isTaken ? { ...finding, atMost: 'warn' } : finding;
    }
    ranges.push(...[parseCidr(part)].filter((range) => range !== undefined));
  }
  if (parts.length > 2 || (ranges.length === 2 && ranges[0]?.family === ranges[1]?.family)) {
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'at most one range of each family is allowed',
      got: text,
      advice: 'write one range, or an IPv4 and an IPv6 range',
    };
  }
  if (path.at(-1) !== 'serviceSubnet') return;
  for (const { family, prefix } of ranges) {
    const least = familyBits(family) - MOST_SERVICE_BITS;
    if (prefix >= least) continue;
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'the range is too large for Services',
      got: text,
      advice: `use a prefix of /${least} or longer for ${family}`,
    };
  }
}
