import schema from '../kinds/calico-typha.json' with { type: 'json' };
import type { Fact } from '../policy/fact.ts';
import { isUnset, type JsonObject, read, readList, readString } from '../policy/json.ts';
import type { Target } from '../policy/types.ts';
import { createShape } from '../schema/shape.ts';
import { createObjectTarget, type ObjectInput } from './object.ts';

declare module '../policy/fact.ts' {
  interface Facts {
    /**
     * Calico is set to use Typha (typha_service_name), Typha is deployed with so many replicas, or an autoscaler sets
     * the replicas.
     */
    typha: {
      readonly state: 'wanted' | 'deployed' | 'service' | 'scaled';
      /** The replicas of a Deployment. Undefined for other documents. */
      readonly replicas: number | undefined;
    };
  }
}

/** The usual name of its Service, and the only one that is known. */
export const TYPHA_SERVICE = 'calico-typha';

/** The Deployment of Calico's controllers in the plain manifests. */
export const KUBE_CONTROLLERS = 'calico-kube-controllers';

/** Typha and the controllers of Calico's plain manifests, and the cluster-proportional-autoscaler for Typha. */
export function createDeploymentTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [{ group: 'apps', versions: ['v1'] }],
    kind: 'Deployment',
    resource: 'deployments',
    scope: 'Namespaced',
    isGeneral: true,
    shape: createShape(schema),
    isOurs: (object) =>
      isTypha(object) || isOfOperator(object) || isKubeControllers(object) || isTyphaAutoscaler(object),
    words: [TYPHA_SERVICE, KUBE_CONTROLLERS, `--target=deployment/${TYPHA_SERVICE}`],
    *listFacts({ object }) {
      if (isTypha(object)) yield* listDeploymentFacts(object);
      else if (isTyphaAutoscaler(object))
        yield { about: 'typha', path: ['spec', 'template'], state: 'scaled', replicas: undefined };
    },
  });
}

function* listDeploymentFacts(object: JsonObject): Generator<Fact> {
  const written = read(object, 'spec', 'replicas');
  const replicas = isUnset(written) ? 1 : written;
  if (typeof replicas !== 'number') return;
  yield { about: 'typha', path: ['spec', 'replicas'], state: 'deployed', replicas };
}

/** Whether a container scales Typha: `--target=deployment/calico-typha`. */
function isTyphaAutoscaler(object: JsonObject): boolean {
  return (
    isInNamespace(object) &&
    readList(object, 'spec', 'template', 'spec', 'containers').some((container) =>
      [...readList(container, 'command'), ...readList(container, 'args')].some(
        (word) => typeof word === 'string' && /^(?:--?target=)?deployment\/calico-typha$/i.test(word),
      ),
    )
  );
}

/** A HorizontalPodAutoscaler of Typha. */
export function createTyphaAutoscalerTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [{ group: 'autoscaling', versions: ['v2', 'v1'] }],
    kind: 'HorizontalPodAutoscaler',
    resource: 'horizontalpodautoscalers',
    scope: 'Namespaced',
    isGeneral: true,
    isOurs: (object) =>
      isInNamespace(object) &&
      readString(object, 'spec', 'scaleTargetRef', 'kind') === 'Deployment' &&
      readString(object, 'spec', 'scaleTargetRef', 'name') === TYPHA_SERVICE,
    words: ['Deployment', TYPHA_SERVICE],
    *listFacts() {
      yield { about: 'typha', path: ['spec', 'scaleTargetRef'], state: 'scaled', replicas: undefined };
    },
  });
}

export function createTyphaServiceTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [{ group: '', versions: ['v1'] }],
    kind: 'Service',
    resource: 'services',
    scope: 'Namespaced',
    isGeneral: true,
    isOurs: isTypha,
    words: [TYPHA_SERVICE],
    *listFacts() {
      yield { about: 'typha', path: ['metadata', 'name'], state: 'service', replicas: undefined };
    },
  });
}

function isTypha(object: JsonObject): boolean {
  return readString(object, 'metadata', 'name') === TYPHA_SERVICE && isInNamespace(object);
}

function isKubeControllers(object: JsonObject): boolean {
  return readString(object, 'metadata', 'name') === KUBE_CONTROLLERS && isInNamespace(object);
}

/** Whether the Tigera operator deploys its own, with manifests that are in no file. */
function isOfOperator(object: JsonObject): boolean {
  return (
    readString(object, 'metadata', 'name') === TYPHA_SERVICE &&
    readString(object, 'metadata', 'namespace') === 'calico-system'
  );
}

function isInNamespace(object: JsonObject): boolean {
  return ['', 'kube-system'].includes(readString(object, 'metadata', 'namespace') ?? '');
}
