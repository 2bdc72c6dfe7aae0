import { testAdvice } from './warn-table.ts';

const off = { overlay: { enabled: false } };
const paths = ['spec.provider.controlPlaneConfig.cloudControllerManager.useCustomRouteController'];

function aws(useCustomRouteController: unknown): object {
  return {
    provider: { type: 'aws', controlPlaneConfig: { cloudControllerManager: { useCustomRouteController } } },
  };
}

testAdvice('shoot/aws-route-controller', 'audit', [
  {
    name: 'nothing',
    config: off,
    spec: { provider: { type: 'aws' } },
    paths,
    says: ['route controller; set it to true'],
  },
  { name: 'off', config: off, spec: aws(false), paths, says: ['(got false)'] },
  { name: 'null', config: off, spec: aws(null), paths },
  { name: 'a text', config: off, spec: aws('true'), paths },
  { name: 'overlay {}', config: { overlay: {} }, spec: aws(false), paths },
  { name: 'on', config: off, spec: aws(true) },
  { name: 'with overlay', config: { overlay: { enabled: true } }, spec: aws(false) },
  { name: 'overlay left out', config: {}, spec: aws(false) },
  { name: 'unreadable', config: { overlay: { enabled: 'no' } }, spec: aws(false) },
  { name: 'elsewhere', config: off, spec: { provider: { type: 'gcp' } } },
]);
