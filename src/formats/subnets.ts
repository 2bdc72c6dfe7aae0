import { type Cidr, parseCidr } from './cidr.ts';

/** Dual-stack takes two; a list without end must not cost time. */
const MOST = 10;

/** Ranges with commas between them, as kubeadm and kube-proxy take them; whatever is none is left out. */
export function parseSubnets(text: string): Cidr[] {
  return text.split(',', MOST).flatMap((part) => parseCidr(part.trim()) ?? []);
}
