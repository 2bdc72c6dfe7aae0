// Without overlay the cloud's route tables carry the pods' traffic. On AWS the cloud-controller-manager cannot fill the
// several tables that Gardener makes, so a controller of provider-aws does. Its admission switches that on whenever the
// overlay is off; where it is not called, no routes are made and pods of different nodes do not reach each other.
import { read, readBoolean } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { writtenOverlay } from '../../targets/overlay-state.ts';
import type { ShootInput } from '../../targets/shoot.ts';

const SWITCH = ['controlPlaneConfig', 'cloudControllerManager', 'useCustomRouteController'] as const;

export const awsRouteController: Rule<ShootInput> = {
  id: 'shoot/aws-route-controller',
  title: 'on AWS without overlay the custom route controller is on',
  action: 'audit',
  docs: {
    why: "Without overlay the pods' traffic needs routes in the tables of the VPC, which on AWS only the custom route controller of provider-aws can fill. Its admission switches it on; where the field is not true, that admission was not called.",
    fix: 'Nothing, where the admission of provider-aws runs. Elsewhere set `spec.provider.controlPlaneConfig.cloudControllerManager.useCustomRouteController: true`.',
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
      problem: 'without overlay AWS needs the custom route controller',
      got: read(spec, 'provider', ...SWITCH),
      advice: 'set it to true, or call the admission of provider-aws',
    };
  },
};
