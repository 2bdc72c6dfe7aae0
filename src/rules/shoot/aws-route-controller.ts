// Without overlay, the route tables of the cloud carry the traffic of pods. On AWS the cloud-controller-manager cannot
// fill the several tables that Gardener creates, so a controller of provider-aws does. The admission webhook of
// provider-aws enables it whenever the overlay is off. Where that webhook is not called, no routes are created and
// pods on different nodes do not reach each other.
import { read, readBoolean } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { writtenOverlay } from '../../targets/overlay-state.ts';
import type { ShootInput } from '../../targets/shoot.ts';

const SWITCH = ['controlPlaneConfig', 'cloudControllerManager', 'useCustomRouteController'] as const;

export const awsRouteController: Rule<ShootInput> = {
  id: 'shoot/aws-route-controller',
  title: 'the custom route controller is off on AWS without overlay',
  action: 'audit',
  docs: {
    why: 'Without overlay, the traffic of pods needs routes in the route tables of the VPC. On AWS only the custom route controller of provider-aws can write them. The admission webhook of provider-aws enables the controller; where the field is not true, that webhook was not called.',
    fix: 'Nothing, where the admission webhook of provider-aws runs. Elsewhere set `spec.provider.controlPlaneConfig.cloudControllerManager.useCustomRouteController: true`.',
    good: `
kind: Shoot
spec:
  provider:
    type: aws
    controlPlaneConfig:
      apiVersion: aws.provider.extensions.gardener.cloud/v1alpha1
      kind: ControlPlaneConfig
      cloudControllerManager:
        useCustomRouteController: true
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: false
`,
    bad: `
kind: Shoot
spec:
  provider:
    type: aws
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: false
`,
    source:
      'gardener-extension-provider-aws, pkg/admission/mutator; networking-calico, docs/usage/shoot_overlay_network.md (AWS implementation)',
    since: '0.1.0',
  },
  *check({ provider, spec, config }) {
    if (provider !== 'aws' || writtenOverlay(config) !== false) return;
    if (readBoolean(spec, 'provider', ...SWITCH) === true) return;
    yield {
      path: ['spec', 'provider', ...SWITCH],
      reason: 'FieldValueInvalid',
      problem: 'AWS without overlay needs the custom route controller',
      got: read(spec, 'provider', ...SWITCH),
      advice: 'set it to true, or register the admission webhook of provider-aws',
    };
  },
};
