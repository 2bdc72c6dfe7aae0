import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { check } from '../../src/index.ts';
import { isMap, readMap } from '../../src/policy/json.ts';
import { listMutations, listRules, type Registry } from '../../src/policy/registry.ts';
import { pageFile, renderRulePage, renderTable } from '../../src/policy/rule-page.ts';
import { serveSchemaProperties } from '../../src/serve-settings.ts';
import { runCheck } from '../check/command.ts';
import { renderTrialConfig, renderTrialValues } from '../manifests/trial-config.ts';
import { loadDashboard } from '../monitoring/dashboard-file.ts';
import { mutate, validate } from '../support/evaluate.ts';
import { renderLine } from '../support/message.ts';
import { registry } from '../support/registry.ts';
import { answerSample } from './answer-sample.ts';
import { ANSWERED_PAGES } from './answered-pages.ts';
import { renderConfigurationPage } from './configuration-page.ts';
import { drawDashboard } from './dashboard-picture.ts';
import { SAMPLES } from './dashboard-samples.ts';
import { renderEditorSchemas } from './editor-schemas.ts';
import { renderKindGroups, renderManifests } from './manifest-rules.ts';
import { renderMessagesPage } from './messages-page.ts';
import { renderSamplesPage } from './samples-page.ts';
import { replaceSection } from './section.ts';

const ROOT = new URL('../../', import.meta.url);
const RULES = 'docs/rules/';
const SCHEMAS = 'schemas/';

function readRoot(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** Every generated file, by its path from the root, as it should be. */
export async function renderPages(): Promise<ReadonlyMap<string, string>> {
  const rules = listRules(registry);
  const mutations = listMutations(registry);
  const schema = renderConfigSchema(registry);
  return new Map([
    ...[...rules, ...mutations].map(
      (entry) => [`${RULES}${pageFile(entry.id)}`, renderRulePage(entry)] as const,
    ),
    [`${RULES}README.md`, renderRulesIndex(registry)],
    ...(await Promise.all(
      ANSWERED_PAGES.map(async (path) => [path, await renderAnsweredPage(registry, path)] as const),
    )),
    ['docs/library.md', renderLibraryPage(readRoot('docs/library.md'))],
    ['schemas/config.json', `${JSON.stringify(schema, null, 2)}\n`],
    ...[...renderEditorSchemas(registry)].map(([file, text]) => [`${SCHEMAS}${file}`, text] as const),
    ['docs/configuration.md', renderConfigurationPage({ schema, rules, mutations })],
    ['docs/messages.md', renderMessagesPage(registry)],
    ['docs/dashboard.svg', drawDashboard(loadDashboard(), SAMPLES)],
    ['test/samples/README.md', renderSamplesPage(registry)],
    [
      'manifests/README.md',
      replaceSection(readRoot('manifests/README.md'), 'kinds', renderKindGroups(registry)),
    ],
    ...renderManifests(registry),
    ['manifests/overlays/trial/config.yaml', renderTrialConfig(registry)],
    ['manifests/chart/examples/trial.yaml', renderTrialValues(registry)],
  ]);
}

/** Pages of rules and schemas of kinds that are gone, by their paths from the root. */
export function listStalePages(pages: ReadonlyMap<string, string>): string[] {
  return [RULES, SCHEMAS].flatMap((folder) => {
    const { pathname } = new URL(folder, ROOT);
    return readdirSync(pathname, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath.replace(/\/?$/, '/').slice(pathname.length)}${name}`)
      .map((file) => `${folder}${file}`)
      .filter((path) => !pages.has(path));
  });
}

function renderRulesIndex(registry: Registry): string {
  const link = (id: string) => `[${id}](${pageFile(id)})`;
  const sections = registry.policies
    .filter((policy) => policy.rules.length > 0)
    .map((policy) => {
      const table = renderTable(policy.rules, [], link);
      return `## ${policy.target.kind} (${policy.target.apis.map((api) => api.group).join(', ')})\n\n${table}`;
    });
  if (registry.bundleRules.length > 0) {
    sections.push(`## Across documents\n\n${renderTable(registry.bundleRules, [], link)}`);
  }
  const table = renderTable([], listMutations(registry), link);
  return `# Rules and mutations\n\nMade by \`npm run docs\` from the rules themselves; \`calico-admission rules ID\` prints the same pages.\n\n${sections.join('\n\n')}\n\n## Mutations\n\n${table}\n`;
}

/** With every id, and every setting of serve. */
function renderConfigSchema(registry: Registry): unknown {
  const schema: Record<string, Record<string, Record<string, unknown>>> = JSON.parse(
    readRoot('schemas/config.json'),
  );
  const ids = listRules(registry).map((rule) => rule.id);
  const action = { type: 'string', enum: ['deny', 'warn', 'audit', 'off'] };
  const properties = schema['properties'] ?? {};
  const exempt = readMap(properties, 'exempt', 'items', 'properties', 'rules', 'items');
  if (!isMap(exempt)) throw new Error('schemas/config.json has lost its exemptions');
  Object.assign(properties['rules'] ?? {}, {
    properties: Object.fromEntries(ids.map((id) => [id, action])),
  });
  Object.assign(properties['mutations'] ?? {}, {
    properties: Object.fromEntries(
      listMutations(registry).map(({ id }) => [id, { type: 'string', enum: ['on', 'off'] }]),
    ),
  });
  Object.assign(exempt, { enum: ids });
  Object.assign(properties, serveSchemaProperties());
  return schema;
}

const COMMAND = /(```console\n\$ ([^\n]+)\n)[^`]*(```)/g;

/** What a terminal shows of `check` with a file of ours: notes are counted on standard error. */
async function checkOutput(command: string): Promise<string | undefined> {
  const args = / check ((?:--diff )?\S+)$/.exec(command)?.[1];
  if (args === undefined) return undefined;
  const { stdout, stderr } = await runCheck(args.split(' '));
  return `${stdout}${stderr}`;
}

async function renderAnsweredPage(registry: Registry, path: string): Promise<string> {
  const page = await showAnswers(registry, readRoot(path));
  return path === 'docs/webhooks.md' ? replaceSection(page, 'kubectl', renderRejection(registry)) : page;
}

/** What kubectl prints of test/samples/shoot.yaml where both webhooks are registered. */
function renderRejection(registry: Registry): string {
  const object: unknown = parse(readRoot('test/samples/shoot.yaml'));
  const warnings = mutate(registry, { object }).findings.map((each) => `Warning: ${renderLine(each)}`);
  // The backend is what /mutate has made of it by then.
  const denials = validate(registry, { object }).findings.filter((each) => each.action === 'deny');
  const head = 'The Shoot "crazy-botany" is invalid:';
  const lines = [...warnings, head, ...denials.map((each) => `* ${renderLine(each)}`)];
  return `\`\`\`text\n${lines.join('\n')}\n\`\`\``;
}

/** What the program of docs/library.md prints; that it does is for the tests of the library. */
function renderLibraryPage(page: string): string {
  const [, pool = ''] = /const pool = `([^`]*)`;/.exec(page) ?? [];
  const { findings } = check([{ name: 'pool.yaml', text: pool }]);
  const lines = findings.map(({ line, rule, message }) => `${line}: ${message} [${rule}]`);
  return replaceSection(page, 'output', `\`\`\`text\n${lines.join('\n')}\n\`\`\``);
}

/** The page with the answer under each command that asks for one; that they are real is for the end-to-end tests. */
async function showAnswers(registry: Registry, page: string): Promise<string> {
  const commands = [...page.matchAll(COMMAND)].map((match) => match[2] ?? '');
  const checked = new Map(
    await Promise.all(commands.map(async (command) => [command, await checkOutput(command)] as const)),
  );
  return page.replaceAll(COMMAND, (block, head: string, command: string, tail: string) => {
    const output = checked.get(command);
    if (output !== undefined) return `${head}${output}${tail}`;
    const curl = /--data @(\S+) https:\/\/[^/]+(\/\S+)$/.exec(command);
    if (curl)
      return `${head}${JSON.stringify(answerSample(registry, new URL(curl[1] ?? '', ROOT), curl[2] ?? ''))}\n${tail}`;
    const review = / review (\S+)$/.exec(command)?.[1];
    if (review === undefined) return block;
    return `${head}${JSON.stringify(answerSample(registry, new URL(review, ROOT), '/validate'), null, 2)}\n${tail}`;
  });
}
