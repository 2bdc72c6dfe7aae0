// Not every cloud supports every overlay. The network of Azure drops IP-in-IP; AWS and GCP support IPv6 only without
// overlay, and a missing block means on; on AWS the overlay can be off only since Kubernetes 1.22. Otherwise pods on
// different nodes cannot reach each other. `overlay: {}` is an explicit off.
import { isBelow, parseVersion } from '../../formats/version.ts';
import { isMap, isUnset, read, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { writtenOverlay } from '../../targets/overlay-state.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { hasNodes } from './shared/has-nodes.ts';

/** The clouds that need the overlay explicitly off with IPv6, with their usual names. */
const NEEDS_OVERLAY_OFF: ReadonlyMap<string, string> = new Map([
  ['aws', 'AWS'],
  ['gcp', 'GCP'],
]);

export const providerOverlay: Rule<ShootInput> = {
  id: 'shoot/provider-overlay',
  title: 'the overlay must fit the cloud, the IP families and the Kubernetes version',
  action: 'deny',
  docs: {
    why: "The network of Azure drops the packets of Calico's overlay. AWS and GCP support IPv6 only without it. On AWS it can be off only since Kubernetes 1.22. Otherwise pods on different nodes cannot reach each other.",
    fix: 'On Azure remove `overlay` or set `enabled: false`. On AWS and GCP with IPv6 write `overlay: {enabled: false}`. On AWS below Kubernetes 1.22 set `enabled: true`, or upgrade Kubernetes first.',
    good: `
kind: Shoot
spec:
  provider:
    type: azure
  networking:
    type: calico
    providerConfig:
      backend: none
      overlay:
        enabled: false
`,
    bad: `
kind: Shoot
spec:
  provider:
    type: azure
  networking:
    type: calico
    providerConfig:
      backend: none
      overlay:
        enabled: true
`,
    source:
      'gardener-extension-provider-azure, -aws and -gcp, their Shoot validators; Gardener, documentation of the overlay',
    since: '0.1.0',
  },
  *check(input) {
    if (input.provider === 'azure') yield* checkAzure(input);
    yield* checkIpv6(input);
    if (input.provider === 'aws') yield* checkAwsVersion(input);
  },
};

/** Nothing follows from a configuration that cannot be read; another rule reports that. */
function isOverlayAbsent({ config, configValue }: ShootInput): boolean {
  return (isUnset(configValue) || isMap(configValue)) && isUnset(read(config, 'overlay'));
}

function* checkAzure(input: ShootInput): Generator<Finding> {
  if (writtenOverlay(input.config) !== true) return;
  yield {
    path: [...input.configPath, 'overlay', 'enabled'],
    reason: 'FieldValueForbidden',
    problem: "the network of Azure does not support Calico's overlay",
    got: true,
    advice: 'remove overlay, or set enabled: false',
  };
}

function* checkIpv6(input: ShootInput): Generator<Finding> {
  const cloud = NEEDS_OVERLAY_OFF.get(input.provider ?? '');
  if (cloud === undefined || !input.ipFamilies.includes('IPv6') || !hasNodes(input)) return;
  if (writtenOverlay(input.config) === true) {
    yield {
      path: [...input.configPath, 'overlay', 'enabled'],
      reason: 'FieldValueForbidden',
      problem: `${cloud} supports IPv6 only without overlay`,
      got: true,
      advice: 'set enabled: false',
    };
  } else if (isOverlayAbsent(input)) {
    yield {
      path: input.ipFamiliesPath,
      reason: 'FieldValueForbidden',
      problem: `${cloud} supports IPv6 only without overlay, and the overlay is on by default`,
      got: 'IPv6',
      advice: 'set overlay.enabled: false in the providerConfig',
    };
  }
}

function* checkAwsVersion(input: ShootInput): Generator<Finding> {
  const version = parseVersion(readString(input.spec, 'kubernetes', 'version') ?? '');
  if (version === undefined || !isBelow(version, 1, 22)) return;
  if (writtenOverlay(input.config) !== false) return;
  const got = read(input.config, 'overlay', 'enabled');
  yield {
    path: [...input.configPath, 'overlay', 'enabled'],
    reason: 'FieldValueForbidden',
    problem: `AWS supports no overlay only since Kubernetes 1.22, not with ${version.major}.${version.minor}`,
    got,
    advice: 'set enabled: true, or upgrade Kubernetes first',
  };
}
