// Templates of host endpoints: kube-controllers creates a HostEndpoint from each, for every node. Its name and labels
// are checked then, and not when the template is stored.
import { isDns1123Subdomain, isLabelValue, isQualifiedName } from '../../formats/dns.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { readList, readMap, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const TEMPLATES = ['controllers', 'node', 'hostEndpoint', 'templates'];
/** kube-controllers-setting reports a longer name: the API server rejects it. */
const MAX_NAME = 253;

export const kubeControllersTemplate: Rule<ObjectInput> = {
  id: 'calico/kube-controllers-template',
  title: 'a template of host endpoints should have a valid name, labels and annotations',
  action: 'warn',
  docs: {
    why: 'The API server accepts the template. kube-controllers then cannot create the HostEndpoints because of their name, labels or annotations, and the nodes have none.',
    fix: 'Write `generateName` with lower-case letters, digits, `-` and dots, and labels and annotations that are valid in Kubernetes.',
    good: `
apiVersion: projectcalico.org/v3
kind: KubeControllersConfiguration
metadata:
  name: default
spec:
  controllers:
    node:
      hostEndpoint:
        autoCreate: Enabled
        templates:
        - generateName: internal
          interfaceCIDRs: [10.250.0.0/16]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: KubeControllersConfiguration
metadata:
  name: default
spec:
  controllers:
    node:
      hostEndpoint:
        autoCreate: Enabled
        templates:
        - generateName: Internal network
          interfaceCIDRs: [10.250.0.0/16]
`,
    source: 'Calico, libcalico-go validator: Template; kube-controllers, hostendpoints.go',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [index, template] of readList(spec, ...TEMPLATES).entries()) {
      yield* checkTemplate(['spec', ...TEMPLATES, index], template);
    }
  },
};

function* checkTemplate(path: FieldPath, template: unknown): Generator<Finding> {
  const name = readString(template, 'generateName') ?? '';
  if (name !== '' && name.length <= MAX_NAME && !isDns1123Subdomain(name)) {
    const advice = 'write lower-case letters, digits, - and dots';
    const problem = 'no HostEndpoint can have this name';
    yield { path: [...path, 'generateName'], reason: 'FieldValueInvalid', problem, got: name, advice };
  }
  for (const [key, value] of Object.entries(readMap(template, 'labels') ?? {})) {
    const place = [...path, 'labels', key];
    if (!isQualifiedName(key)) yield badKey(place, 'a label');
    else if (typeof value === 'string' && !isLabelValue(value)) {
      const advice = 'use at most 63 letters, digits, -, _ and dots';
      yield {
        path: place,
        reason: 'FieldValueInvalid',
        problem: 'invalid label value',
        got: value,
        advice,
      };
    }
  }
  for (const key of Object.keys(readMap(template, 'annotations') ?? {})) {
    if (!isQualifiedName(key.toLowerCase())) yield badKey([...path, 'annotations', key], 'an annotation');
  }
}

function badKey(path: FieldPath, what: string): Finding {
  const advice = 'write a key such as example.org/team';
  const problem = `invalid key of ${what}`;
  return { path, at: 'key', reason: 'FieldValueInvalid', problem, got: String(path.at(-1)), advice };
}
