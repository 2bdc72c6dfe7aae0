// vethMTU is a string in the API. Gardener's documentation showed it as a number for years, and with a number the whole
// configuration cannot be decoded (networking-calico#664). The meaning is clear, so the number is put in quotes. Only
// safe integers from zero up: for any other number the original text is no longer known.

import { isSafeMtuNumber } from '../formats/mtu.ts';
import { read } from '../policy/json.ts';
import type { Mutation } from '../policy/types.ts';
import type { NetworkConfigInput } from '../targets/network-config.ts';

export const mtuString: Mutation<NetworkConfigInput> = {
  id: 'mtu-string',
  title: 'a vethMTU that is a number is changed to a string',
  docs: {
    why: 'vethMTU is a string in the API; with a number the whole configuration cannot be decoded.',
    fix: 'Put the number in quotes in the manifest.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      vethMTU: "1440"
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      vethMTU: 1440
`,
    source: 'gardener-extension-networking-calico, pkg/apis/calico/v1alpha1 types; networking-calico#664',
    since: '0.1.0',
  },
  *mutate({ config, isTyped }) {
    const mtu = read(config, 'vethMTU');
    if (!isTyped || !isSafeMtuNumber(mtu)) return;
    yield {
      kind: 'set',
      path: ['vethMTU'],
      // A number written as 0 or -0 reads the same; so must the string.
      value: String(mtu),
      replaces: {
        problem: 'must be a string and was put in quotes',
        got: mtu,
        advice: `write vethMTU: "${mtu}" in the manifest`,
      },
    };
  },
};
