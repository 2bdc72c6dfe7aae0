import { type Cidr, parseCidr } from '../formats/cidr.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, type JsonObject, read, readList, readMap, readString } from '../policy/json.ts';

/** A pool of an Installation, with the operator's defaults. */
export interface InstallationPool {
  readonly path: FieldPath;
  readonly values: JsonObject;
  /** Undefined where it is missing, or is no range. */
  readonly cidr: Cidr | undefined;
  /** Undefined where the written value is no string. */
  readonly encapsulation: string | undefined;
  readonly isForLoadBalancers: boolean;
}

/** An Installation with the operator's defaults where nothing is written. */
export interface InstallationView {
  readonly network: JsonObject;
  /** Empty where it is not written: the operator then detects it. */
  readonly provider: string;
  /** Empty where the written value is no CNI plugin. */
  readonly cni: string;
  /** The CNI plugin of a cloud provider, and not Calico's. */
  readonly hasCloudCni: boolean;
  readonly ipam: string;
  readonly bgp: string;
  readonly dataplane: string;
  readonly pools: readonly InstallationPool[];
}

export const NETWORK_PATH: FieldPath = ['spec', 'calicoNetwork'];

/** CNI plugins of cloud providers, which the operator chooses by default. */
const CNI_OF_PROVIDER: ReadonlyMap<string, string> = new Map([
  ['GKE', 'GKE'],
  ['AKS', 'AzureVNET'],
  ['EKS', 'AmazonVPC'],
]);

const IPAM_OF_CNI: ReadonlyMap<string, string> = new Map([
  ['Calico', 'Calico'],
  ['GKE', 'HostLocal'],
  ['AmazonVPC', 'AmazonVPC'],
  ['AzureVNET', 'AzureVNET'],
]);

/** Defaults: operator, pkg/controller/installation and pkg/controller/ippool. */
export function viewInstallation(spec: JsonObject): InstallationView {
  const network = readMap(spec, 'calicoNetwork') ?? {};
  const provider = readString(spec, 'kubernetesProvider') ?? '';
  const named = written(spec, 'cni', 'type') ?? CNI_OF_PROVIDER.get(provider) ?? 'Calico';
  const cni = IPAM_OF_CNI.has(named) ? named : '';
  const hasCloudCni = cni !== '' && cni !== 'Calico';
  const bgp = readString(network, 'bgp') ?? '';
  const hasBgp = !hasCloudCni && provider !== 'EKS';
  return {
    network,
    provider,
    cni,
    hasCloudCni,
    ipam: written(spec, 'cni', 'ipam', 'type') ?? IPAM_OF_CNI.get(cni) ?? '',
    bgp: ['Enabled', 'Disabled'].includes(bgp) ? bgp : hasBgp ? 'Enabled' : 'Disabled',
    dataplane: written(network, 'linuxDataplane') ?? 'Iptables',
    pools: readList(network, 'ipPools').flatMap((values, index) =>
      isMap(values) ? [viewPool(values, index, cni)] : [],
    ),
  };
}

function viewPool(values: JsonObject, index: number, cni: string): InstallationPool {
  const cidr = parseCidr(readString(values, 'cidr') ?? '');
  const encapsulation = read(values, 'encapsulation') ?? '';
  const isEncapsulated = cidr?.family === 'IPv4' && cni === 'Calico';
  return {
    path: [...NETWORK_PATH, 'ipPools', index],
    values,
    cidr,
    encapsulation:
      encapsulation === ''
        ? isEncapsulated
          ? 'IPIP'
          : 'None'
        : typeof encapsulation === 'string'
          ? encapsulation
          : undefined,
    isForLoadBalancers: readList(values, 'allowedUses').includes('LoadBalancer'),
  };
}

export function isIpip(encapsulation: string | undefined): boolean {
  return encapsulation === 'IPIP' || encapsulation === 'IPIPCrossSubnet';
}

export function isVxlan(encapsulation: string | undefined): boolean {
  return encapsulation === 'VXLAN' || encapsulation === 'VXLANCrossSubnet';
}

/** To Go, an empty string is an unset field. */
function written(value: unknown, ...path: readonly string[]): string | undefined {
  const text = readString(value, ...path);
  return text === '' ? undefined : text;
}
