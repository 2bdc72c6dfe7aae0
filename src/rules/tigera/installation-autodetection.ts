// This rule checks how calico-node finds the address of its node: at most one method for each IP family. `firstFound:
// false` is not a method. Interfaces are RE2 patterns separated by commas. IPv6 is not detected by default, so eBPF has
// no IPv6 address. The API server rejects two methods; with a range or a pattern that cannot be parsed the operator or
// calico-node stops.

import { isPlain, isTooLong, MAX_PATTERN_LENGTH, re2Problem } from '../../formats/re2.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, isUnset, read, readList, readString } from '../../policy/json.ts';
import { listAlternatives, truncate } from '../../policy/message.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { NETWORK_PATH } from '../../targets/installation-view.ts';
import { checkCidr } from '../shared/cidr-advice.ts';
import { tooLong } from '../shared/too-long.ts';

export const installationAutodetection: Rule<InstallationInput> = {
  id: 'tigera/installation-autodetection',
  title: 'at most one valid method must detect the addresses of nodes, for each family',
  action: 'deny',
  docs: {
    why: 'The CRD rejects two methods for one family. The operator rejects invalid ranges, and the eBPF dataplane with IPv6 pools but without IPv6 addresses. With a pattern that does not compile calico-node stops on every node. A pattern of more than 800 characters is not checked; that is a warning.',
    fix: 'Keep one method for each family. For IPv6 pools with `linuxDataplane: BPF` write `nodeAddressAutodetectionV6`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    nodeAddressAutodetectionV4:
      canReach: 8.8.8.8
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    nodeAddressAutodetectionV4:
      firstFound: true
      canReach: 8.8.8.8
`,
    source:
      'Tigera operator of Calico 3.33, CRD of Installation (CEL rule) and pkg/controller/installation/validation.go; calico-node, autodetection methods',
    since: '0.1.0',
  },
  *check({ view }) {
    const { network, dataplane, pools } = view;
    for (const field of ['nodeAddressAutodetectionV4', 'nodeAddressAutodetectionV6']) {
      yield* checkMethods([...NETWORK_PATH, field], read(network, field));
    }
    const pool = pools.find(({ cidr }) => cidr?.family === 'IPv6');
    if (dataplane !== 'BPF' || pool === undefined) return;
    if (!isUnset(read(network, 'nodeAddressAutodetectionV6'))) return;
    yield {
      path: [...NETWORK_PATH, 'nodeAddressAutodetectionV6'],
      reason: 'FieldValueRequired',
      problem: 'BPF with an IPv6 pool needs IPv6 addresses of nodes',
      advice: 'add a method, such as firstFound: true',
    };
  },
};

function* checkMethods(path: FieldPath, value: unknown): Generator<Finding> {
  if (!isMap(value)) return;
  const methods = namesOfMethods(value);
  if (methods.length > 1) {
    yield {
      path,
      reason: 'FieldValueForbidden',
      problem: `at most one method for each family is allowed, not ${methods.join(' and ')}`,
      advice: `keep ${listAlternatives(methods)}`,
    };
  }
  for (const [index, range] of readList(value, 'cidrs').entries()) {
    yield* checkCidr([...path, 'cidrs', index], range);
  }
  for (const field of ['interface', 'skipInterface']) {
    yield* checkPatterns([...path, field], readString(value, field) ?? '');
  }
}

/** Counted in the same way as by the CEL rule of the CRD. */
function namesOfMethods(value: unknown): string[] {
  const texts = ['interface', 'skipInterface', 'canReach'].filter((name) => readString(value, name));
  return [
    ...(read(value, 'firstFound') === true ? ['firstFound'] : []),
    ...(isUnset(read(value, 'kubernetes')) ? [] : ['kubernetes']),
    ...texts,
    ...(readList(value, 'cidrs').length > 0 ? ['cidrs'] : []),
  ];
}

function* checkPatterns(path: FieldPath, text: string): Generator<Finding> {
  if (isPlain(text)) return;
  if (isTooLong(text)) {
    yield tooLong(path, MAX_PATTERN_LENGTH);
    return;
  }
  for (const pattern of text.split(',')) {
    const problem = re2Problem(pattern.trim());
    if (problem === undefined) continue;
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: `invalid RE2 pattern: ${truncate(problem, 40)}`,
      got: text,
      advice: 'correct the pattern (RE2 has no lookaround)',
    };
    return;
  }
}
