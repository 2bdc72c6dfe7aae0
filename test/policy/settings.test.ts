import { describe, expect, it } from 'vitest';
import {
  actionOf,
  createActiveRules,
  DEFAULT_SETTINGS,
  isMutationOn,
  type PolicySettings,
} from '../../src/policy/settings.ts';
import type { Action } from '../../src/policy/types.ts';
import { NEWEST_VERSIONS } from '../../src/policy/versions.ts';

describe('actionOf', () => {
  interface Case {
    readonly name: string;
    readonly rules?: Readonly<Record<string, Action>>;
    readonly exempt?: PolicySettings['exempt'];
    readonly expected: Action;
  }
  const here = { namespace: 'garden-dev', rules: ['fake/other', 'fake/rule'] };
  const table: Case[] = [
    { name: 'the default', expected: 'deny' },
    { name: 'another rule set', rules: { 'fake/other': 'off' }, expected: 'deny' },
    { name: 'set to warn', rules: { 'fake/rule': 'warn' }, expected: 'warn' },
    { name: 'set to audit', rules: { 'fake/rule': 'audit' }, expected: 'audit' },
    { name: 'set to off', rules: { 'fake/rule': 'off' }, expected: 'off' },
    { name: 'exempt', exempt: [here], expected: 'audit' },
    { name: 'exempt in the second entry', exempt: [{ ...here, rules: [] }, here], expected: 'audit' },
    { name: 'exempt elsewhere', exempt: [{ ...here, namespace: 'garden-prod' }], expected: 'deny' },
    { name: 'another rule exempt', exempt: [{ ...here, rules: ['fake/other'] }], expected: 'deny' },
    { name: 'exempt and off', rules: { 'fake/rule': 'off' }, exempt: [here], expected: 'off' },
    { name: 'exempt and warn', rules: { 'fake/rule': 'warn' }, exempt: [here], expected: 'audit' },
  ];
  it.each(table)('$name: $expected', ({ rules = {}, exempt = [], expected }) => {
    const settings = { ...DEFAULT_SETTINGS, rules, exempt };
    expect(actionOf({ id: 'fake/rule', action: 'deny' }, settings, 'garden-dev')).toBe(expected);
  });

  it('does not read a setting from the prototype', () => {
    expect(actionOf({ id: 'constructor', action: 'warn' }, DEFAULT_SETTINGS, '')).toBe('warn');
  });
});

describe('createActiveRules', () => {
  const rules = [
    { id: 'fake/a', action: 'deny' },
    { id: 'fake/b', action: 'warn' },
  ] as const;
  const exempt = [{ namespace: 'garden-dev', rules: ['fake/a'] }];
  const some: PolicySettings[] = [
    DEFAULT_SETTINGS,
    { ...DEFAULT_SETTINGS, exempt },
    { ...DEFAULT_SETTINGS, rules: { 'fake/a': 'off' } },
    { ...DEFAULT_SETTINGS, rules: { 'fake/b': 'deny' }, exempt },
  ];

  it('answers as actionOf does, whatever was asked before', () => {
    const activeRules = createActiveRules(rules);
    for (const settings of [...some, ...some.toReversed(), ...some]) {
      for (const namespace of ['garden-dev', 'garden-prod', '', 'garden-dev']) {
        const expected = rules
          .map((rule) => ({ rule, action: actionOf(rule, settings, namespace) }))
          .filter(({ action }) => action !== 'off');
        expect(activeRules(settings, namespace)).toEqual(expected);
      }
    }
  });

  it('computes it once, for all namespaces without settings', () => {
    const activeRules = createActiveRules(rules);
    const settings = { ...DEFAULT_SETTINGS, exempt };
    expect(activeRules(settings, 'b')).toBe(activeRules(settings, 'a'));
    expect(activeRules(settings, 'garden-dev')).toBe(activeRules(settings, 'garden-dev'));
    expect(activeRules(settings, 'garden-dev')).not.toBe(activeRules(settings, 'a'));
  });
});

describe('isMutationOn', () => {
  it.each([
    { name: 'unless switched off', mutations: {}, expected: true },
    { name: 'when switched on', mutations: { mend: 'on' }, expected: true },
    { name: 'not when switched off', mutations: { mend: 'off' }, expected: false },
    { name: 'when another is off', mutations: { other: 'off' }, expected: true },
  ] as const)('$name', ({ mutations, expected }) => {
    expect(isMutationOn('mend', { ...DEFAULT_SETTINGS, mutations })).toBe(expected);
  });
});

it('by default nothing is changed, and OpenStack gets its overlay', () => {
  expect(DEFAULT_SETTINGS).toEqual({
    rules: {},
    mutations: {},
    exempt: [],
    options: { openstackOverlayDefault: true },
    versions: NEWEST_VERSIONS,
  });
});
