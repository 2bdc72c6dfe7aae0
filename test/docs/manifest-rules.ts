import { readFileSync } from 'node:fs';
import { renderWebhookConfigurations } from '../../src/cluster/webhook-configurations.ts';
import type { Policy } from '../../src/policy/evaluate.ts';
import type { Registry } from '../../src/policy/registry.ts';
import { CLUSTERS, type Cluster, KIND_GROUPS, type KindGroup } from '../../src/policy/types.ts';

// What manifests/ says of kinds: whom a webhook configuration asks about, what an audit may read.

const ROOT = new URL('../../', import.meta.url);
const CHART = 'manifests/chart/charts/application/templates';

/** As wide as the lines of the manifests are. */
const MAX_WIDTH = 110;

/** Every manifest that names kinds, by its path from the root, as it should be. */
export function renderManifests(registry: Registry): ReadonlyMap<string, string> {
  const validated = (cluster: Cluster) => renderAsked(registry, 'Validating', cluster);
  const mutated = (cluster: Cluster) => renderAsked(registry, 'Mutating', cluster);
  const audited = renderAudited(registry);
  const rules: Readonly<Record<string, readonly string[]>> = {
    'manifests/base/registration/validating.yaml': validated('garden'),
    'manifests/base/registration/mutating.yaml': mutated('garden'),
    'manifests/overlays/seed/validating.yaml': validated('seed'),
    'manifests/overlays/seed/mutating.yaml': mutated('seed'),
    'manifests/base/registration-calico/validating.yaml': validated('calico'),
    'manifests/base/audit/clusterrole.yaml': audited,
    [`${CHART}/clusterrole-audit.yaml`]: audited,
  };
  return new Map([
    ...Object.entries(rules).map(([path, lines]) => [path, replaceRules(path, lines)] as const),
    [`${CHART}/_kinds.tpl`, renderChartKinds(registry)],
  ]);
}

/** A table of the groups of `manifests --kinds`. */
export function renderKindGroups(registry: Registry): string {
  const rows = KIND_GROUPS.map((group) => {
    const kinds = registry.policies.filter(({ target }) => target.registration === group);
    return `| \`${group}\` | ${kinds.map(({ target }) => target.kind).join(', ')} |`;
  });
  return ['| group | kinds |', '|---|---|', ...rows].join('\n');
}

function replaceRules(path: string, lines: readonly string[]): string {
  const text = readFileSync(new URL(path, ROOT), 'utf8');
  const [block, indent = ''] = /^( *)rules:\n(?:\1 .*\n)+/m.exec(text) ?? [];
  if (block === undefined) throw new Error(`${path} has no rules`);
  return text.replace(block, `${indent}rules:\n${lines.map((line) => `${indent}  ${line}\n`).join('')}`);
}

/** What one of the two webhook configurations of a cluster asks about; nothing where there is none. */
function renderAsked(
  registry: Registry,
  sort: 'Validating' | 'Mutating',
  cluster: Cluster,
  groups: readonly KindGroup[] = [],
): string[] {
  const configurations = renderWebhookConfigurations(registry, {
    endpoint: { kind: 'url', base: 'https://example.org' },
    caBundle: '',
    cluster,
    groups,
  });
  const rules = configurations
    .filter(({ kind }) => kind === `${sort}WebhookConfiguration`)
    .flatMap(({ webhooks }) => webhooks ?? [])
    .flatMap((webhook) => webhook.rules ?? []);
  return rules.flatMap(({ apiGroups = [], apiVersions = [], resources = [], operations = [], scope }) => [
    `- apiGroups: [${apiGroups.join(', ')}]`,
    `  apiVersions: [${apiVersions.join(', ')}]`,
    `  resources: [${resources.join(', ')}]`,
    `  operations: [${operations.join(', ')}]`,
    `  scope: ${scope}`,
  ]);
}

/** Templates for each cluster, and one for each group of further kinds. */
function renderChartKinds(registry: Registry): string {
  const parts = [
    ...CLUSTERS.map(
      (cluster) => [`validated.${cluster}`, renderAsked(registry, 'Validating', cluster)] as const,
    ),
    ...KIND_GROUPS.map((group) => {
      const policies = registry.policies.filter(({ target }) => target.registration === group);
      const rules = renderAsked({ ...registry, policies }, 'Validating', 'calico', [group]);
      return [`validated.${group}`, rules] as const;
    }),
    ...CLUSTERS.map((cluster) => [`mutated.${cluster}`, renderAsked(registry, 'Mutating', cluster)] as const),
  ];
  const defines = parts
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => `{{- define "application.${name}" -}}\n${lines.join('\n')}\n{{- end }}\n`);
  return `{{- /* Made from the kinds by \`npm run docs\`. */}}\n${defines.join('\n')}`;
}

/** What is listed in a cluster, with the groups together that have the same kinds. */
function renderAudited(registry: Registry): string[] {
  const byGroups = new Map<string, string[]>();
  for (const { target } of registry.policies.filter(isAudited)) {
    const served = target.apis.filter(({ isOfFiles }) => !isOfFiles).map(({ group }) => group);
    const groups = [...new Set(served)].join(', ');
    byGroups.set(groups, [...(byGroups.get(groups) ?? []), target.resource]);
  }
  return [...byGroups].flatMap(([groups, resources]) => [
    `- apiGroups: [${groups}]`,
    ...listResources(resources),
    '  verbs: [get, list]',
  ]);
}

function isAudited({ target }: Policy): boolean {
  return !target.isGeneral && target.apis.some(({ isOfFiles }) => !isOfFiles);
}

function listResources(resources: readonly string[]): string[] {
  const line = `  resources: [${resources.join(', ')}]`;
  if (line.length <= MAX_WIDTH) return [line];
  return ['  resources:', ...resources.map((resource) => `    - ${resource}`)];
}
