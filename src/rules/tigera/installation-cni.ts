// Calico's own CNI plugin works anywhere and with two IPAM plugins; those of the clouds work in their cloud only, and
// bring their own. The operator checks it after the object was stored, and stops there. Without the block cni the
// plugin is that of the provider, without cni.ipam the plugin's own; the API server rejects either block without type.

import installation from '../../kinds/installation.json' with { type: 'json' };
import { isUnset, type JsonObject, read, readMap } from '../../policy/json.ts';
import { listAlternatives } from '../../policy/message.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { InstallationInput } from '../../targets/installation.ts';

interface Plugin {
  readonly ipams: readonly string[];
  /** Undefined where it works anywhere. */
  readonly provider: string | undefined;
}

const PLUGINS: ReadonlyMap<string, Plugin> = new Map([
  ['Calico', { ipams: ['Calico', 'HostLocal'], provider: undefined }],
  ['GKE', { ipams: ['HostLocal'], provider: 'GKE' }],
  ['AmazonVPC', { ipams: ['AmazonVPC'], provider: 'EKS' }],
  ['AzureVNET', { ipams: ['AzureVNET'], provider: 'AKS' }],
]);

/** Any other word is no IPAM plugin at all, which is for another rule to say. */
const IPAMS = wordsAt(installation, 'spec', 'cni', 'ipam', 'type');

export const installationCni: Rule<InstallationInput> = {
  id: 'tigera/installation-cni',
  title: 'CNI plugin, IPAM plugin and provider fit together',
  action: 'deny',
  docs: {
    why: 'The operator knows which IPAM plugin a CNI plugin works with, and where a cloud has its own CNI plugin. It reports a degraded TigeraStatus for anything else and installs nothing.',
    fix: '`Calico` goes with the IPAM plugins `Calico` and `HostLocal` anywhere; `GKE` with `HostLocal` on GKE; `AmazonVPC` with `AmazonVPC` on EKS; `AzureVNET` with `AzureVNET` on AKS.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  kubernetesProvider: EKS
  cni:
    type: AmazonVPC
    ipam:
      type: AmazonVPC
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  kubernetesProvider: EKS
  cni:
    type: AzureVNET
    ipam:
      type: Calico
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go; CRD of Installation',
    since: '0.1.0',
  },
  *check({ spec, view }) {
    yield* checkMissing(spec);
    const { cni, ipam, provider } = view;
    const plugin = PLUGINS.get(cni);
    if (plugin === undefined) return;
    if (plugin.provider !== undefined && provider !== '' && provider !== plugin.provider) {
      yield {
        path: ['spec', 'cni', 'type'],
        reason: 'FieldValueForbidden',
        problem: `this CNI plugin works on ${plugin.provider} only`,
        got: cni,
        advice: 'use Calico, or correct kubernetesProvider',
      };
    }
    if (isUnset(read(spec, 'cni', 'ipam', 'type')) || !IPAMS.includes(ipam) || plugin.ipams.includes(ipam))
      return;
    yield {
      path: ['spec', 'cni', 'ipam', 'type'],
      reason: 'FieldValueNotSupported',
      problem: `the CNI plugin ${cni} does not work with this IPAM plugin`,
      got: ipam,
      advice: `use ${listAlternatives(plugin.ipams)}`,
    };
  },
};

function* checkMissing(spec: JsonObject): Generator<Finding> {
  const [cni, ipam] = [readMap(spec, 'cni'), readMap(spec, 'cni', 'ipam')];
  if (cni !== undefined && isUnset(read(cni, 'type'))) {
    yield {
      path: ['spec', 'cni', 'type'],
      reason: 'FieldValueRequired',
      problem: 'the CNI plugin is missing',
      advice: 'write Calico, or the one of your cloud',
    };
  }
  if (ipam !== undefined && isUnset(read(ipam, 'type'))) {
    yield {
      path: ['spec', 'cni', 'ipam', 'type'],
      reason: 'FieldValueRequired',
      problem: 'the IPAM plugin is missing',
      advice: 'write one, such as Calico, or remove ipam',
    };
  }
}
