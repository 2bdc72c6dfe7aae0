// Communities mark routes for other routers. `communities` gives them names, `prefixAdvertisements` says which ranges
// carry which; there a name must be defined or a value be written. Numbers have 16 bits each in aa:nn, 32 in aa:nn:mm.
import { communityProblem } from '../../formats/bgp.ts';
import { isDns1123Subdomain } from '../../formats/dns.ts';
import { nearest } from '../../formats/nearest.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { read, readList, readString } from '../../policy/json.ts';
import { quote } from '../../policy/message.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpCommunity: Rule<ObjectInput> = {
  id: 'calico/bgp-community',
  title: 'BGP communities can be read, are defined and are used',
  action: 'deny',
  docs: {
    why: 'Calico rejects a community that is not defined or does not fit into its bits: routes would leave the cluster without the mark that other routers decide by.',
    fix: 'Write `aa:nn` with numbers up to 65535, or `aa:nn:mm` with numbers up to 4294967295; define each name that `prefixAdvertisements` uses, and use what you define.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  communities:
  - name: no-transit
    value: "65001:100"
  prefixAdvertisements:
  - cidr: 10.244.0.0/16
    communities: [no-transit, "65001:200:300"]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  prefixAdvertisements:
  - cidr: 10.244.0.0/16
    communities: [no-transit]
`,
    source: 'Calico, BGPConfiguration CRD and libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    const communities = readList(spec, 'communities');
    const advertisements = readList(spec, 'prefixAdvertisements');
    const names: string[] = [];
    for (const [index, community] of communities.entries()) {
      const path = ['spec', 'communities', index];
      const name = readString(community, 'name');
      if (name) {
        names.push(name);
        yield* checkName([...path, 'name'], name);
      } else yield missing([...path, 'name'], 'no-transit');
      const value = read(community, 'value') ?? undefined;
      if (value === undefined || value === '') yield missing([...path, 'value'], '65001:100');
      else if (typeof value === 'string') yield* checkValue([...path, 'value'], value);
    }
    if (communities.length > 0 && advertisements.length === 0) {
      yield {
        path: ['spec', 'communities'],
        reason: 'FieldValueForbidden',
        problem: 'nothing uses the communities',
        advice: 'add prefixAdvertisements or remove them',
      };
    }
    const known = new Set(names);
    for (const [index, advertisement] of advertisements.entries()) {
      for (const [place, used] of readList(advertisement, 'communities').entries()) {
        if (typeof used !== 'string' || known.has(used)) continue;
        const path = ['spec', 'prefixAdvertisements', index, 'communities', place];
        if (communityProblem(used) !== 'format') yield* checkValue(path, used);
        else yield undefinedName(path, used, names);
      }
    }
  },
};

function missing(path: FieldPath, example: string): Finding {
  const problem = 'a community needs a name and a value';
  return { path, reason: 'FieldValueRequired', problem, advice: `write one, such as ${example}` };
}

/** The CRDs take any name, and it works. */
function* checkName(path: FieldPath, name: string): Generator<Finding> {
  if (isDns1123Subdomain(name)) return;
  const problem = "not a name for Calico's API server";
  const advice = 'write lower-case letters, digits, - and dots';
  yield { path, reason: 'FieldValueInvalid', problem, got: name, advice, atMost: 'warn' };
}

function* checkValue(path: FieldPath, value: string): Generator<Finding> {
  const kind = communityProblem(value);
  if (kind === undefined) return;
  const problem = kind === 'format' ? 'not a BGP community' : 'a number of the community has too many bits';
  const advice = 'write aa:nn up to 65535 each, or aa:nn:mm up to 4294967295 each';
  yield { path, reason: 'FieldValueInvalid', problem, got: value, advice };
}

/** More names than anybody would compare by eye. */
const MAX_NAMES = 100;

function undefinedName(path: FieldPath, used: string, names: readonly string[]): Finding {
  const meant = nearest(used, names.slice(0, MAX_NAMES));
  const advice =
    meant === undefined ? 'define it in communities, or write a value' : `did you mean ${quote(meant)}?`;
  return {
    path,
    reason: 'FieldValueInvalid',
    problem: 'a community that is not defined',
    got: used,
    advice,
  };
}
