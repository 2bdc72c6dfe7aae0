// Settings that networking-calico accepts and then overrides or never reads: what the author wanted does not happen,
// and nothing says so. Only what is certain is told, and only values that ask for something: a default that somebody
// spelt out, or what a mutating webhook wrote (snatToUpstreamDNS off, createPodRoutes), is no mistake.
import { isMap, isUnset, read, readBoolean, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { effectiveOverlay, familiesOf, writtenOverlay } from '../../targets/overlay-state.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { isPoolMode } from './shared/pool-modes.ts';

/** Providers whose mutating webhooks, or ours, may still switch an overlay that nobody wrote. */
const DEFAULTING_PROVIDERS: readonly unknown[] = ['alicloud', 'aws', 'gcp', 'openstack'];

export const settingWithoutEffect: Rule<ShootInput> = {
  id: 'shoot/setting-without-effect',
  title: 'no setting is overridden by another',
  action: 'warn',
  docs: {
    why: 'The extension overrides the setting, or does not look at it in this combination. What it was meant to do does not happen.',
    fix: 'Remove it, or change what the message names. `overlay.enabled` decides the backend and the mode of the pool; `createPodRoutes` and `snatToUpstreamDNS` are for clusters without overlay; `vxlan` is for clusters with one, and brings `calico-ipam`; `autoScaling.resources` is for the modes `static` and `vpa`; `spec.networking.nodes` decides the autodetection method.',
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

/** On OpenStack webhooks write createPodRoutes, and it stays there when the overlay is switched on later. */
function* checkRoutes(input: ShootInput): Generator<Finding> {
  const asksForRoutes = readBoolean(input.config, 'overlay', 'createPodRoutes') === true;
  if (asksForRoutes && writtenOverlay(input.config) === true && input.provider !== 'openstack') {
    const why = 'without effect while the overlay is on';
    yield lost(input, ['overlay', 'createPodRoutes'], why, 'remove it, or switch the overlay off');
  }
  if (isOverlaySurelyOn(input) && readBoolean(input.config, 'snatToUpstreamDNS', 'enabled') === true) {
    const why = 'without effect unless the overlay is off';
    yield lost(input, ['snatToUpstreamDNS', 'enabled'], why, 'remove it');
  }
}

function isOverlaySurelyOn(input: ShootInput): boolean {
  if (effectiveOverlay(input) !== true) return false;
  return !isUnset(read(input.config, 'overlay')) || !DEFAULTING_PROVIDERS.includes(input.provider);
}

/** bird is the default, and stands in many manifests that only want the default. */
function* checkBackend(input: ShootInput): Generator<Finding> {
  const { config } = input;
  const overlay = writtenOverlay(config);
  const backend = readString(config, 'backend');
  // On Azure none is what a mutating webhook writes; that the overlay cannot be on there has a rule of its own.
  if (overlay === true && backend === 'none' && input.provider === 'azure') return;
  if (overlay === true && (backend === 'none' || backend === 'vxlan')) {
    const actual = readBoolean(config, 'vxlan', 'enabled') === true ? 'vxlan' : 'bird';
    if (actual === backend) return;
    yield lost(input, ['backend'], `the overlay makes it ${actual}`, 'remove it, or switch the overlay off');
  } else if (overlay === false && backend === 'vxlan') {
    const actual = readBoolean(config, 'overlay', 'createPodRoutes') === true ? 'bird' : 'none';
    yield lost(
      input,
      ['backend'],
      `without overlay it becomes ${actual}`,
      'remove it, or switch the overlay on',
    );
  }
}

/** With IPv6 among the families the overlay decides the mode of the IPv6 pool, and only of that. */
function* checkModes(input: ShootInput): Generator<Finding> {
  const families = familiesOf(input);
  if (families === undefined) return;
  const pool = families.includes('IPv6') ? 'ipv6' : 'ipv4';
  const mode = readString(input.config, pool, 'mode');
  if (mode === undefined || !isPoolMode(mode, read(input.config, pool, 'pool'))) return;
  const overlay = writtenOverlay(input.config);
  const isOpenstack = input.provider === 'openstack';
  if (overlay === false && (mode === 'Always' || mode === 'CrossSubnet')) {
    yield lost(
      input,
      [pool, 'mode'],
      'without overlay it becomes Never',
      'remove it, or switch the overlay on',
    );
  } else if (overlay === true && mode !== 'Always') {
    const way = isOpenstack ? adviseOnOpenstack(mode) : 'remove it, or remove overlay';
    yield lost(input, [pool, 'mode'], 'the overlay makes it Always', way);
  } else if (isOpenstack && isNewWithoutOverlay(input) && mode !== 'Always') {
    const why = "the overlay, OpenStack's default, makes it Always";
    yield lost(input, [pool, 'mode'], why, adviseOnOpenstack(mode));
  }
}

/** An overlay block that is left out or removed is written there, so that only an explicit one is off. */
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
      'there is no VXLAN without overlay',
      'remove vxlan, or switch the overlay on',
    );
  }
  if (readString(config, 'ipam', 'type') === 'host-local' && familiesOf(input)?.includes('IPv4') === true) {
    yield lost(input, ['ipam', 'type'], 'vxlan makes it calico-ipam', 'remove it, or remove vxlan');
  }
}

function* checkAutodetection(input: ShootInput): Generator<Finding> {
  const nodes = readString(input.networking, 'nodes') ?? '';
  const method = readString(input.config, 'ipv4', 'autoDetectionMethod');
  if (nodes === '' || method === undefined || method === `cidr=${nodes}`) return;
  if (familiesOf(input)?.includes('IPv4') !== true) return;
  yield lost(input, ['ipv4', 'autoDetectionMethod'], 'networking.nodes overrides it', 'remove it');
}

function* checkResources(input: ShootInput): Generator<Finding> {
  const { config } = input;
  if (readString(config, 'autoScaling', 'mode') !== 'cluster-proportional') return;
  const asked = ['node', 'typha'].some((name) => {
    const resources = read(config, 'autoScaling', 'resources', name);
    return isMap(resources) && Object.keys(resources).length > 0;
  });
  if (!asked) return;
  const why = 'without effect in the mode cluster-proportional';
  yield lost(input, ['autoScaling', 'resources'], why, 'remove them, or use the mode static or vpa');
}
