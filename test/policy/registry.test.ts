import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/policy/evaluate.ts';
import {
  createRegistry,
  listMutations,
  listProviders,
  listRules,
  RegistryError,
} from '../../src/policy/registry.ts';
import type { Docs, Rule, Target } from '../../src/policy/types.ts';
import { DOCS, type FakeInput, fakeMutation, fakePolicy, fakeRule } from '../support/fake-policy.ts';
import { registry } from '../support/registry.ts';

const nothing = () => [];
const OTHER: Partial<Target<FakeInput>> = {
  id: 'other',
  apis: [{ group: 'example.com', versions: ['v1'] }],
  kind: 'Other',
  resource: 'others',
};

function withDocs(docs: Partial<Docs>): Rule<FakeInput> {
  return { ...fakeRule('fake/rule'), docs: { ...DOCS, ...docs } };
}

function fault(...policies: Policy[]): string {
  try {
    createRegistry(policies);
  } catch (error) {
    expect(error).toBeInstanceOf(RegistryError);
    expect(error).toHaveProperty('name', 'RegistryError');
    return String(error);
  }
  return 'none';
}

describe('createRegistry', () => {
  it.each([{ id: 'fake/a' }, { id: 'fake/two-words' }, { id: 'fake/re2-and-2' }, { id: 'fake/2' }])(
    'accepts the rule id $id',
    ({ id }) => {
      expect(fault(fakePolicy([fakeRule(id)]))).toBe('none');
    },
  );

  it.each([
    { id: 'fake/' },
    { id: 'fake' },
    { id: 'fake/Rule' },
    { id: 'fake/a_b' },
    { id: 'fake/a-' },
    { id: 'fake/-a' },
    { id: 'fake/a--b' },
    { id: 'fake/a/b' },
    { id: 'fake/a b' },
    { id: 'fake/a.' },
    { id: '/fake/a' },
    { id: ' fake/a' },
  ])('rejects the rule id "$id"', ({ id }) => {
    expect(fault(fakePolicy([fakeRule(id)]))).toContain(`${id} is not <target>/<kebab-case name>`);
  });

  it.each([
    { target: 'two-words', isFine: true },
    { target: 'kube-two-words', isFine: true },
    { target: 'Fake', isFine: false },
    { target: 'a--b', isFine: false },
    { target: '-a', isFine: false },
    { target: 'a-', isFine: false },
    { target: '', isFine: false },
  ])('a rule below "$target": $isFine', ({ target, isFine }) => {
    const text = fault(fakePolicy([fakeRule(`${target}/rule`)], [], { id: target }));
    expect(text === 'none').toBe(isFine);
  });

  it.each([
    { id: 'mend', isFine: true },
    { id: 'azure-backend', isFine: true },
    { id: 'mtu-2-string', isFine: true },
    { id: '', isFine: false },
    { id: 'Mend', isFine: false },
    { id: 'fake/mend', isFine: false },
    { id: 'mend-', isFine: false },
    { id: '-mend', isFine: false },
    { id: 'a--b', isFine: false },
  ])('the mutation id "$id": $isFine', ({ id, isFine }) => {
    const text = fault(fakePolicy([], [fakeMutation(id, nothing)]));
    expect(text).toContain(isFine ? 'none' : `${id} is not a kebab-case name`);
  });

  it('names every mistake', () => {
    const text = fault(
      fakePolicy(
        [fakeRule('fake/rule'), fakeRule('fake/rule'), fakeRule('other/rule')],
        [fakeMutation('mend', nothing), fakeMutation('mend', nothing)],
      ),
      fakePolicy([fakeRule('fake/rule')]),
    );
    expect(text).toBe(
      'RegistryError: the registry is broken: fake/rule is registered twice; ' +
        'other/rule is registered under fake; mend is registered twice; ' +
        'two targets evaluate example.org/Fake; fake/rule is registered twice',
    );
  });

  it('lets several kinds share a rule, each of them once', () => {
    const rule = fakeRule('fake/rule');
    const registry = createRegistry([fakePolicy([rule]), fakePolicy([rule], [], { ...OTHER, id: 'fake' })]);
    expect(listRules(registry)).toEqual([rule]);
    expect(fault(fakePolicy([rule, rule]))).toContain('fake/rule is registered twice');
    expect(
      fault(fakePolicy([rule]), fakePolicy([fakeRule('fake/rule')], [], { ...OTHER, id: 'fake' })),
    ).toContain('fake/rule is registered twice');
  });

  it('rejects a rule that does nothing by default', () => {
    const rule = { ...fakeRule('fake/rule'), action: 'off' as 'deny' };
    expect(fault(fakePolicy([rule]))).toBe(
      'RegistryError: the registry is broken: fake/rule has no default action',
    );
  });

  it.each(['deny', 'warn', 'audit'] as const)('accepts the default action %s', (action) => {
    expect(fault(fakePolicy([fakeRule('fake/rule', action)]))).toBe('none');
  });

  it.each(['why', 'fix', 'good', 'bad', 'source', 'since'] as const)(
    'wants %s in the documentation',
    (name) => {
      for (const text of ['', ' \n']) {
        expect(fault(fakePolicy([withDocs({ [name]: text })]))).toContain(`: fake/rule has no ${name}`);
        const mutation = { ...fakeMutation('mend', nothing), docs: { ...DOCS, [name]: text } };
        expect(fault(fakePolicy([], [mutation]))).toContain(`: mend has no ${name}`);
      }
    },
  );

  it('wants a title', () => {
    expect(fault(fakePolicy([{ ...fakeRule('fake/rule'), title: '' }]))).toContain('fake/rule has no title');
  });

  it('lets one mutation serve several targets, and one kind be in several groups', () => {
    const mutation = fakeMutation('mend', nothing);
    expect(
      fault(
        fakePolicy([], [mutation]),
        fakePolicy([], [mutation], OTHER),
        fakePolicy([], [], { id: 'third', apis: [{ group: 'example.net', versions: ['v1'] }] }),
      ),
    ).toBe('none');
  });
});

describe('a registry', () => {
  const mend = fakeMutation('mend', nothing);
  const fake = fakePolicy([fakeRule('fake/b'), fakeRule('fake/a')], [fakeMutation('repair', nothing), mend]);
  const other = fakePolicy([fakeRule('other/a')], [mend, fakeMutation('adjust', nothing)], OTHER);
  const elsewhere = fakePolicy([], [], {
    id: 'elsewhere',
    apis: [{ group: 'example.net', versions: ['v1'] }],
  });
  // Made in each test: a registry that cannot be made must be a test that fails.
  const make = () => createRegistry([fake, other, elsewhere]);

  it.each([
    { group: 'example.org', kind: 'Fake', resource: 'fakes', expected: fake },
    { group: undefined, kind: 'Fake', resource: 'fakes', expected: fake },
    {
      group: 'example.net',
      kind: 'Fake',
      resource: 'fakes',
      expected: elsewhere,
    },
    {
      group: 'example.com',
      kind: 'Other',
      resource: 'others',
      expected: other,
    },
    { group: undefined, kind: 'Other', resource: 'others', expected: other },
    {
      group: 'example.com',
      kind: 'Fake',
      resource: 'fakes',
      expected: undefined,
    },
    {
      group: 'example.org',
      kind: 'fake',
      resource: 'Fakes',
      expected: undefined,
    },
    { group: undefined, kind: 'Nobody', resource: 'nobodies', expected: undefined },
  ])('finds $kind of $group', ({ group, kind, resource, expected }) => {
    expect(make().find(group, kind)).toBe(expected);
    expect(make().findByResource(group, resource)).toBe(expected);
  });

  it('lists rules and mutations in order, each once', () => {
    expect(listRules(make()).map((rule) => rule.id)).toEqual(['fake/b', 'fake/a', 'other/a']);
    expect(listMutations(make()).map((mutation) => mutation.id)).toEqual(['repair', 'mend', 'adjust']);
  });
});

it('this build has a registry without mistakes', () => {
  expect(listRules(registry).length).toBeGreaterThan(0);
});

describe('the fields of the kinds of a registry', () => {
  const core = fakePolicy([], [], {
    ...OTHER,
    apis: [{ group: 'apps', versions: ['v1'] }],
    providers: ['b'],
  });
  const two = fakePolicy([], [], {
    apis: [
      { group: 'example.org', versions: ['v1'] },
      { group: 'example.net', versions: ['v1'] },
    ],
    providers: ['a', 'b'],
  });
  const bare = fakePolicy([], [], { id: 'bare', kind: 'Bare', resource: 'bares' });

  it('is which API groups are theirs alone, each once', () => {
    expect(createRegistry([two, core, bare]).groups).toEqual(['example.org', 'example.net']);
  });

  it('is which clouds there are, each once', () => {
    expect([...listProviders(createRegistry([two, core, bare]))]).toEqual(['a', 'b']);
    expect([...listProviders(createRegistry([bare]))]).toEqual([]);
  });

  it('finds a kind by any of its groups', () => {
    expect(createRegistry([two]).find('example.net', 'Fake')).toBe(two);
    expect(createRegistry([two]).findByResource('example.org', 'fakes')).toBe(two);
  });
});
