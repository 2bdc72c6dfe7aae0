import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const off = { overlay: { enabled: false } };
const path = 'spec.provider.controlPlaneConfig.cloudControllerManager.useCustomRouteController';

function aws(useCustomRouteController: unknown): object {
  return {
    provider: { type: 'aws', controlPlaneConfig: { cloudControllerManager: { useCustomRouteController } } },
  };
}

testRule('shoot/aws-route-controller', 'audit', SHOOT, {
  valid: [
    { name: 'on', config: off, spec: aws(true) },
    { name: 'with overlay', config: { overlay: { enabled: true } }, spec: aws(false) },
    { name: 'overlay left out', config: {}, spec: aws(false) },
    { name: 'unreadable', config: { overlay: { enabled: 'no' } }, spec: aws(false) },
    { name: 'elsewhere', config: off, spec: { provider: { type: 'gcp' } } },
  ],
  invalid: [
    {
      name: 'nothing',
      config: off,
      spec: { provider: { type: 'aws' } },
      found: [{ path, says: 'route controller; set it to true' }],
    },
    { name: 'off', config: off, spec: aws(false), found: [{ path, says: '(got false)' }] },
    { name: 'null', config: off, spec: aws(null), found: [path] },
    { name: 'a text', config: off, spec: aws('true'), found: [path] },
    { name: 'overlay {}', config: { overlay: {} }, spec: aws(false), found: [path] },
  ],
});
