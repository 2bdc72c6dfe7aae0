import { sameButForm, surelyMeant } from '../formats/nearest.ts';
import type { Policy } from '../policy/evaluate.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, type JsonObject, read, readMap, readString } from '../policy/json.ts';
import type { Registry } from '../policy/registry.ts';
import type { RuleFinding } from '../policy/types.ts';
import { groupOf } from './bundle.ts';
import { type HeldObject, listObjects } from './objects.ts';
import { newKindOf, OLD_KINDS } from './old-api.ts';
import { READING_RULES } from './report.ts';

// Objects that are nearly ours: a plural as the kind, wrong case, or a typo in the group or the network type. No rule
// matches such an object. So it is evaluated as what its author meant, and a finding says so.

/** An object, corrected to what its author meant. */
export interface MeantObject extends HeldObject {
  /** The names that were corrected. */
  readonly typos: readonly RuleFinding[];
  /** The kind is one of Calico's, and has no rules. */
  readonly isWithoutRules: boolean;
}

export function* listMeant(document: unknown, registry: Registry): Generator<MeantObject> {
  for (const held of listObjects(document)) {
    // An API server has only the kinds that it serves.
    if (held.isReviewed) yield { ...held, typos: [], isWithoutRules: false };
    else yield readMeaning(held, registry);
  }
}

function readMeaning(held: HeldObject, registry: Registry): MeantObject {
  const { object } = held;
  const group = groupOf(object);
  const kind = readString(object, 'kind');
  if (!isMap(object) || kind === undefined || group === undefined) {
    return { ...held, typos: [], isWithoutRules: false };
  }
  const policy = registry.find(group, kind);
  if (policy !== undefined) {
    const typed = correctType(object, policy);
    const typos = [...findWrongVersion(object, group, policy), ...(typed?.typos ?? [])];
    return { ...held, object: typed?.object ?? object, typos, isWithoutRules: false };
  }
  if (object['apiVersion'] === 'v1') {
    const typos = OLD_KINDS.includes(kind) ? [oldKind(object, kind)] : [];
    return { ...held, typos, isWithoutRules: false };
  }
  const meant = findMeant(registry, object, group, kind);
  if (meant === undefined) return { ...held, typos: [], isWithoutRules: isOfCalico(group) };
  const typed = correctType(meant.object, meant.policy);
  return {
    ...held,
    object: typed?.object ?? meant.object,
    typos: [...meant.typos, ...(typed?.typos ?? [])],
    isWithoutRules: false,
  };
}

/** All kinds of Calico's own groups are Calico's. */
function isOfCalico(group: string): boolean {
  return /(^|\.)(projectcalico\.org|operator\.tigera\.io)$/.test(group);
}

/** Where a rule checks the version, that rule reports it. */
function findWrongVersion(object: JsonObject, group: string, { target, rules }: Policy): RuleFinding[] {
  const api = target.apis.find((each) => each.group === group);
  const apiVersion = readString(object, 'apiVersion') ?? '';
  if (api === undefined || api.isOfFiles || target.isGeneral || group === '') return [];
  const served = api.versions.map((version) => `${group}/${version}`);
  if (served.includes(apiVersion) || rules.some(({ id }) => id.endsWith('api-version'))) return [];
  const [only = '', ...others] = served;
  const typo = toTypo(['apiVersion'], { problem: 'not a version of this API', got: apiVersion, meant: only });
  return [others.length === 0 ? typo : { ...typo, advice: `write ${served.join(' or ')}`, fix: undefined }];
}

/** A kind of the same group with a similar name, or the kind in a group with a similar name. */
function findMeant(registry: Registry, object: JsonObject, group: string, kind: string) {
  const specific = registry.policies.filter(({ target }) => target.isGeneral !== true);
  const served = specific.filter(({ target }) => target.apis.some((api) => api.group === group));
  const ofKind = served.find(({ target }) => isNameOf(target, kind)) ?? findNear(served, kind);
  if (ofKind !== undefined) {
    const { kind: name } = ofKind.target;
    const typo = toTypo(['kind'], { problem: `not a kind of ${group}`, got: kind, meant: name });
    return { policy: ofKind, object: { ...object, kind: name }, typos: [typo] };
  }
  if (served.length > 0) return undefined;
  for (const policy of specific.filter(({ target }) => target.kind === kind)) {
    const groups = policy.target.apis.map((api) => api.group).filter((each) => each !== '');
    const name = surelyMeant(group, groups);
    const version = policy.target.apis.find((api) => api.group === name)?.versions[0];
    if (name === undefined || version === undefined) continue;
    const apiVersion = `${name}/${version}`;
    const got = object['apiVersion'];
    const typo = toTypo(['apiVersion'], { problem: 'not an API group', got, meant: apiVersion });
    return { policy, object: { ...object, apiVersion }, typos: [typo] };
  }
  return undefined;
}

/** Its plural, which kubectl accepts on the command line, or another case. */
function isNameOf({ kind, resource }: Policy['target'], name: string): boolean {
  return sameButForm(name, [kind]) !== undefined || sameButForm(name, [resource]) !== undefined;
}

function findNear(policies: readonly Policy[], name: string): Policy | undefined {
  const meant = surelyMeant(
    name,
    policies.map(({ target }) => target.kind),
  );
  return policies.find(({ target }) => target.kind === meant);
}

function oldKind({ apiVersion }: JsonObject, kind: string): RuleFinding {
  const today = newKindOf(kind);
  return {
    ...toTypo(['apiVersion'], {
      problem: `the kind ${kind} is of calicoctl's old API${today === undefined ? ', which was not evaluated' : ''}`,
      got: apiVersion,
      meant: 'projectcalico.org/v3',
    }),
    advice:
      today === undefined
        ? 'convert it with calicoctl convert, and check the result'
        : `write projectcalico.org/v3 and kind ${today}, with the fields of that API; calicoctl convert does it`,
    fix: undefined,
  };
}

/** Gardener finds the network extension by the exact type, which is written beside its configuration. */
function correctType(object: JsonObject, { target }: Policy) {
  const { path: configPath, typeMeta } = target.config ?? {};
  if (configPath === undefined) return undefined;
  const path = [...configPath.slice(0, -1).map(String), 'type'];
  const type = readString(object, ...path);
  if (type === undefined || type === 'calico') return undefined;
  const isConfigured = groupOf(read(object, ...configPath)) === groupOf(typeMeta);
  const meant = isConfigured ? surelyMeant(type, ['calico']) : sameButForm(type, ['calico']);
  if (meant === undefined) return undefined;
  const typo = toTypo(path, { problem: 'not a network type of Gardener', got: type, meant });
  return { object: setText(object, path, meant), typos: [typo] };
}

function setText(object: JsonObject, [step, ...below]: readonly string[], text: string): JsonObject {
  if (step === undefined) return object;
  if (below.length === 0) return { ...object, [step]: text };
  return { ...object, [step]: setText(readMap(object, step) ?? {}, below, text) };
}

function toTypo(
  path: FieldPath,
  { problem, got, meant }: { readonly problem: string; readonly got: unknown; readonly meant: string },
): RuleFinding {
  return {
    path,
    reason: 'FieldValueNotSupported',
    rule: READING_RULES.nearly.id,
    action: 'warn',
    problem,
    got,
    advice: `write ${meant}`,
    fix: { kind: 'replace', value: meant },
  };
}
