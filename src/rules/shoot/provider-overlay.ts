// Not every cloud can have every overlay. Azure's network drops IP-in-IP; AWS and GCP carry IPv6 only without overlay,
// and a missing block means on; without overlay AWS needs the route controller of Kubernetes 1.22. Where it does not
// fit, pods on different nodes cannot reach each other. `overlay: {}` is an explicit off.
import { isBelow, parseVersion } from '../../formats/version.ts';
import { isMap, isUnset, read, readString } from '../../policy/json.ts';
import { describe, quote } from '../../policy/message.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

/** Names for messages; the keys are the clouds that want the overlay explicitly off with IPv6. */
const NEEDS_OVERLAY_OFF: Readonly<Record<string, string>> = { aws: 'AWS', gcp: 'GCP' };

export const providerOverlay: Rule<ShootInput> = {
  id: 'shoot/provider-overlay',
  title: 'the overlay fits the cloud, the IP families and the Kubernetes version',
  action: 'deny',
  docs: {
    why: "Azure's network drops the packets of Calico's overlay; AWS and GCP carry IPv6 only without it; AWS can do without it only since Kubernetes 1.22. Otherwise pods on different nodes cannot reach each other.",
    fix: 'On Azure remove `overlay` or set `enabled: false`. On AWS and GCP with IPv6 write `overlay: {enabled: false}`. On AWS below Kubernetes 1.22 set `enabled: true`, or update Kubernetes first.',
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

type Overlay = 'on' | 'off' | 'absent' | 'unreadable';

/** What cannot be read is a finding of another rule, and nothing may be concluded from it. */
function overlayOf({ config, configValue }: ShootInput): Overlay {
  if (!isUnset(configValue) && !isMap(configValue)) return 'unreadable';
  const overlay = read(config, 'overlay');
  if (isUnset(overlay)) return 'absent';
  const enabled = read(overlay, 'enabled');
  if (!isMap(overlay) || !(isUnset(enabled) || typeof enabled === 'boolean')) return 'unreadable';
  return enabled === true ? 'on' : 'off';
}

function* checkAzure(input: ShootInput): Generator<Finding> {
  if (overlayOf(input) !== 'on') return;
  yield {
    path: [...input.configPath, 'overlay', 'enabled'],
    reason: 'FieldValueForbidden',
    message:
      "Azure's network does not carry Calico's overlay (got true); remove overlay or set enabled: false",
  };
}

function* checkIpv6(input: ShootInput): Generator<Finding> {
  const cloud = NEEDS_OVERLAY_OFF[input.provider ?? ''];
  if (cloud === undefined || !input.ipFamilies.includes('IPv6')) return;
  const overlay = overlayOf(input);
  if (overlay === 'on') {
    yield {
      path: [...input.configPath, 'overlay', 'enabled'],
      reason: 'FieldValueForbidden',
      message: `${cloud} carries IPv6 only without overlay (got true); set enabled: false`,
    };
  } else if (overlay === 'absent') {
    yield {
      path: input.ipFamiliesPath,
      reason: 'FieldValueForbidden',
      message: `${cloud} carries IPv6 only without overlay, and unset means on (got "IPv6"); set overlay.enabled: false in the providerConfig`,
    };
  }
}

function* checkAwsVersion(input: ShootInput): Generator<Finding> {
  const text = readString(input.spec, 'kubernetes', 'version');
  const version = text === undefined ? undefined : parseVersion(text);
  if (text === undefined || version === undefined || !isBelow(version, 1, 22)) return;
  if (overlayOf(input) !== 'off') return;
  const got = describe(read(input.config, 'overlay', 'enabled'));
  yield {
    path: [...input.configPath, 'overlay', 'enabled'],
    reason: 'FieldValueForbidden',
    message: `on AWS the overlay can be off only since Kubernetes 1.22, this is ${quote(text)} (got ${got}); set enabled: true or update Kubernetes first`,
  };
}
