// The extension decodes the providerConfig by its apiVersion and kind. It rejects any other kind or version, and the
// network of the Shoot stays as it was (or is never created). Missing, null and empty type meta are fine: the decoder
// sets them, and the provider webhooks of Gardener rely on that.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import {
  CALICO_API_VERSION,
  CALICO_GROUP,
  NETWORK_CONFIG_KIND,
  type NetworkConfigInput,
} from '../../targets/network-config.ts';

export const wrongKind: Rule<NetworkConfigInput> = {
  id: 'shoot/wrong-kind',
  title: 'the providerConfig must be a NetworkConfig of Calico',
  action: 'deny',
  docs: {
    why: 'The extension cannot decode any other kind or version, so the network is never reconciled.',
    fix: `Write \`apiVersion: ${CALICO_API_VERSION}\` and \`kind: ${NETWORK_CONFIG_KIND}\`, or leave both out.`,
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      apiVersion: calico.networking.extensions.gardener.cloud/v1alpha1
      kind: NetworkConfig
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      apiVersion: calico.networking.extensions.gardener.cloud/v1alpha1
      kind: NetworkStatus
`,
    source:
      'gardener-extension-networking-calico, pkg/apis/calico (scheme) and apimachinery, runtime/serializer/json (defaults of type meta)',
    since: '0.1.0',
  },
  *check({ config, configPath }) {
    const apiVersion = read(config, 'apiVersion');
    if (typeof apiVersion === 'string' && !isOurVersion(apiVersion)) {
      yield {
        path: [...configPath, 'apiVersion'],
        reason: 'FieldValueNotSupported',
        problem: 'unsupported apiVersion',
        got: apiVersion,
        advice: `write ${CALICO_API_VERSION}`,
      };
    }
    const kind = read(config, 'kind');
    if (typeof kind === 'string' && kind !== '' && kind !== NETWORK_CONFIG_KIND) {
      yield {
        path: [...configPath, 'kind'],
        reason: 'FieldValueNotSupported',
        problem: 'unsupported kind',
        got: kind,
        advice: `write ${NETWORK_CONFIG_KIND}`,
      };
    }
  },
};

/** As apimachinery's ParseGroupVersion and the serializer's defaults: nothing at all, or our group with no version. */
function isOurVersion(apiVersion: string): boolean {
  return ['', '/', `${CALICO_GROUP}/`, CALICO_API_VERSION].includes(apiVersion);
}
