import { bindPolicy, type Context, type Policy } from '../../src/policy/evaluate.ts';
import type { FieldPath } from '../../src/policy/field-path.ts';
import { isMap } from '../../src/policy/json.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from '../../src/policy/settings.ts';
import type {
  Docs,
  Effect,
  EvaluationRequest,
  Finding,
  Mutation,
  Rule,
  Target,
} from '../../src/policy/types.ts';

// A kind of object that does not exist, so that tests of the engine do not depend on the real rules.

export interface FakeInput {
  readonly object: unknown;
}

export const DOCS: Docs = {
  why: 'It breaks.',
  fix: 'Mend it.',
  good: '\nkind: Fake\n',
  bad: '\nkind: Fake\nspec: {}\n',
  source: 'a book',
  since: '0.1.0',
};

export const CONFIG_PATH: FieldPath = ['spec', 'config'];

export function fakeTarget(change: Partial<Target<FakeInput>> = {}): Target<FakeInput> {
  return {
    id: 'fake',
    apis: [{ group: 'example.org', versions: ['v1'] }],
    kind: 'Fake',
    resource: 'fakes',
    scope: 'Namespaced',
    read: ({ object }) => ({ object }),
    readOld: ({ old }) => (isMap(old) ? { object: old } : undefined),
    config: { path: CONFIG_PATH, typeMeta: { kind: 'FakeConfig' } },
    ...change,
  };
}

export function finding(path: FieldPath, problem = 'is wrong'): Finding {
  return { path, reason: 'FieldValueInvalid', problem, got: 'x', advice: 'mend it' };
}

type Check = (object: unknown) => Iterable<Finding>;

export function fakeRule(
  id: string,
  action: Rule<FakeInput>['action'] = 'deny',
  check: Check = () => [finding(['spec', 'field'])],
): Rule<FakeInput> {
  return { id, title: `${id} speaks`, action, docs: DOCS, check: ({ object }) => check(object) };
}

export function fakeMutation(id: string, mutate: (object: unknown) => Iterable<Effect>): Mutation<FakeInput> {
  return { id, title: `${id} corrects`, docs: DOCS, mutate: ({ object }) => mutate(object) };
}

export function fakePolicy(
  rules: readonly Rule<FakeInput>[],
  mutations: readonly Mutation<FakeInput>[] = [],
  change: Partial<Target<FakeInput>> = {},
): Policy {
  return bindPolicy(fakeTarget(change), rules, mutations);
}

export function request(object: unknown, old?: unknown): EvaluationRequest {
  return {
    operation: old === undefined ? 'CREATE' : 'UPDATE',
    object,
    old,
    pathProvider: undefined,
    duplicates: () => [],
  };
}

export function context(
  settings: Partial<PolicySettings> = {},
  checkpoint: Context['checkpoint'] = () => {},
): Context {
  return { settings: { ...DEFAULT_SETTINGS, ...settings }, namespace: 'garden-dev', checkpoint };
}

/** A checkpoint that throws after so many calls. */
export function checkpointAfter(passes: number, error: Error): () => void {
  let left = passes;
  return () => {
    left -= 1;
    if (left < 0) throw error;
  };
}
