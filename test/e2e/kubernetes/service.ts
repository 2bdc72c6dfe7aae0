import type { ClusterAccess } from '../cluster/access.ts';

/** Where a Service is. */
export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
}

/**
 * A Service, and for each port on this machine the EndpointSlice that a controller would make of a Pod. kube-apiserver
 * chooses among them as it likes.
 * @throws where there is no address but loopback, which an EndpointSlice must not hold
 */
export function renderService(
  { address }: Pick<ClusterAccess, 'address'>,
  service: ServiceName,
  ports: readonly number[],
): object[] {
  if (address === undefined) {
    throw new Error(
      'this machine has no IPv4 address but loopback, and a Service takes no loopback; go online',
    );
  }
  const { name, namespace } = service;
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { ports: [{ name: 'webhook', port: 443, targetPort: 8443 }] },
    },
    ...ports.map((port) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: sliceName(service, port), namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'webhook', port, protocol: 'TCP' }],
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
    })),
  ];
}

/** Ports of several Pods differ here, so that each has a slice of its own. */
export function slicePath(service: ServiceName, port: number): string {
  return `/apis/discovery.k8s.io/v1/namespaces/${service.namespace}/endpointslices/${sliceName(service, port)}`;
}

function sliceName(service: ServiceName, port: number): string {
  return `${service.name}-${port}`;
}
