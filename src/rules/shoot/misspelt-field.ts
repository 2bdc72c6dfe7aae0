// Outside the providerConfig, a field with a wrong name is not always rejected: it is dropped, and the default
// applies. `kubeproxy`, as Gardener's own contract page prints it, leaves kube-proxy on. Looks for names that are
// close to the names that other rules read, and never reports a name that Gardener's v1beta1 API has.
import { nearest, sameButForm } from '../../formats/nearest.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { UNREAD_FIELDS } from '../../targets/shoot-unread.ts';

/** The names at one place of a Shoot. */
interface Place {
  readonly path: FieldPath;
  /** Fields that rules read. Names close to them are reported. */
  readonly read: readonly string[];
  /** The other fields of the API at this path. A name that is closer to one of them is not reported. */
  readonly others: readonly string[];
  /** Common wrong names that are too different from the right one for a spelling comparison. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** A path and all names that the API has there: nearly every name of every Shoot is one of them. */
interface KnownPlace extends Place {
  readonly known: ReadonlySet<string>;
}

function know(place: Place): KnownPlace {
  return { ...place, known: new Set([...place.read, ...place.others]) };
}

const PLACES: readonly KnownPlace[] = [
  {
    path: ['spec'],
    read: ['kubernetes', 'networking', 'provider', 'systemComponents'],
    others: [
      ...UNREAD_FIELDS.spec,
      'cloudProfile',
      'cloudProfileName',
      'credentialsBindingName',
      'purpose',
      'region',
      'schedulerName',
      'secretBindingName',
      'seedName',
    ],
    aliases: { network: 'networking', networks: 'networking' },
  },
  {
    path: ['spec', 'kubernetes'],
    read: ['kubeProxy', 'verticalPodAutoscaler', 'version'],
    others: [
      ...UNREAD_FIELDS.kubernetes,
      'allowPrivilegedContainers',
      'enableStaticTokenKubeconfig',
      'kubeControllerManager',
      'kubelet',
    ],
    aliases: { vpa: 'verticalPodAutoscaler' },
  },
  { path: ['spec', 'kubernetes', 'kubeProxy'], read: ['enabled', 'mode'], others: ['featureGates'] },
  {
    path: ['spec', 'kubernetes', 'verticalPodAutoscaler'],
    read: ['enabled'],
    others: [
      'cpuHistogramDecayHalfLife',
      'evictAfterOOMThreshold',
      'evictionRateBurst',
      'evictionRateLimit',
      'evictionTolerance',
      'featureGates',
      'memoryAggregationInterval',
      'memoryAggregationIntervalCount',
      'memoryHistogramDecayHalfLife',
      'recommendationLowerBoundCPUPercentile',
      'recommendationLowerBoundMemoryPercentile',
      'recommendationMarginFraction',
      'recommendationUpperBoundCPUPercentile',
      'recommendationUpperBoundMemoryPercentile',
      'recommenderInterval',
      'targetCPUPercentile',
      'targetMemoryPercentile',
      'updaterInterval',
    ],
  },
  {
    path: ['spec', 'networking'],
    read: ['ipFamilies', 'nodes', 'pods', 'providerConfig', 'services', 'type'],
    others: [],
    aliases: { podCIDR: 'pods', nodeCIDR: 'nodes', serviceCIDR: 'services' },
  },
  {
    path: ['spec', 'provider'],
    read: ['type', 'workers'],
    others: [...UNREAD_FIELDS.provider, 'infrastructureConfig'],
  },
  { path: ['spec', 'systemComponents'], read: ['nodeLocalDNS'], others: ['coreDNS'] },
  {
    path: ['spec', 'systemComponents', 'nodeLocalDNS'],
    read: ['enabled'],
    others: ['disableForwardToUpstreamDNS', 'forceTCPToClusterDNS', 'forceTCPToUpstreamDNS'],
  },
].map(know);

const WORKER = know({
  path: ['spec', 'provider', 'workers'],
  read: ['maximum'],
  others: [...UNREAD_FIELDS.worker, 'kubernetes'],
  aliases: { max: 'maximum' },
});

/** More unknown names at one path are not spelling mistakes, and each comparison costs time. */
const MAX_LOOKED_AT = 100;

export const misspeltField: Rule<ShootInput> = {
  id: 'shoot/misspelt-field',
  title: 'the names of fields that decide about the network should be spelled correctly',
  action: 'warn',
  docs: {
    why: "A field with a wrong name is dropped or never read, and the default applies: with `kubeproxy` kube-proxy stays on. Gardener's own pages print some of these names wrong.",
    fix: 'Write the name from the message. Names are case-sensitive.',
    good: `
kind: Shoot
spec:
  kubernetes:
    kubeProxy:
      enabled: true
  networking:
    type: calico
`,
    bad: `
kind: Shoot
spec:
  kubernetes:
    kubeproxy:
      enabled: true
  networking:
    type: calico
`,
    source:
      'gardener, pkg/apis/core/v1beta1/types_shoot.go; gardener, documentation of the Network contract (kubeproxy)',
    since: '0.1.0',
  },
  *check({ object, spec }) {
    for (const place of PLACES) yield* checkPlace(read(object, ...place.path), place);
    for (const [index, worker] of readList(spec, 'provider', 'workers').entries())
      yield* checkPlace(worker, WORKER, index);
  },
};

/** Hardly any Shoot has an unknown name, so nothing else is computed before one is found. */
function checkPlace(value: unknown, place: KnownPlace, index?: number): Iterable<Finding> {
  const names = isMap(value) ? unknownNames(value, place) : [];
  if (names.length === 0) return [];
  return checkNames(names, value, place, index === undefined ? place.path : [...place.path, index]);
}

function* checkNames(
  names: readonly string[],
  value: unknown,
  place: KnownPlace,
  path: FieldPath,
): Generator<Finding> {
  for (const name of names) {
    const meant = findMeant(name, place);
    if (meant === undefined) continue;
    // Only a difference of case is corrected; any other correction is for the user to decide.
    const isSure = sameButForm(name, [meant]) !== undefined && read(value, meant) === undefined;
    yield {
      path: [...path, name],
      reason: 'FieldValueForbidden',
      at: 'key',
      problem: 'a Shoot has no such field',
      got: name,
      advice: `did you mean ${meant}? Names are case-sensitive`,
      ...(isSure && { fix: { kind: 'rename', to: meant } }),
    };
  }
}

function unknownNames(value: JsonObject, place: KnownPlace): string[] {
  const names: string[] = [];
  // Stops early: an object of a few megabytes may have a million names.
  for (const name in value) {
    if (place.known.has(name)) continue;
    if (isUnset(read(value, name))) continue;
    names.push(name);
    if (names.length === MAX_LOOKED_AT) break;
  }
  return names;
}

/** The first letter is rarely wrong; with another first letter it is more likely a name that we do not know. */
function findMeant(name: string, { read: wanted, others, aliases = {} }: Place): string | undefined {
  const alias = Object.entries(aliases).find(([wrong]) => wrong.toLowerCase() === name.toLowerCase());
  if (alias !== undefined) return alias[1];
  const meant = nearest(name, [...others, ...wanted]);
  if (meant === undefined || !wanted.includes(meant)) return undefined;
  return meant.charAt(0).toLowerCase() === name.charAt(0).toLowerCase() ? meant : undefined;
}
