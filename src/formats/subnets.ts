import { type Cidr, parseCidr } from './cidr.ts';

/** Dual-stack takes two; a list without end must not cost time. */
const MOST = 10;

/** The parts of a list of ranges with commas between them, as kubeadm and kube-proxy take it. */
export function splitSubnets(text: string): string[] {
  return text.split(',', MOST).map((part) => part.trim());
}

/** The ranges of such a list; whatever is none is left out. */
export function parseSubnets(text: string): Cidr[] {
  return splitSubnets(text).flatMap((part) => parseCidr(part) ?? []);
}
