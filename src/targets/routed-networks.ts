import { type JsonObject, readString } from '../policy/json.ts';

/** Where an infrastructureConfig names a network that was there before the Shoot, and others may use as well. */
interface SharedNetwork {
  readonly what: string;
  readonly path: readonly string[];
  /** Further fields that the name needs to be one. */
  readonly within?: readonly (readonly string[])[];
  /** The name says which network it is only within one account. */
  readonly isNameOfAccount?: boolean;
}

/** Fields of the infrastructureConfig below `networks`, by provider (gardener-extension-provider-…, their APIs). */
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

/** The networks that the pods of a Shoot without overlay are routed in; none where Gardener makes one for it alone. */
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

/** The credentials stand for the account; their bindings have names that are unique in the project's namespace. */
function accountOf(shoot: JsonObject, spec: JsonObject): string {
  const binding = readString(spec, 'credentialsBindingName') ?? readString(spec, 'secretBindingName') ?? '';
  return `${readString(shoot, 'metadata', 'namespace') ?? ''}/${binding}`;
}
