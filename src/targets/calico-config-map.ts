import schema from '../../schemas/config-map.json' with { type: 'json' };
import type { FieldPath } from '../policy/field-path.ts';
import { type JsonObject, readString } from '../policy/json.ts';
import type { Statement } from '../policy/statement.ts';
import type { Target } from '../policy/types.ts';
import { createShape } from '../schema/shape.ts';
import { TYPHA_SERVICE } from './calico-typha.ts';
import { createObjectTarget, type ObjectInput } from './object.ts';

declare module '../policy/statement.ts' {
  interface Statements {
    /** ConfigMap kubernetes-services-endpoint: the API server's address for the Tigera operator. */
    'services-endpoint': unknown;
    /** The networking backend of calico-node, from ConfigMap calico-config or the environment. */
    backend: {
      readonly backend: string;
    };
  }
}

/** ConfigMaps that Calico, kubeadm and the Tigera operator take settings from, and the namespaces that they are in. */
const OURS: ReadonlyMap<string, readonly string[]> = new Map([
  ['calico-config', ['', 'kube-system']],
  ['kubeadm-config', ['', 'kube-system']],
  ['kubernetes-services-endpoint', ['tigera-operator']],
]);

const KUBEADM: FieldPath = ['data', 'ClusterConfiguration'];

export function createConfigMapTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [{ group: '', versions: ['v1'] }],
    kind: 'ConfigMap',
    resource: 'configmaps',
    scope: 'Namespaced',
    isGeneral: true,
    shape: createShape(schema),
    isOurs: (object) =>
      OURS.get(nameOf(object))?.includes(readString(object, 'metadata', 'namespace') ?? '') === true,
    statements: ({ object }) => statements(object),
    words: [...OURS.keys(), TYPHA_SERVICE],
  });
}

export function isCalicoConfig(object: JsonObject): boolean {
  return nameOf(object) === 'calico-config';
}

function nameOf(object: JsonObject): string {
  return readString(object, 'metadata', 'name') ?? '';
}

function* statements(object: JsonObject): Generator<Statement> {
  if (nameOf(object) === 'kubernetes-services-endpoint') {
    yield { about: 'services-endpoint', path: ['data'] };
    return;
  }
  if (nameOf(object) === 'kubeadm-config') {
    yield* stateKubeadm(readString(object, ...KUBEADM) ?? '');
    return;
  }
  const backend = readString(object, 'data', 'calico_backend');
  if (backend) yield { about: 'backend', path: ['data', 'calico_backend'], backend };
  if (readString(object, 'data', 'typha_service_name') === TYPHA_SERVICE) {
    yield { about: 'typha', path: ['data', 'typha_service_name'], state: 'wanted', replicas: undefined };
  }
}

/** Calico and the operator do not decode this text either, but look for the one line. */
function* stateKubeadm(text: string): Generator<Statement> {
  const podSubnet = /^ *podSubnet: (.*)$/m.exec(text)?.[1];
  const serviceSubnet = /^ *serviceSubnet: (.*)$/m.exec(text)?.[1];
  if (podSubnet === undefined && serviceSubnet === undefined) return;
  yield {
    about: 'kubeadm-cluster',
    path: KUBEADM,
    podSubnet,
    serviceSubnet,
    podSubnetPath: KUBEADM,
    serviceSubnetPath: KUBEADM,
  };
}
