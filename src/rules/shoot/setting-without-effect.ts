// networking-calico accepts these settings and then overrides them or never reads them: they have no effect, and no
// error says so. Only what is certain is reported, and only values that ask for something: an explicit default, or a
// value that a mutating webhook wrote (snatToUpstreamDNS off, createPodRoutes), is not a mistake.
import { isMap, isUnset, read, readBoolean, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { effectiveOverlay, familiesOf, writtenOverlay } from '../../targets/overlay-state.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { isPoolMode } from './shared/pool-modes.ts';

/** Providers whose mutating webhooks, or ours, may still set an overlay that the user did not write. */
const DEFAULTING_PROVIDERS: readonly unknown[] = ['alicloud', 'aws', 'gcp', 'openstack'];

export const settingWithoutEffect: Rule<ShootInput> = {
  id: 'shoot/setting-without-effect',
  title: 'a setting should not be overridden by another setting',
  action: 'warn',
  docs: {
    why: 'The extension overrides the setting, or does not read it in this combination. The setting has no effect.',
    fix: 'Remove it, or change the setting that the message names. `overlay.enabled` decides the backend and the mode of the pool. `createPodRoutes` and `snatToUpstreamDNS` are for clusters without overlay. `vxlan` is for clusters with overlay, and uses `calico-ipam`. `autoScaling.resources` is for the modes `static` and `vpa`. `spec.networking.nodes` decides the autodetection method.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: false
        createPodRoutes: true
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: true
        createPodRoutes: true
`,
    source:
      'gardener-extension-networking-calico v1.60, pkg/controller/actuator_reconcile.go and pkg/charts/utils.go',
    since: '0.1.0',
  },
  *check(input) {
    yield* checkRoutes(input);
    yield* checkBackend(input);
    yield* checkModes(input);
    yield* checkVxlan(input);
    yield* checkAutodetection(input);
    yield* checkResources(input);
  },
};

function lost(input: ShootInput, path: readonly string[], why: string, advice: string): Finding {
  const got = read(input.config, ...path);
  return {
    path: [...input.configPath, ...path],
    reason: 'FieldValueInvalid',
    problem: why,
    got,
    advice,
  };
}

/** On OpenStack webhooks write createPodRoutes, and it stays when the overlay is enabled later. */
function* checkRoutes(input: ShootInput): Generator<Finding> {
  const asksForRoutes = readBoolean(input.config, 'overlay', 'createPodRoutes') === true;
  if (asksForRoutes && writtenOverlay(input.config) === true && input.provider !== 'openstack') {
    const why = 'has no effect while the overlay is on';
    yield lost(input, ['overlay', 'createPodRoutes'], why, 'remove it, or disable the overlay');
  }
  if (isOverlaySurelyOn(input) && readBoolean(input.config, 'snatToUpstreamDNS', 'enabled') === true) {
    const why = 'has no effect unless the overlay is off';
    yield lost(input, ['snatToUpstreamDNS', 'enabled'], why, 'remove it');
  }
}

function isOverlaySurelyOn(input: ShootInput): boolean {
  if (effectiveOverlay(input) !== true) return false;
  return !isUnset(read(input.config, 'overlay')) || !DEFAULTING_PROVIDERS.includes(input.provider);
}

/** bird is the default, and many manifests write it only to get the default. */
function* checkBackend(input: ShootInput): Generator<Finding> {
  const { config } = input;
  const overlay = writtenOverlay(config);
  const backend = readString(config, 'backend');
  // On Azure a mutating webhook writes none; another rule reports that the overlay cannot be on there.
  if (overlay === true && backend === 'none' && input.provider === 'azure') return;
  if (overlay === true && (backend === 'none' || backend === 'vxlan')) {
    const actual = readBoolean(config, 'vxlan', 'enabled') === true ? 'vxlan' : 'bird';
    if (actual === backend) return;
    yield lost(
      input,
      ['backend'],
      `with the overlay it becomes ${actual}`,
      'remove it, or disable the overlay',
    );
  } else if (overlay === false && backend === 'vxlan') {
    const actual = readBoolean(config, 'overlay', 'createPodRoutes') === true ? 'bird' : 'none';
    yield lost(
      input,
      ['backend'],
      `without overlay it becomes ${actual}`,
      'remove it, or enable the overlay',
    );
  }
}

/** With IPv6 among the families the overlay decides only the mode of the IPv6 pool. */
function* checkModes(input: ShootInput): Generator<Finding> {
  const families = familiesOf(input);
  if (families === undefined) return;
  const pool = families.includes('IPv6') ? 'ipv6' : 'ipv4';
  const mode = readString(input.config, pool, 'mode');
  if (mode === undefined || !isPoolMode(mode, read(input.config, pool, 'pool'))) return;
  const overlay = writtenOverlay(input.config);
  const isOpenstack = input.provider === 'openstack';
  if (overlay === false && (mode === 'Always' || mode === 'CrossSubnet')) {
    yield lost(input, [pool, 'mode'], 'without overlay it becomes Never', 'remove it, or enable the overlay');
  } else if (overlay === true && mode !== 'Always') {
    const way = isOpenstack ? adviseOnOpenstack(mode) : 'remove it, or remove overlay';
    yield lost(input, [pool, 'mode'], 'with the overlay it becomes Always', way);
  } else if (isOpenstack && isNewWithoutOverlay(input) && mode !== 'Always') {
    const why = "with OpenStack's default overlay it becomes Always";
    yield lost(input, [pool, 'mode'], why, adviseOnOpenstack(mode));
  }
}

/** There a missing overlay block is added, so only an explicit block is off. */
function adviseOnOpenstack(mode: string): string {
  // Without overlay every mode that encapsulates becomes Never.
  return mode === 'CrossSubnet' ? 'remove it' : 'remove it, or in a new Shoot set overlay.enabled: false';
}

function isNewWithoutOverlay({ operation, config }: ShootInput): boolean {
  return operation === 'CREATE' && isUnset(read(config, 'overlay'));
}

function* checkVxlan(input: ShootInput): Generator<Finding> {
  const { config } = input;
  if (readBoolean(config, 'vxlan', 'enabled') !== true) return;
  if (writtenOverlay(config) === false) {
    yield lost(
      input,
      ['vxlan', 'enabled'],
      'VXLAN needs the overlay, which is off',
      'remove vxlan, or enable the overlay',
    );
  }
  if (readString(config, 'ipam', 'type') === 'host-local' && familiesOf(input)?.includes('IPv4') === true) {
    yield lost(input, ['ipam', 'type'], 'with vxlan it becomes calico-ipam', 'remove it, or remove vxlan');
  }
}

function* checkAutodetection(input: ShootInput): Generator<Finding> {
  const nodes = readString(input.networking, 'nodes') ?? '';
  const method = readString(input.config, 'ipv4', 'autoDetectionMethod');
  if (nodes === '' || method === undefined || method === `cidr=${nodes}`) return;
  if (familiesOf(input)?.includes('IPv4') !== true) return;
  yield lost(input, ['ipv4', 'autoDetectionMethod'], 'spec.networking.nodes overrides it', 'remove it');
}

function* checkResources(input: ShootInput): Generator<Finding> {
  const { config } = input;
  if (readString(config, 'autoScaling', 'mode') !== 'cluster-proportional') return;
  const asked = ['node', 'typha'].some((name) => {
    const resources = read(config, 'autoScaling', 'resources', name);
    return isMap(resources) && Object.keys(resources).length > 0;
  });
  if (!asked) return;
  const why = 'have no effect in the mode cluster-proportional';
  yield lost(input, ['autoScaling', 'resources'], why, 'remove the resources, or use the mode static or vpa');
}
