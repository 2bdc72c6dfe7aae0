/** Where Shoots and Networks of a namespace are to be had. */
export const shootsPath = (namespace: string): string =>
  `/apis/core.gardener.cloud/v1beta1/namespaces/${namespace}/shoots`;
export const networksPath = (namespace: string): string =>
  `/apis/extensions.gardener.cloud/v1alpha1/namespaces/${namespace}/networks`;

export interface Shoot {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly [field: string]: unknown };
  readonly spec: {
    readonly kubernetes: { readonly [field: string]: unknown };
    readonly provider: { readonly type: string; readonly [field: string]: unknown };
    readonly networking: { readonly [field: string]: unknown };
    readonly [field: string]: unknown;
  };
}

/** Good as it is: no denial, no warning, no patch. */
export function goodShoot(namespace: string, name: string): Shoot {
  return {
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'Shoot',
    metadata: { name, namespace },
    spec: {
      kubernetes: { version: '1.34.0' },
      provider: { type: 'local', workers: [{ name: 'worker', minimum: 1, maximum: 2 }] },
      networking: { type: 'calico', nodes: '10.250.0.0/16', providerConfig: CONFIG },
    },
  };
}

const CONFIG = { apiVersion: 'calico.networking.extensions.gardener.cloud/v1alpha1', kind: 'NetworkConfig' };

/** Allowed, and stored with `backend: none`, with a warning. */
export function azureShoot(namespace: string, name: string): Shoot {
  const shoot = goodShoot(namespace, name);
  const networking = { ...shoot.spec.networking, providerConfig: { ...CONFIG, backend: 'bird' } };
  return {
    ...shoot,
    spec: { ...shoot.spec, provider: { ...shoot.spec.provider, type: 'azure' }, networking },
  };
}

/** Rejected: kube-proxy is off without eBPF. */
export function badShoot(namespace: string, name: string): Shoot {
  const shoot = goodShoot(namespace, name);
  return {
    ...shoot,
    spec: { ...shoot.spec, kubernetes: { ...shoot.spec.kubernetes, kubeProxy: { enabled: false } } },
  };
}

/** Rejected, and corrected before: both webhooks can be seen in the answer to it. */
export function badAzureShoot(namespace: string, name: string): Shoot {
  const shoot = azureShoot(namespace, name);
  return { ...shoot, spec: { ...shoot.spec, kubernetes: badShoot(namespace, name).spec.kubernetes } };
}

/** In a namespace that a seed labels as Azure's with Calico, `backend` becomes none. */
export const AZURE_NETWORK = {
  apiVersion: 'extensions.gardener.cloud/v1alpha1',
  kind: 'Network',
  spec: {
    type: 'calico',
    podCIDR: '100.96.0.0/11',
    serviceCIDR: '100.64.0.0/13',
    providerConfig: { ...CONFIG, backend: 'bird' },
  },
};
