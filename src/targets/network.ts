import schema from '../kinds/network.json' with { type: 'json' };
import configSchema from '../kinds/network-config.json' with { type: 'json' };
import { isMap, type JsonObject, read, readList, readMap } from '../policy/json.ts';
import type { EvaluationRequest, Target } from '../policy/types.ts';
import { createShape, type Shape } from '../schema/shape.ts';
import { isDeleting } from './deletion.ts';
import { isCalico, isCalicoInCel, type NetworkConfigInput, TYPE_META } from './network-config.ts';
import { chooseProvider, PROVIDERS } from './providers.ts';

/** A Gardener Network with Calico, as gardenlet writes it to a seed from the Shoot. */
export interface NetworkInput extends NetworkConfigInput {
  readonly target: 'network';
  /** Empty where it is missing, or is no map. */
  readonly spec: JsonObject;
}

/** The path of the NetworkConfig in a Network. */
export const NETWORK_CONFIG_PATH = ['spec', 'providerConfig'] as const;

/**
 * Networks of extensions.gardener.cloud, in a seed cluster. They do not name their cloud provider: the
 * namespaceSelector of the webhook configuration chooses the path.
 */
export function createNetworkTarget(
  shape: Shape = createShape(schema, [configSchema]),
): Target<NetworkInput> {
  return {
    id: 'network',
    apis: [{ group: 'extensions.gardener.cloud', versions: ['v1alpha1'] }],
    kind: 'Network',
    resource: 'networks',
    scope: 'Namespaced',
    registration: 'seed',
    schema: shape.schema,
    config: { path: NETWORK_CONFIG_PATH, typeMeta: TYPE_META },
    providers: PROVIDERS,
    inCel: { isOurs: (object) => isCalicoInCel(object, ['spec', 'type'], NETWORK_CONFIG_PATH) },
    samples: () => ['none', 'bird'].map(createSample),
    read: (request, purpose) => {
      if (isDeleting(request.object)) return undefined;
      if (purpose === 'mutate' && !chooseProvider(undefined, request.pathProvider).isKnown) return undefined;
      return readNetwork(request, 'object');
    },
    readOld: (request) => readNetwork(request, 'old'),
  };

  function readNetwork(request: EvaluationRequest, which: 'object' | 'old'): NetworkInput | undefined {
    const { value: object, shortened } = shape.bound(request[which]);
    if (!isMap(object)) return undefined;
    const spec = readMap(object, 'spec') ?? {};
    const type = read(spec, 'type');
    const configValue = read(spec, 'providerConfig');
    if (!isCalico(type, configValue)) return undefined;
    return {
      target: 'network',
      object,
      spec,
      configPath: NETWORK_CONFIG_PATH,
      configValue,
      config: isMap(configValue) ? configValue : {},
      ipFamiliesPath: ['spec', 'ipFamilies'],
      ipFamilies: readList(spec, 'ipFamilies').filter((family) => typeof family === 'string'),
      provider: request.pathProvider,
      isTyped: type === 'calico',
      shape: shape.check(object),
      shortened,
      duplicates: request.duplicates(which, NETWORK_CONFIG_PATH),
    };
  }
}

/** A Network as gardenlet writes it. */
function createSample(backend: string): JsonObject {
  return {
    apiVersion: 'extensions.gardener.cloud/v1alpha1',
    kind: 'Network',
    metadata: { name: 'sample', namespace: 'shoot--sample--sample' },
    spec: {
      type: 'calico',
      podCIDR: '100.128.0.0/11',
      serviceCIDR: '100.64.0.0/13',
      ipFamilies: ['IPv4'],
      providerConfig: { ...TYPE_META, backend, typha: { enabled: true } },
    },
  };
}
