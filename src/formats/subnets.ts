import { type Cidr, parseCidr } from './cidr.ts';

/** Dual-stack has two ranges. The limit keeps a very long list cheap. */
const MOST = 10;

/** The parts of a comma-separated list of ranges, as in kubeadm and kube-proxy. */
export function splitSubnets(text: string): string[] {
  return text.split(',', MOST).map((part) => part.trim());
}

/** The ranges of such a list, without parts that are no range. */
export function parseSubnets(text: string): Cidr[] {
  return splitSubnets(text).flatMap((part) => parseCidr(part) ?? []);
}
