import azureShoot from './examples/azure-shoot.yaml';
import installation from './examples/installation.yaml';
import kops from './examples/kops.yaml';
import kubeadm from './examples/kubeadm.yaml';
import policy from './examples/policy.yaml';
import pools from './examples/pools.yaml';
import shoot from './examples/shoot.yaml';

export interface Example {
  /** The name of its file, and of its option in the page. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** The examples of the playground. The first one is shown when it opens. */
export const EXAMPLES: readonly [Example, ...Example[]] = [
  { id: 'shoot', title: 'Shoot', text: shoot },
  { id: 'azure-shoot', title: "Shoot on Azure, from Gardener's documentation", text: azureShoot },
  { id: 'kops', title: 'kOps Cluster', text: kops },
  { id: 'kubeadm', title: "kubeadm with Calico's manifest", text: kubeadm },
  { id: 'installation', title: 'Installation of the Tigera operator', text: installation },
  { id: 'pools', title: 'Pools', text: pools },
  { id: 'policy', title: 'Network policy', text: policy },
];
