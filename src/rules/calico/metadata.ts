// Names, labels and annotations must have the form that the API server requires for every object.
import { isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '../../formats/dns.ts';
import { type JsonObject, readMap, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** The maximum size of all annotations of an object, in bytes. */
const MAX_ANNOTATIONS = 262_144;

export const calicoMetadata: Rule<ObjectInput> = {
  id: 'calico/metadata',
  title: 'names, labels and annotations must be valid in Kubernetes',
  action: 'deny',
  docs: {
    why: 'The API server rejects the object.',
    fix: 'Write names with lower-case letters, digits, `-` and `.`; keys of labels and annotations such as `example.org/team`, with at most 63 characters after the `/`; and values of labels with at most 63 letters, digits, `-`, `_` and `.`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods-east
  labels:
    example.org/team: network
spec:
  cidr: 10.244.0.0/16
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: Pods_East
spec:
  cidr: 10.244.0.0/16
`,
    source: 'Kubernetes, apimachinery: ValidateObjectMeta',
    since: '0.1.0',
  },
  *check({ object }) {
    yield* checkName(object);
    const namespace = readString(object, 'metadata', 'namespace') ?? '';
    if (namespace !== '' && !isDns1123Label(namespace)) {
      const path = ['metadata', 'namespace'];
      const advice = 'use at most 63 lower-case letters, digits and -';
      yield { path, reason: 'FieldValueInvalid', problem: 'invalid namespace', got: namespace, advice };
    }
    for (const [key, value] of Object.entries(readMap(object, 'metadata', 'labels') ?? {})) {
      yield* checkKey('labels', key, isQualifiedName(key));
      if (typeof value !== 'string' || isLabelValue(value)) continue;
      const problem = 'invalid label value';
      const advice = 'use at most 63 letters, digits, -, _ and dots';
      yield { path: ['metadata', 'labels', key], reason: 'FieldValueInvalid', problem, got: value, advice };
    }
    yield* checkAnnotations(readMap(object, 'metadata', 'annotations') ?? {});
  },
};

function* checkName(object: JsonObject): Generator<Finding> {
  const name = readString(object, 'metadata', 'name') ?? '';
  const prefix = readString(object, 'metadata', 'generateName') ?? '';
  const [field, got] = name === '' ? ['generateName', prefix] : ['name', name];
  // The API server appends to a prefix before it validates the name.
  if (got === '' || isDns1123Subdomain(field === 'name' ? got : got.replace(/-$/, ''))) return;
  const problem = got.length > 253 ? 'longer than 253 characters' : 'invalid name';
  const advice = 'write lower-case letters, digits, - and dots';
  yield { path: ['metadata', field], reason: 'FieldValueInvalid', problem, got, advice };
}

function* checkKey(field: string, got: string, isGood: boolean): Generator<Finding> {
  if (isGood) return;
  const problem = `invalid key of ${field}`;
  const path = ['metadata', field, got];
  yield {
    path,
    at: 'key',
    reason: 'FieldValueInvalid',
    problem,
    got,
    advice: 'write a key such as example.org/team',
  };
}

function* checkAnnotations(annotations: JsonObject): Generator<Finding> {
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    yield* checkKey('annotations', key, isQualifiedName(key.toLowerCase()));
    size += key.length + (typeof value === 'string' ? value.length : 0);
  }
  if (size <= MAX_ANNOTATIONS) return;
  const problem = `the annotations have more than ${MAX_ANNOTATIONS} bytes`;
  const path = ['metadata', 'annotations'];
  yield { path, at: 'key', reason: 'FieldValueInvalid', problem, got: size, advice: 'remove some of them' };
}
