// An MTU below 1280 breaks IPv6 and fragments everything else. Above 9000 usual networks drop the packets: large ones
// are lost while small ones pass. With an overlay or WireGuard the MTU of the pods must leave room for the outer
// header; that is reported only where the MTU of the network is known. "0" detects the MTU.
import { AWS_MTU, LEAST_MTU, parseAtoi } from '../../formats/mtu.ts';
import { readBoolean, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { familiesOf } from '../../targets/overlay-state.ts';
import type { ShootInput } from '../../targets/shoot.ts';

const LARGEST = 9000n;

/** MTU of the nodes' network, where all nodes of a provider have the same. */
const NETWORK_MTU: ReadonlyMap<string, number> = new Map([
  ['aws', AWS_MTU],
  ['azure', 1500],
  ['local', 1500],
]);

export const unusualMtu: Rule<ShootInput> = {
  id: 'shoot/unusual-mtu',
  title: 'the MTU should be one that the network supports',
  action: 'warn',
  docs: {
    why: 'Below 1280 IPv6 does not work. Above 9000, or without room for the header of the encapsulation, large packets are lost while small ones pass: connections open and then hang.',
    fix: 'Write `vethMTU: "0"` (the default) to detect it, or the MTU of the network minus the encapsulation: 20 bytes for IP-in-IP, 50 for VXLAN, 60 for WireGuard (80 with IPv6).',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      vethMTU: "1440"
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      vethMTU: "576"
`,
    source:
      'RFC 8200 section 5; Calico, documentation of the MTU; sapcc/helm-charts#12333 (8950 with an IP-in-IP overlay)',
    since: '0.1.0',
  },
  *check(input) {
    const text = readString(input.config, 'vethMTU') ?? '';
    const mtu = parseAtoi(text);
    if (mtu === undefined || mtu <= 0n) return;
    const problem = findProblem(input, mtu);
    if (problem === undefined) return;
    yield {
      path: [...input.configPath, 'vethMTU'],
      reason: 'FieldValueInvalid',
      problem: problem.problem,
      got: text,
      advice: `${problem.advice} or "0" to detect it`,
    };
  },
};

interface Problem {
  readonly problem: string;
  readonly advice: string;
}

function findProblem(input: ShootInput, mtu: bigint): Problem | undefined {
  if (mtu < LEAST_MTU)
    return { problem: 'below 1280, the minimum for IPv6', advice: 'write at least "1280",' };
  if (mtu > LARGEST)
    return { problem: 'larger than the MTU of usual networks', advice: 'write the MTU of the network' };
  const network = NETWORK_MTU.get(input.provider ?? '');
  const overhead = overheadOf(input);
  if (network === undefined || overhead === 0) return undefined;
  const room = network - overhead;
  // An MTU far above that of the usual network means another network.
  if (mtu <= BigInt(room) || mtu > BigInt(network)) return undefined;
  return {
    problem: `leaves no room for ${overhead} bytes of encapsulation in an MTU of ${network}`,
    advice: `write "${room}"`,
  };
}

/** Bytes of the largest outer header that is certain to exist. */
function overheadOf(input: ShootInput): number {
  const { config } = input;
  if (readBoolean(config, 'wireguardEncryption') === true) {
    return familiesOf(input)?.includes('IPv6') === true ? 80 : 60;
  }
  if (readBoolean(config, 'overlay', 'enabled') !== true) return 0;
  return readBoolean(config, 'vxlan', 'enabled') === true ? 50 : 20;
}
