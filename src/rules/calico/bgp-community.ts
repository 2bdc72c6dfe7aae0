// Communities mark routes for other routers. `communities` gives them names, and `prefixAdvertisements` says which
// ranges have which community; an entry there must be a defined name or a value. Numbers have 16 bits each in aa:nn,
// and 32 in aa:nn:mm.
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
  title: 'BGP communities must be valid, defined and used',
  action: 'deny',
  docs: {
    why: 'Calico rejects the community is not defined or whose numbers have too many bits: routes would leave the cluster without the mark that other routers use for decisions.',
    fix: 'Write `aa:nn` with numbers up to 65535, or `aa:nn:mm` with numbers up to 4294967295. Define each name that `prefixAdvertisements` uses, and use each name that you define.',
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
        problem: 'no prefixAdvertisements use the communities',
        advice: 'add prefixAdvertisements, or remove communities',
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
  return { path, reason: 'FieldValueRequired', problem, advice: `add it, such as ${example}` };
}

/** The CRDs accept any name, and it works. */
function* checkName(path: FieldPath, name: string): Generator<Finding> {
  if (isDns1123Subdomain(name)) return;
  const problem = "Calico's API server does not accept this name";
  const advice = 'write lower-case letters, digits, - and dots';
  yield { path, reason: 'FieldValueInvalid', problem, got: name, advice, atMost: 'warn' };
}

function* checkValue(path: FieldPath, value: string): Generator<Finding> {
  const kind = communityProblem(value);
  if (kind === undefined) return;
  const problem = kind === 'format' ? 'invalid BGP community' : 'a number of the community has too many bits';
  const advice = 'write aa:nn (up to 65535 each) or aa:nn:mm (up to 4294967295 each)';
  yield { path, reason: 'FieldValueInvalid', problem, got: value, advice };
}

/** More names than a list of communities usually has. */
const MAX_NAMES = 100;

function undefinedName(path: FieldPath, used: string, names: readonly string[]): Finding {
  const meant = nearest(used, names.slice(0, MAX_NAMES));
  const advice =
    meant === undefined
      ? 'define it in communities, or write a value such as 65001:100'
      : `did you mean ${quote(meant)}?`;
  return {
    path,
    reason: 'FieldValueInvalid',
    problem: 'the community is not defined',
    got: used,
    advice,
  };
}
