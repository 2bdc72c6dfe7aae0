// interface and skipInterface of nodeAddressAutodetectionV4 and V6 are regular expressions, which need not match the
// whole name. If they are written as globs, they match other interfaces than the user meant.
import { meantByGlob } from '../../formats/glob.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { NETWORK_PATH } from '../../targets/installation-view.ts';

export const installationInterfacePattern: Rule<InstallationInput> = {
  id: 'tigera/installation-interface-pattern',
  title: 'interface patterns should be regular expressions, not globs',
  action: 'warn',
  docs: {
    why: 'These are regular expressions, which match anywhere in a name: `en*` matches every name with an e, such as docker_gwbridge, and the node uses the address of another interface.',
    fix: 'Write `^en.*`, or the name of the interface.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    nodeAddressAutodetectionV4:
      interface: ^en.*
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    nodeAddressAutodetectionV4:
      interface: en*
`,
    source:
      'Calico documentation, IP autodetection methods; node/pkg/lifecycle/startup/autodetection/interfaces.go',
    since: '0.1.0',
  },
  *check({ view }) {
    for (const family of ['nodeAddressAutodetectionV4', 'nodeAddressAutodetectionV6']) {
      for (const field of ['interface', 'skipInterface']) {
        const got = readString(view.network, family, field) ?? '';
        const meant = got
          .split(',')
          .map((each) => meantByGlob(each.trim()))
          .find((each) => each !== undefined);
        if (meant === undefined) continue;
        yield {
          path: [...NETWORK_PATH, family, field],
          reason: 'FieldValueInvalid',
          problem: 'not a glob: * repeats the character before it',
          got,
          advice: `write ${meant}`,
        };
      }
    }
  },
};
