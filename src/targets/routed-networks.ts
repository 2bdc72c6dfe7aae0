import { type JsonObject, readString } from '../policy/json.ts';

/** A field of an infrastructureConfig that names an existing network, which other clusters may use as well. */
interface SharedNetwork {
  readonly what: string;
  readonly path: readonly string[];
  /** Further fields that the name needs to be unique. */
  readonly within?: readonly (readonly string[])[];
  /** The name is unique only within one account. */
  readonly isNameOfAccount?: boolean;
}

/** Fields of the infrastructureConfig below `networks`, by provider (APIs of gardener-extension-provider-…). */
const SHARED_NETWORKS: ReadonlyMap<string, readonly SharedNetwork[]> = new Map([
  ['alicloud', [{ what: 'VPC', path: ['vpc', 'id'] }]],
  ['aws', [{ what: 'VPC', path: ['vpc', 'id'] }]],
  [
    'azure',
    [{ what: 'VNet', path: ['vnet', 'name'], within: [['vnet', 'resourceGroup']], isNameOfAccount: true }],
  ],
  ['gcp', [{ what: 'VPC', path: ['vpc', 'name'], isNameOfAccount: true }]],
  [
    'openstack',
    [
      { what: 'router', path: ['router', 'id'] },
      { what: 'network', path: ['id'] },
    ],
  ],
]);

/**
 * The networks in which the pods of a Shoot without overlay are routed. Empty where Gardener creates a network for
 * the Shoot alone.
 */
export function findRoutedNetworks(provider: string, shoot: JsonObject, spec: JsonObject): string[] {
  return (SHARED_NETWORKS.get(provider) ?? []).flatMap(({ what, path, within = [], isNameOfAccount }) => {
    const names = [path, ...within].map((each) => readNetwork(spec, each));
    if (names.some((name) => name === '')) return [];
    const account = isNameOfAccount ? [accountOf(shoot, spec)] : [];
    return [[provider, what, ...names, ...account].join(' ')];
  });
}

function readNetwork(spec: JsonObject, path: readonly string[]): string {
  return readString(spec, 'provider', 'infrastructureConfig', 'networks', ...path) ?? '';
}

/** The credentials identify the account. Names of bindings are unique in the namespace of the project. */
function accountOf(shoot: JsonObject, spec: JsonObject): string {
  const binding = readString(spec, 'credentialsBindingName') ?? readString(spec, 'secretBindingName') ?? '';
  return `${readString(shoot, 'metadata', 'namespace') ?? ''}/${binding}`;
}
