// Both are one range, or two of different families for dual-stack, with a comma and nothing else between them: a
// space is part of the range to kubeadm, to calico-node and to the Tigera operator, which none of them can parse.
// kubeadm rejects the file; from a running cluster the operator and calico-node read it again.
import { type Cidr, parseCidr, strictCidrProblem } from '../../formats/cidr.ts';
import { familyBits } from '../../formats/ip.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkCidr } from '../shared/cidr-advice.ts';

/** kubeadm and kube-apiserver keep a bit for each address of a Service. */
const MOST_SERVICE_BITS = 20;

export const subnets: Rule<ObjectInput> = {
  id: 'kubeadm/subnets',
  title: 'podSubnet and serviceSubnet are ranges',
  action: 'deny',
  docs: {
    why: 'kubeadm rejects a list with a space, two ranges of one family, and more than 20 bits of addresses for Services. The Tigera operator and calico-node read podSubnet again, and stop as well.',
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
      problem: 'nothing can be read behind a space',
      got: text,
      advice: `write ${plain.length > 90 ? 'it without' : plain}`,
      fix: { kind: 'replace', value: plain },
    };
    return;
  }
  const ranges: Cidr[] = [];
  for (const part of parts.slice(0, 3)) {
    for (const finding of checkCidr(path, part)) {
      // Calico reads podSubnet and stops at leading zeros; kube-apiserver takes them in the range of Services.
      const isTaken = path.at(-1) === 'serviceSubnet' && strictCidrProblem(part)?.kind === 'leading-zeros';
      yield isTaken ? { ...finding, atMost: 'warn' } : finding;
    }
    ranges.push(...[parseCidr(part)].filter((range) => range !== undefined));
  }
  if (parts.length > 2 || (ranges.length === 2 && ranges[0]?.family === ranges[1]?.family)) {
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'at most one range of each family',
      got: text,
      advice: 'write one, or an IPv4 and an IPv6 range',
    };
  }
  if (path.at(-1) !== 'serviceSubnet') return;
  for (const { family, prefix } of ranges) {
    const least = familyBits(family) - MOST_SERVICE_BITS;
    if (prefix >= least) continue;
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'too many addresses for Services',
      got: text,
      advice: `use /${least} or longer for ${family}`,
    };
  }
}
