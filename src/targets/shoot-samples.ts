import type { JsonObject } from '../policy/json.ts';
import { TYPE_META } from './network-config.ts';

/** Typical Shoots: one without findings, one with several mistakes, one with mutations, and one with many workers. */
export function createShootSamples(): readonly JsonObject[] {
  const good = { typha: { enabled: true }, ipv4: { mode: 'Never', autoDetectionMethod: 'interface=^eth.*' } };
  return [
    shoot({ provider: 'aws', workers: 3, config: { ...good, backend: 'none', overlay: { enabled: false } } }),
    shoot({
      provider: 'aws',
      workers: 3,
      config: {
        vethMtu: '1440',
        backend: 'Bird',
        overlay: { enabled: 'true' },
        autoScaling: { mode: 'vpa' },
      },
      kubeProxy: false,
    }),
    shoot({ provider: 'azure', workers: 3, config: { ...good, backend: 'bird', vethMTU: 1440 } }),
    shoot({ provider: 'openstack', workers: 40, config: { ...good, ebpfDataplane: { enabled: true } } }),
  ];
}

function shoot(options: {
  readonly provider: string;
  readonly workers: number;
  readonly config: JsonObject;
  readonly kubeProxy?: boolean;
}): JsonObject {
  const { provider, workers, config, kubeProxy = true } = options;
  return {
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'Shoot',
    metadata: {
      name: 'sample',
      namespace: 'garden-sample',
      labels: { team: 'sample' },
      annotations: { 'gardener.cloud/created-by': 'sample@example.org' },
    },
    spec: {
      cloudProfile: { kind: 'CloudProfile', name: provider },
      region: 'europe-1',
      purpose: 'production',
      kubernetes: {
        version: '1.34.2',
        kubeProxy: { enabled: kubeProxy, mode: 'IPTables' },
        kubeControllerManager: { nodeCIDRMaskSize: 24 },
        kubelet: { maxPods: 110 },
      },
      networking: {
        type: 'calico',
        pods: '100.128.0.0/11',
        nodes: '10.250.0.0/16',
        services: '100.64.0.0/13',
        ipFamilies: ['IPv4'],
        providerConfig: { ...TYPE_META, ...config },
      },
      provider: {
        type: provider,
        infrastructureConfig: {
          apiVersion: `${provider}.provider.extensions.gardener.cloud/v1alpha1`,
          kind: 'InfrastructureConfig',
          networks: { workers: '10.250.0.0/16' },
        },
        workers: Array.from({ length: workers }, (_, index) => ({
          name: `worker-${index}`,
          machine: {
            type: 'large',
            image: { name: 'gardenlinux', version: '1877.4.0' },
            architecture: 'amd64',
          },
          minimum: 3,
          maximum: 30,
          maxSurge: 1,
          maxUnavailable: 0,
          volume: { type: 'gp3', size: '50Gi' },
          zones: ['europe-1a', 'europe-1b'],
          labels: { purpose: 'general', 'topology.example.org/rack': `r${index}` },
        })),
      },
      maintenance: { autoUpdate: { kubernetesVersion: true, machineImageVersion: true } },
      hibernation: { enabled: false },
    },
    status: { conditions: [], lastOperation: { type: 'Reconcile', state: 'Succeeded', progress: 100 } },
  };
}
