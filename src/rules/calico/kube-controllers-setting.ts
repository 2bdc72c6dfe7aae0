// KubeControllersConfiguration: the controllers that run, and their settings. `controllers` is required, because a
// controller that is not in it does not run; its log levels differ from those of Felix. Only Calico reads the
// templates of host endpoints.

import { parseCidr, parseNet } from '../../formats/cidr.ts';
import { parseDuration } from '../../formats/duration.ts';
import kubeControllers from '../../kinds/kube-controllers-configuration.json' with { type: 'json' };
import type { FieldPath } from '../../policy/field-path.ts';
import { isUnset, read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { checkNumber } from '../shared/number-range.ts';
import { checkSelector } from '../shared/selector-advice.ts';
import { adviseDuration } from './shared/duration-advice.ts';
import { checkPattern } from './shared/pattern-advice.ts';

const WORDS = [
  ['logSeverityScreen'],
  ['healthChecks'],
  ['controllers', 'node', 'syncLabels'],
  ['controllers', 'node', 'hostEndpoint', 'autoCreate'],
  ['controllers', 'node', 'hostEndpoint', 'createDefaultHostEndpoint'],
  ['controllers', 'loadBalancer', 'assignIPs'],
  ['controllers', 'policyMigration', 'enabled'],
].map((path) => ({ path, allowed: wordsAt(kubeControllers, 'spec', ...path) }));

const DURATIONS: readonly (readonly string[])[] = [
  ['etcdV3CompactionPeriod'],
  ['controllers', 'node', 'leakGracePeriod'],
  ...['namespace', 'node', 'policy', 'serviceAccount', 'workloadEndpoint'].map((controller) => [
    'controllers',
    controller,
    'reconcilerPeriod',
  ]),
];

const TEMPLATES = ['controllers', 'node', 'hostEndpoint', 'templates'];
const MAX_NAME = 253;

export const kubeControllersSetting: Rule<ObjectInput> = {
  id: 'calico/kube-controllers-setting',
  title: "the settings of Calico's controllers must be supported",
  action: 'deny',
  docs: {
    why: 'The API server rejects the value. Where it does not, the controllers cannot read their configuration, and addresses of deleted nodes are no longer released.',
    fix: 'Write a value as in the message, or remove the field. `controllers` is required.',
    good: `
apiVersion: projectcalico.org/v3
kind: KubeControllersConfiguration
metadata:
  name: default
spec:
  logSeverityScreen: Info
  controllers:
    node:
      reconcilerPeriod: 5m
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: KubeControllersConfiguration
metadata:
  name: default
spec:
  logSeverityScreen: Info
`,
    source: 'Calico, KubeControllersConfiguration CRD and libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    if (isUnset(read(spec, 'controllers'))) {
      yield {
        path: ['spec', 'controllers'],
        reason: 'FieldValueRequired',
        problem: 'the field is missing',
        advice: 'add it with at least one controller, such as node: {}',
      };
    }
    for (const { path, allowed } of WORDS) {
      const value = read(spec, ...path);
      yield* checkAllowedValue({
        path: ['spec', ...path],
        value,
        problem: 'unsupported value',
        allowed,
      });
    }
    for (const field of ['prometheusMetricsPort', 'debugProfilePort']) {
      const value = read(spec, field);
      yield* checkNumber({ path: ['spec', field], value, min: 0, max: 65_535, what: 'port' });
    }
    for (const path of DURATIONS) {
      const value = read(spec, ...path);
      if (typeof value !== 'string' || parseDuration(value) !== undefined) continue;
      yield {
        path: ['spec', ...path],
        reason: 'FieldValueInvalid',
        ...adviseDuration(value, '5m'),
        got: value,
      };
    }
    for (const [index, template] of readList(spec, ...TEMPLATES).entries()) {
      yield* checkTemplate(['spec', ...TEMPLATES, index], template);
    }
  },
};

function* checkTemplate(path: FieldPath, template: unknown): Generator<Finding> {
  const name = read(template, 'generateName');
  if (typeof name === 'string' && name.length > MAX_NAME) {
    yield {
      path: [...path, 'generateName'],
      reason: 'FieldValueInvalid',
      problem: `has ${name.length} characters, but at most ${MAX_NAME} are allowed`,
      advice: 'shorten it',
    };
  }
  for (const [index, value] of readList(template, 'interfaceCIDRs').entries()) {
    if (typeof value !== 'string' || parseCidr(value) !== undefined) continue;
    yield {
      path: [...path, 'interfaceCIDRs', index],
      reason: 'FieldValueInvalid',
      problem: 'not a CIDR range',
      got: value,
      advice: 'write a CIDR range, such as 10.250.0.0/16',
      // A single address is stored; kube-controllers then creates no HostEndpoint from the template.
      ...(parseNet(value) === undefined ? {} : { atMost: 'warn' }),
    };
  }
  yield* checkPattern([...path, 'interfacePattern'], read(template, 'interfacePattern'));
  yield* checkSelector([...path, 'nodeSelector'], read(template, 'nodeSelector'));
}
