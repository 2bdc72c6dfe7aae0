import { isUnset, type JsonObject, read, readString } from '../policy/json.ts';
import type { Target } from '../policy/types.ts';
import type { ShapeCheck } from '../schema/shape.ts';
import { createObjectTarget, type ObjectInput } from './object.ts';

/** Its usual name, and the only one that can be looked for. */
export const TYPHA_SERVICE = 'calico-typha';

/** Typha of Calico's plain manifests. */
export function createTyphaDeploymentTarget(checkShape: ShapeCheck): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [{ group: 'apps', versions: ['v1'] }],
    kind: 'Deployment',
    resource: 'deployments',
    checkShape,
    isOurs: isTypha,
    *statements({ object }) {
      const written = read(object, 'spec', 'replicas');
      const replicas = isUnset(written) ? 1 : written;
      if (typeof replicas !== 'number') return;
      yield { about: 'typha', path: ['spec', 'replicas'], state: 'deployed', replicas };
    },
  });
}

export function createTyphaServiceTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [{ group: '', versions: ['v1'] }],
    kind: 'Service',
    resource: 'services',
    checkShape: () => [],
    isOurs: isTypha,
    *statements() {
      yield { about: 'typha', path: ['metadata', 'name'], state: 'service', replicas: undefined };
    },
  });
}

function isTypha(object: JsonObject): boolean {
  const namespace = readString(object, 'metadata', 'namespace') ?? '';
  return readString(object, 'metadata', 'name') === TYPHA_SERVICE && ['', 'kube-system'].includes(namespace);
}
