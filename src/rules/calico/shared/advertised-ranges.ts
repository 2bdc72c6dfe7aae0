import { parseCidr } from '../../../formats/cidr.ts';
import { parseIp } from '../../../formats/ip.ts';

/** Lists of BGPConfiguration whose entries have a cidr. */
export const ADVERTISED: readonly string[] = [
  'prefixAdvertisements',
  'serviceClusterIPs',
  'serviceExternalIPs',
  'serviceLoadBalancerIPs',
];

/** An address without a prefix length, which some releases accept as a range with one address. */
export function isSingleAddress(value: unknown): value is string {
  return (
    typeof value === 'string' && parseCidr(value) === undefined && parseIp(value)?.leadingZeros === false
  );
}
