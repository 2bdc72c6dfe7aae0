import type { MutationInfo, RuleInfo } from '../../src/policy/evaluate.ts';
import { isMap, read, readMap, readString } from '../../src/policy/json.ts';
import { pageFile } from '../../src/policy/rule-page.ts';
import { flagOf, SERVE_SETTINGS, variableOf } from '../../src/serve-settings.ts';

export interface ConfigurationPage {
  readonly schema: unknown;
  readonly rules: readonly RuleInfo[];
  readonly mutations: readonly MutationInfo[];
}

const INTRODUCTION = `# Configuration

\`npm run docs\` writes this page from [schemas/config.json](../schemas/config.json) and the rules. That schema also completes and checks the file in an editor.

\`calico-admission serve\` reads each setting from its flag. Without the flag it reads the environment variable, then the file that \`--config\` (or \`CALICO_ADMISSION_CONFIG\`) names, and then it uses the default. The file is YAML or JSON. An unknown key, rule or value is an error that names the nearest valid one, and the server does not start (exit code 2). The server reads the file once, at its start: restart it after a change. \`calico-admission review --config FILE\` checks it as well, without a server.

An empty variable is ignored. So is a value that begins with \`tcp://\`, which the kubelet sets for a Service with such a name.`;

const ACTIONS = `| action | what it does |
|---|---|
| deny | rejects the object |
| warn | admits the object with a warning, which \`kubectl\` prints |
| audit | reports only in the audit annotation, the log and the metrics |
| off | does not run |

An update is never rejected for a mistake that the object had before; that is a warning. A rule that denies also only warns where just an unreleased version, or just one of several products, rejects the object. The page of the rule says so.`;

const EXAMPLE = `logLevel: info
rules:
  shoot/unknown-field: warn # a landscape whose networking-calico is newer than this release
  shoot/network-type: audit
mutations:
  mtu-string: off
exempt:
  - namespace: garden-legacy
    rules: [shoot/vpa-mode-needs-vpa]
versions:
  networkingCalico: "1.58" # in quotes, as YAML takes 1.60 for 1.6`;

/** The example of the page, so that a test can try it. */
export const CONFIGURATION_EXAMPLE = EXAMPLE;

export function renderConfigurationPage({ schema, rules, mutations }: ConfigurationPage): string {
  const properties = readMap(schema, 'properties') ?? {};
  const plain = Object.keys(properties).filter((key) => Object.hasOwn(SERVE_SETTINGS, key));
  const sections = [
    INTRODUCTION,
    `## The server\n\n${settingsTable(properties, plain)}`,
    `## rules\n\n${describe(properties['rules'])}\n\n${ACTIONS}\n\n${ruleTable(rules)}`,
    `## mutations\n\n${describe(properties['mutations'])} All are on by default.\n\n${mutationTable(mutations)}`,
    `## exempt\n\n${describe(properties['exempt'])} An exemption changes the action of the rule to \`audit\`, so that operators see what it hides, and when they can remove it.\n\n${fieldTable(properties['exempt'])}`,
    ...Object.keys(properties)
      .filter((key) => ![...plain, 'rules', 'mutations', 'exempt'].includes(key))
      .map((key) => {
        const table = isNested(properties[key]) ? `\n\n${fieldTable(properties[key])}` : '';
        return `## ${key}\n\n${describe(properties[key])}${table}`;
      }),
    `## Example\n\n\`\`\`yaml\n# yaml-language-server: $schema=./schemas/config.json\n${EXAMPLE}\n\`\`\``,
  ];
  return `${sections.join('\n\n')}\n`;
}

function isNested(property: unknown): boolean {
  return isMap(read(property, 'properties')) || isMap(read(property, 'items', 'properties'));
}

function describe(property: unknown): string {
  return readString(property, 'description') ?? '';
}

function settingsTable(properties: object, keys: readonly string[]): string {
  const rows = keys.map((key) => {
    const property = read(properties, key);
    const flag = flagOf(key);
    const isList = read(property, 'type') === 'array';
    const note = isList ? ' Repeat the flag; separate with commas in the variable.' : '';
    return `| \`${key}\` | ${type(property)} | ${defaultOf(property)} | \`--${flag}\` | \`${variableOf(flag)}\` | ${describe(property)}${note} |`;
  });
  return [
    '| key | type | default | flag | variable | what it is |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function fieldTable(property: unknown): string {
  const item = read(property, 'items') ?? property;
  const required = read(item, 'required');
  const rows = Object.entries(readMap(item, 'properties') ?? {}).map(([key, field]) => {
    const must = Array.isArray(required) && required.includes(key) ? 'required' : defaultOf(field);
    return `| \`${key}\` | ${type(field)} | ${must} | ${describe(field)} |`;
  });
  return ['| key | type | default | what it is |', '|---|---|---|---|', ...rows].join('\n');
}

function type(property: unknown): string {
  const values = read(property, 'enum');
  if (Array.isArray(values)) return values.map((value) => `\`${value}\``).join(', ');
  const name = String(read(property, 'type'));
  if (name === 'array') return `list of ${read(property, 'items', 'enum') ? 'rule ids' : 'strings'}`;
  const [minimum, maximum] = [read(property, 'minimum'), read(property, 'maximum')];
  return minimum === undefined ? name : `${name}, ${minimum} to ${maximum}`;
}

function defaultOf(property: unknown): string {
  const value = read(property, 'default');
  if (value === undefined) return '';
  return Array.isArray(value) && value.length === 0 ? 'none' : `\`${value}\``;
}

function ruleTable(rules: readonly RuleInfo[]): string {
  const rows = rules.map(
    ({ id, action, title }) => `| [${id}](rules/${pageFile(id)}) | ${action} | ${title} |`,
  );
  return ['| id | default | what it says |', '|---|---|---|', ...rows].join('\n');
}

function mutationTable(mutations: readonly MutationInfo[]): string {
  const rows = mutations.map(({ id, title }) => `| [${id}](rules/${pageFile(id)}) | ${title} |`);
  return ['| id | what it does |', '|---|---|', ...rows].join('\n');
}
