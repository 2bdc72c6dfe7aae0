// Gardener's admission accepts these values, but networking-calico cannot render its chart with them: a pool of a
// family that the Shoot does not have, ipip for IPv6, the mode Off for IPv6. The Shoot is accepted, but its network
// never becomes ready, with an error that only the Network resource in the seed shows.
import { isUnset, read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { familiesOf } from '../../targets/overlay-state.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const failsLater: Rule<ShootInput> = {
  id: 'shoot/fails-later',
  title: "a setting that Gardener's admission accepts should also work in Calico's chart",
  action: 'warn',
  docs: {
    why: "Gardener's admission accepts the setting, but the extension fails when it renders Calico's chart: the network is not reconciled, and the Shoot does not become ready.",
    fix: 'Remove the block of a family that `spec.networking.ipFamilies` does not name. For IPv6 use `pool: vxlan`, and `mode: Never` instead of `Off`.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    ipFamilies: [IPv4, IPv6]
    providerConfig:
      overlay:
        enabled: false
      ipv6:
        pool: vxlan
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    ipFamilies: [IPv4]
    providerConfig:
      ipv6:
        pool: vxlan
`,
    source:
      'gardener-extension-networking-calico v1.60, pkg/charts/utils.go (computing the values of the chart)',
    since: '0.1.0',
  },
  *check(input) {
    const families = familiesOf(input);
    if (families === undefined) return;
    if (!families.includes('IPv4')) {
      yield* checkMissingFamily(input, 'ipv4', 'IPv4');
      yield* checkMissingFamily(input, 'ipip', 'IPv4');
    }
    if (families.includes('IPv6')) yield* checkIpv6(input);
    else yield* checkMissingFamily(input, 'ipv6', 'IPv6');
  },
};

function* checkMissingFamily(input: ShootInput, field: string, family: string): Generator<Finding> {
  const value = read(input.config, field);
  if (isUnset(value)) return;
  yield {
    path: [...input.configPath, field],
    reason: 'FieldValueForbidden',
    problem: `the Shoot has no ${family}, and Calico's chart fails with this field`,
    got: value,
    advice: 'remove it',
  };
}

function* checkIpv6({ config, configPath }: ShootInput): Generator<Finding> {
  if (read(config, 'ipv6', 'pool') === 'ipip') {
    yield {
      path: [...configPath, 'ipv6', 'pool'],
      reason: 'FieldValueNotSupported',
      problem: "IPv6 pools cannot use IP-in-IP, and Calico's chart fails with this field",
      got: 'ipip',
      advice: 'write vxlan',
    };
  }
  if (read(config, 'ipv6', 'mode') === 'Off') {
    yield {
      path: [...configPath, 'ipv6', 'mode'],
      reason: 'FieldValueNotSupported',
      problem: "Calico's chart does not support this mode for IPv6",
      got: 'Off',
      advice: 'write Never',
    };
  }
}
