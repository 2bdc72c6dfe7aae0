// What the addresses of a pool are for: Workload, Tunnel (the nodes' ends of the overlay), LoadBalancer. Load balancers
// go with nothing else, and tunnels belong to no namespace. With allowedUses left out it is Workload and Tunnel.

import ippool from '../../kinds/ippool.json' with { type: 'json' };
import { isUnset, read, readList } from '../../policy/json.ts';
import { listAlternatives } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

/** Calico Enterprise's CRD takes these as well. */
const OF_ENTERPRISE: readonly unknown[] = ['HostSecondaryInterface', 'L2Workload'];
const USES = wordsAt(ippool, 'spec', 'allowedUses', 'items').filter((use) => !OF_ENTERPRISE.includes(use));
const PATH = ['spec', 'allowedUses'];
/** More entries than Calico takes; each use once is three. */
const MAX_ENTRIES = 10;

export const ippoolAllowedUses: Rule<ObjectInput> = {
  id: 'calico/ippool-allowed-uses',
  title: 'the uses of a pool are known and go together',
  action: 'deny',
  docs: {
    why: 'Calico rejects a pool with an unknown use, or with uses that exclude each other; CRDs up to Calico 3.31 take it, and nothing gets an address from it. Uses that only Calico Enterprise has are a warning.',
    fix: 'Write each of `Workload` and `Tunnel` at most once, or `LoadBalancer` alone. A pool for tunnels takes no `namespaceSelector`.',
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
          advice: `use ${listAlternatives(USES)} elsewhere`,
          atMost: 'warn',
        };
      } else {
        yield* checkAllowedValue({ path, value, problem: 'not a use of a pool', allowed: USES });
      }
      if (typeof value !== 'string') continue;
      if (listed.indexOf(value) < index) {
        yield {
          path,
          reason: 'FieldValueDuplicate',
          problem: 'the use is written twice',
          got: value,
          advice: 'keep one of them',
        };
      } else if (listed.includes('LoadBalancer') && (value === 'Workload' || value === 'Tunnel')) {
        yield {
          path,
          reason: 'FieldValueForbidden',
          problem: 'LoadBalancer goes with no other use',
          got: value,
          advice: 'create a second pool for it',
        };
      }
    }
    const selector = read(spec, 'namespaceSelector');
    if (!listed.includes('Tunnel') || isUnset(selector) || selector === '') return;
    yield {
      path: ['spec', 'namespaceSelector'],
      reason: 'FieldValueForbidden',
      problem: 'tunnels belong to no namespace',
      got: selector,
      advice: 'remove it, or Tunnel from allowedUses',
    };
  },
};
