import type { PolicyOptions } from '../../../index.ts';
import { find, make, makeButton } from './elements.ts';
import type { Knowledge, Options, RuleChoice } from './messages.ts';

export interface Settings {
  options(): Options;
  setPolicy(policy: PolicyOptions): void;
  /** Rules with findings in the text are offered first. */
  setFound(rules: readonly string[]): void;
}

/** Limit of the rules that are offered at a time. The text field narrows them down. */
const MAX_SHOWN = 30;
const ACTIONS = ['deny', 'warn', 'audit', 'off'];
const SWITCH = ['on', 'off'];
const PROJECTS: Readonly<Record<string, string>> = {
  networkingCalico: 'networking-calico',
  calico: 'Calico',
  kops: 'kOps',
};

/** Controls for rules, mutations and versions, as in the configuration file. */
export function createSettings(knowledge: Knowledge, onChange: () => void): Settings {
  const chosen = new Map<string, string>();
  const versions = new Map<string, string>();
  let found: readonly string[] = [];
  const all = [...knowledge.rules, ...knowledge.mutations];
  const filter = find<HTMLInputElement>('#rule-filter');
  const path = find<HTMLSelectElement>('#mutate-path');
  const notes = find<HTMLInputElement>('#notes');
  path.replaceChildren(...knowledge.mutatePaths.map((each) => new Option(each, each)));
  filter.addEventListener('input', showRules);
  for (const control of [path, notes]) control.addEventListener('change', onChange);
  find('#rule-reset').append(makeButton('Reset all settings', { onClick: () => setPolicy({}) }));
  showVersions();
  showRules();
  return {
    options: () => ({ policy: readPolicy(), notes: notes.checked, mutatePath: path.value }),
    setPolicy,
    setFound: (rules) => {
      const isSame = rules.length === found.length && rules.every((rule, index) => rule === found[index]);
      found = rules;
      if (!isSame) showRules();
    },
  };

  function setPolicy(policy: PolicyOptions): void {
    chosen.clear();
    versions.clear();
    const { rules = {}, mutations = {}, versions: given = {} } = policy;
    for (const [id, action] of [...Object.entries(rules), ...Object.entries(mutations)])
      chosen.set(id, action);
    for (const [key, version] of Object.entries(given)) versions.set(key, String(version));
    showVersions();
    showRules();
    onChange();
  }

  function readPolicy(): PolicyOptions {
    const mutations = new Set(knowledge.mutations.map(({ id }) => id));
    const pick = (isMutation: boolean) =>
      Object.fromEntries([...chosen].filter(([id]) => mutations.has(id) === isMutation));
    const parts = {
      rules: pick(false),
      mutations: pick(true),
      versions: Object.fromEntries([...versions].filter(([, version]) => version !== '')),
    };
    return Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0));
  }

  function showVersions(): void {
    const fields = Object.entries(knowledge.versions).map(([key, newest]) => {
      const input = make('input', '');
      input.name = `version-${key}`;
      input.placeholder = newest;
      input.size = 6;
      input.value = versions.get(key) ?? '';
      input.addEventListener('input', () => {
        versions.set(key, input.value.trim());
        onChange();
      });
      return make('label', '', `${PROJECTS[key] ?? key} `, input);
    });
    find('#versions').replaceChildren(...fields);
  }

  function showRules(): void {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = all.filter(({ id, title }) => {
      if (words.length === 0) return chosen.has(id) || found.includes(id);
      return words.every((word) => `${id} ${title}`.toLowerCase().includes(word));
    });
    find('#rules').replaceChildren(...matches.slice(0, MAX_SHOWN).map(renderRule));
    const more = matches.length - MAX_SHOWN;
    find('#rules-count').textContent =
      words.length === 0
        ? 'Rules with findings or changed settings. Type to find others.'
        : more > 0
          ? `The first ${MAX_SHOWN} of ${matches.length}`
          : `${matches.length} of ${all.length}`;
  }

  function renderRule(rule: RuleChoice): HTMLElement {
    const select = make('select', '');
    const words = rule.action === 'on' ? SWITCH : ACTIONS;
    select.append(
      ...words.map((word) => new Option(word === rule.action ? `${word} (default)` : word, word)),
    );
    select.value = chosen.get(rule.id) ?? rule.action;
    select.addEventListener('change', () => {
      if (select.value === rule.action) chosen.delete(rule.id);
      else chosen.set(rule.id, select.value);
      onChange();
    });
    return make(
      'li',
      '',
      make('label', '', select, ' ', make('code', '', rule.id)),
      ' ',
      make('span', 'says', rule.title),
    );
  }
}
