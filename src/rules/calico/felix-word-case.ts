// Words that Felix reads in any case, but that not every API server accepts in any case: from Calico 3.32 on the CRD
// compares iptablesBackend exactly, and Calico's own API server and calicoctl compare two others exactly.

import felixConfiguration from '../../kinds/felix-configuration.json' with { type: 'json' };
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';

const CRD = 'the CRDs of Calico 3.32 and later are case-sensitive here';
const API = "Calico's own API server is case-sensitive here";

const FIELDS = Object.entries({
  iptablesBackend: CRD,
  serviceLoopPrevention: API,
  workloadSourceSpoofing: API,
}).map(([field, problem]) => ({ field, problem, words: wordsAt(felixConfiguration, 'spec', field) }));

export const felixWordCase: Rule<ObjectInput> = {
  id: 'calico/felix-word-case',
  title: 'Felix settings should have the case that every API server accepts',
  action: 'warn',
  docs: {
    why: "Felix reads these words in any case, and the CRDs up to Calico 3.31 accept any case. Newer CRDs reject another case in `iptablesBackend`; Calico's own API server and `calicoctl` reject it in `serviceLoopPrevention` and `workloadSourceSpoofing`.",
    fix: 'Write the word as in the message.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  iptablesBackend: NFT
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  iptablesBackend: nft
`,
    source: 'Calico 3.31.7 and 3.32.1, FelixConfiguration CRD; libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { field, problem, words } of FIELDS) {
      const got = read(spec, field);
      if (typeof got !== 'string' || words.includes(got)) continue;
      const path = ['spec', field];
      const reason = 'FieldValueNotSupported';
      const meant = words.find((word) => word.toLowerCase() === got.toLowerCase());
      if (meant !== undefined) {
        yield {
          path,
          reason,
          problem,
          got,
          advice: `write ${meant}`,
          fix: { kind: 'replace', value: meant },
        };
      } else if (got === '' && problem === CRD) {
        const empty = 'empty, which the CRDs of Calico 3.32 and later do not accept';
        yield { path, reason, problem: empty, got, advice: 'remove it' };
      }
    }
  },
};
