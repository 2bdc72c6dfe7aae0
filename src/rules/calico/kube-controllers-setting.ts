// KubeControllersConfiguration: which controllers run, and how. `controllers` must be there, because what is missing in
// it does not run; its levels of logs are not Felix'. Templates of host endpoints are read by Calico only.

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
  title: 'the controllers of Calico have settings that they take',
  action: 'deny',
  docs: {
    why: 'The API server rejects the value; where it does not, the controllers cannot read their configuration, and addresses of deleted nodes are no longer freed.',
    fix: 'Write a value as the message says, or remove the field. `controllers` must be there.',
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
        problem: 'the list of controllers is missing',
        advice: 'write it, such as node: {}',
      };
    }
    for (const { path, allowed } of WORDS) {
      const value = read(spec, ...path);
      yield* checkAllowedValue({
        path: ['spec', ...path],
        value,
        problem: 'Calico knows no such value',
        allowed,
      });
    }
    for (const field of ['prometheusMetricsPort', 'debugProfilePort']) {
      const value = read(spec, field);
      yield* checkNumber({ path: ['spec', field], value, min: 0, max: 65_535, what: 'port, or 0 for none' });
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
      problem: `has ${name.length} characters, ${MAX_NAME} at most are allowed`,
      advice: 'shorten it',
    };
  }
  for (const [index, value] of readList(template, 'interfaceCIDRs').entries()) {
    if (typeof value !== 'string' || parseCidr(value) !== undefined) continue;
    yield {
      path: [...path, 'interfaceCIDRs', index],
      reason: 'FieldValueInvalid',
      problem: 'not a range',
      got: value,
      advice: 'write one, such as 10.250.0.0/16',
      // An address alone is stored; kube-controllers then makes no HostEndpoint of the template.
      ...(parseNet(value) === undefined ? {} : { atMost: 'warn' }),
    };
  }
  yield* checkPattern([...path, 'interfacePattern'], read(template, 'interfacePattern'));
  yield* checkSelector([...path, 'nodeSelector'], read(template, 'nodeSelector'));
}
