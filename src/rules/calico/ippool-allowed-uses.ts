// What the addresses of a pool are used for: Workload, Tunnel (the tunnel addresses of nodes), LoadBalancer.
// LoadBalancer cannot be combined with other uses, and Tunnel cannot be combined with a namespaceSelector. The default
// of allowedUses is Workload and Tunnel.

import ippool from '../../kinds/ippool.json' with { type: 'json' };
import { isUnset, read, readList } from '../../policy/json.ts';
import { listAlternatives } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

/** The CRD of Calico Enterprise also accepts these. */
const OF_ENTERPRISE: readonly unknown[] = ['HostSecondaryInterface', 'L2Workload'];
const USES = wordsAt(ippool, 'spec', 'allowedUses', 'items').filter((use) => !OF_ENTERPRISE.includes(use));
const PATH = ['spec', 'allowedUses'];
/** More entries than Calico accepts; there are only three uses. */
const MAX_ENTRIES = 10;

export const ippoolAllowedUses: Rule<ObjectInput> = {
  id: 'calico/ippool-allowed-uses',
  title: 'the uses of a pool must be supported and fit together',
  action: 'deny',
  docs: {
    why: 'Calico rejects a pool with an unknown use, or with uses that exclude each other. CRDs up to Calico 3.31 accept it, and nothing gets an address from the pool. Uses that only Calico Enterprise has are a warning.',
    fix: 'Write `Workload` and `Tunnel` at most once each, or only `LoadBalancer`. A pool for tunnels cannot have a `namespaceSelector`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: services
spec:
  cidr: 172.16.0.0/24
  allowedUses: [LoadBalancer]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: services
spec:
  cidr: 172.16.0.0/24
  allowedUses: [LoadBalancer, Tunnel]
`,
    source: 'Calico and Calico Enterprise, IPPool CRD (projectcalico.org/v3); libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    const uses = readList(spec, 'allowedUses');
    if (uses.length > MAX_ENTRIES) {
      yield {
        path: PATH,
        reason: 'FieldValueInvalid',
        problem: 'too many uses',
        advice: 'write each of Workload and Tunnel once',
      };
    }
    const listed = uses.slice(0, MAX_ENTRIES);
    for (const [index, value] of listed.entries()) {
      const path = [...PATH, index];
      if (OF_ENTERPRISE.includes(value)) {
        yield {
          path,
          reason: 'FieldValueNotSupported',
          problem: 'only Calico Enterprise has this use',
          got: value,
          advice: `use ${listAlternatives(USES)} with open source Calico`,
          atMost: 'warn',
        };
      } else {
        yield* checkAllowedValue({ path, value, problem: 'unsupported use', allowed: USES });
      }
      if (typeof value !== 'string') continue;
      if (listed.indexOf(value) < index) {
        yield {
          path,
          reason: 'FieldValueDuplicate',
          problem: 'the list has this use twice',
          got: value,
          advice: 'keep one of them',
        };
      } else if (listed.includes('LoadBalancer') && (value === 'Workload' || value === 'Tunnel')) {
        yield {
          path,
          reason: 'FieldValueForbidden',
          problem: 'LoadBalancer cannot be combined with another use',
          got: value,
          advice: 'create a second pool for this use',
        };
      }
    }
    const selector = read(spec, 'namespaceSelector');
    if (!listed.includes('Tunnel') || isUnset(selector) || selector === '') return;
    yield {
      path: ['spec', 'namespaceSelector'],
      reason: 'FieldValueForbidden',
      problem: 'a pool with the use Tunnel cannot have a namespaceSelector',
      got: selector,
      advice: 'remove it, or remove Tunnel from allowedUses',
    };
  },
};
