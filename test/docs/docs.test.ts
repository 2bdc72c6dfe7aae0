import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isMap, readMap } from '../../src/policy/json.ts';
import { pageFile, renderPage, renderTable } from '../../src/policy/page.ts';
import { listMutations, listRules } from '../../src/policy/registry.ts';
import { loadRegistry } from '../../src/registry.ts';
import { serveSchemaProperties } from '../../src/serve-settings.ts';
import { runCheck } from '../check/command.ts';
import { mutate, validate } from '../support/judge.ts';
import { renderLine } from '../support/message.ts';
import { answerSample } from './answer-sample.ts';

// What is generated is compared here, and written by `npm run docs`.
const registry = loadRegistry();
const rules = listRules(registry);
const mutations = listMutations(registry);
const ROOT = new URL('../../', import.meta.url);

function readRoot(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** The page with what stands between the markers replaced. */
function replaceSection(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  expect(page).toContain(begin);
  expect(page).toContain(end);
  return `${page.slice(0, page.indexOf(begin) + begin.length)}\n${content}\n${page.slice(page.indexOf(end))}`;
}

const COMMAND = /(```console\n\$ ([^\n]+)\n)[^`]*(```)/g;

/** What a terminal shows of `check` with a file of ours: notes are counted on standard error. */
async function checkOutput(command: string): Promise<string | undefined> {
  const path = / check (\S+)$/.exec(command)?.[1];
  if (path === undefined) return undefined;
  const { stdout, stderr } = await runCheck([path]);
  return `${stdout}${stderr}`;
}

/** The page with the answer under each command that asks for one; that they are real is for the end-to-end tests. */
async function showAnswers(page: string): Promise<string> {
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

describe('docs/rules', () => {
  it.each([...rules, ...mutations].map((entry) => [entry.id, entry] as const))(
    '%s has its page',
    async (id, entry) => {
      await expect(renderPage(entry)).toMatchFileSnapshot(`../../docs/rules/${pageFile(id)}`);
    },
  );

  it('has an index', async () => {
    const sections = registry.policies
      .filter((policy) => policy.rules.length > 0)
      .map((policy) => {
        const table = renderTable(policy.rules, [], (id) => `[${id}](${pageFile(id)})`);
        return `## ${policy.target.kind} (${policy.target.apis.map((api) => api.group).join(', ')})\n\n${table}`;
      });
    if (registry.bundleRules.length > 0) {
      const table = renderTable(registry.bundleRules, [], (id) => `[${id}](${pageFile(id)})`);
      sections.push(`## Across documents\n\n${table}`);
    }
    const table = renderTable([], mutations, (id) => `[${id}](${pageFile(id)})`);
    const page = `# Rules and mutations\n\nMade by \`npm run docs\` from the rules themselves; \`calico-admission rules ID\` prints the same pages.\n\n${sections.join('\n\n')}\n\n## Mutations\n\n${table}\n`;
    await expect(page).toMatchFileSnapshot('../../docs/rules/README.md');
  });

  it('has no page of a rule that is gone', () => {
    const known = [...rules, ...mutations].map((entry) => pageFile(entry.id));
    const pages = readdirSync(new URL('docs/rules', ROOT), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(
        (entry) => `${entry.parentPath.slice(new URL('docs/rules', ROOT).pathname.length + 1)}/${entry.name}`,
      )
      .map((page) => page.replace(/^\//, ''))
      .filter((page) => page !== 'README.md');
    // A page that is missing is found by its own test.
    expect(pages.filter((page) => !known.includes(page))).toEqual([]);
  });
});

describe('README.md', () => {
  it('lists the rules, and shows what the commands answer', async () => {
    const ofGardener = rules.filter(({ id }) => /^(shoot|network)\//.test(id));
    const table = renderTable(ofGardener, mutations, (id) => `[${id}](docs/rules/${pageFile(id)})`);
    const page = replaceSection(readRoot('README.md'), 'rules', table);
    await expect(await showAnswers(page)).toMatchFileSnapshot('../../README.md');
  });

  it('shows what kubectl prints of the Shoot that is to be applied', () => {
    const object: unknown = parse(readRoot('test/samples/shoot.yaml'));
    const [, output = ''] =
      /kubectl apply -f test\/samples\/shoot\.yaml[\s\S]*?```text\n([\s\S]*?)```/.exec(
        readRoot('README.md'),
      ) ?? [];
    const warnings = mutate(registry, { object }).judgements.map((each) => `Warning: ${renderLine(each)}`);
    // The backend is what /mutate has made of it by then.
    const denials = validate(registry, { object }).judgements.filter((each) => each.action === 'deny');
    const head = 'The Shoot "crazy-botany" is invalid:';
    expect(output.trim().split('\n')).toEqual([
      ...warnings,
      head,
      ...denials.map((each) => `* ${renderLine(each)}`),
    ]);
  });

  it('links only to files that exist', () => {
    const pages = ['docs', 'manifests', 'test/samples'].flatMap((dir) =>
      readdirSync(new URL(dir, ROOT), { recursive: true, encoding: 'utf8' }).map((file) => `${dir}/${file}`),
    );
    const files = [...readdirSync(ROOT), ...pages].filter((file) => file.endsWith('.md'));
    const links = files.flatMap((file) =>
      [...readRoot(file).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map((match) => ({
        file,
        link: match[1] ?? '',
      })),
    );
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter(({ file, link }) => !existsSync(new URL(link, new URL(file, ROOT))))).toEqual([]);
  });
});

describe('schemas/config.json', () => {
  it('knows every id and every setting of serve', async () => {
    const schema: Record<string, Record<string, Record<string, unknown>>> = JSON.parse(
      readRoot('schemas/config.json'),
    );
    const ids = rules.map((rule) => rule.id);
    const action = { type: 'string', enum: ['deny', 'warn', 'audit', 'off'] };
    const properties = schema['properties'] ?? {};
    const exempt = readMap(properties, 'exempt', 'items', 'properties', 'rules', 'items');
    if (!isMap(exempt)) throw new Error('schemas/config.json has lost its exemptions');
    Object.assign(properties['rules'] ?? {}, {
      properties: Object.fromEntries(ids.map((id) => [id, action])),
    });
    Object.assign(properties['mutations'] ?? {}, {
      properties: Object.fromEntries(
        mutations.map(({ id }) => [id, { type: 'string', enum: ['on', 'off'] }]),
      ),
    });
    Object.assign(exempt, { enum: ids });
    Object.assign(properties, serveSchemaProperties());
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../schemas/config.json');
  });
});
