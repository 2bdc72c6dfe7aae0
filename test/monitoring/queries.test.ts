import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderWebhookConfigurations } from '../../src/cluster/webhook-configurations.ts';
import { loadRegistry } from '../../src/registry.ts';
import { type Dashboard, loadDashboard } from './dashboard-file.ts';
import { type Exposed, exposeEverything } from './exposed.ts';
import { readQuery, type Selector } from './promql.ts';
import { listAlerts } from './rules-file.ts';

/** What others expose: the API server that calls us, and kube-state-metrics. Labels as of Kubernetes 1.24 and later. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  apiserver_admission_webhook_rejection_count: ['name', 'type', 'operation', 'error_type', 'rejection_code'],
  apiserver_admission_webhook_fail_open_count: ['name', 'type'],
  apiserver_admission_webhook_admission_duration_seconds_bucket: [
    'name',
    'type',
    'operation',
    'rejected',
    'le',
  ],
  kube_deployment_status_replicas_ready: ['namespace', 'deployment'],
};

/** What Prometheus adds to every series of a target. */
const TARGET_LABELS = ['namespace', 'pod', 'instance'];

interface NamedQuery {
  readonly where: string;
  readonly expr: string;
  readonly shown: readonly string[];
}

function placeholders(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

/** The query as Prometheus gets it. */
function fillIn(expr: string): string {
  return expr.replaceAll('$__rate_interval', '5m').replaceAll('$namespace', '.*');
}

function dashboardQueries(dashboard: Dashboard): NamedQuery[] {
  return dashboard.panels.flatMap(({ title, targets, transformations }) =>
    (targets ?? []).map(({ expr, legendFormat }) => ({
      where: `panel ${title}`,
      expr: fillIn(expr),
      shown: [
        ...placeholders(legendFormat, /\{\{(\w+)\}\}/g),
        ...Object.keys(transformations?.[0]?.options.indexByName ?? {}).filter((field) => field !== 'Value'),
      ],
    })),
  );
}

const alerts = listAlerts();
const queries: readonly NamedQuery[] = [
  ...dashboardQueries(loadDashboard()),
  ...alerts.map(({ alert, expr, annotations }) => ({
    where: `alert ${alert}`,
    expr,
    shown: placeholders(Object.values(annotations).join(' '), /\$labels\.(\w+)/g),
  })),
];

let exposed: Exposed;

beforeAll(async () => {
  exposed = await exposeEverything();
}, 30_000);

function labelsOf(metric: string): readonly string[] | undefined {
  const foreign = FOREIGN[metric];
  if (foreign !== undefined) return foreign;
  const own = exposed.get(metric);
  return own === undefined ? undefined : [...own.keys(), ...TARGET_LABELS];
}

/** What is wrong with a selector, or nothing. */
function problemsOf({ metric, matchers }: Selector): string[] {
  const labels = labelsOf(metric);
  if (labels === undefined) return [`nobody exposes ${metric}`];
  return matchers.flatMap(({ label, operator, value }) => {
    if (!labels.includes(label)) return [`${metric} has no label ${label}`];
    const values = exposed.get(metric)?.get(label);
    if (operator !== '=' || values === undefined || values.has(value)) return [];
    return [`${metric} never has ${label}="${value}"`];
  });
}

describe('every query of the dashboard and the alerts', () => {
  it.each(queries.map((query) => [query.where, query] as const))(
    '%s names what a running server exposes',
    (_, query) => {
      const { selectors, grouping } = readQuery(query.expr);
      expect(selectors.length).toBeGreaterThan(0);
      expect(selectors.flatMap(problemsOf)).toEqual([]);
      const known = selectors.flatMap(({ metric }) => labelsOf(metric) ?? []);
      expect(grouping.filter((label) => !known.includes(label))).toEqual([]);
    },
  );

  it.each(queries.map((query) => [query.where, query] as const))(
    '%s shows only labels that are left',
    (_, query) => {
      const { selectors, grouping } = readQuery(query.expr);
      const isAggregated = /\b(sum|min|max|count)\b/.test(query.expr);
      const left = isAggregated ? grouping : selectors.flatMap(({ metric }) => labelsOf(metric) ?? []);
      expect(query.shown.filter((label) => !left.includes(label))).toEqual([]);
    },
  );

  it('finds a query of a missing metric', () => {
    const problems = (expr: string) => readQuery(expr).selectors.flatMap(problemsOf);
    expect(problems('rate(calico_admission_findings_total{rule="x"}[5m])')).toHaveLength(1);
    expect(problems('sum by (le) (rate(calico_admission_review_seconds_bucket[5m] offset 1d))')).toEqual([
      'nobody exposes calico_admission_review_seconds_bucket',
    ]);
    expect(problems('calico_admission_patches_total{shoot="a"} and on (instance) up')).toEqual([
      'calico_admission_patches_total has no label shoot',
      'nobody exposes up',
    ]);
  });

  it('together show every metric of our own', () => {
    const named = queries.flatMap(({ expr }) => readQuery(expr).selectors.map(({ metric }) => metric));
    const families = [...exposed.keys()]
      .filter((metric) => metric.startsWith('calico_admission_'))
      .map((metric) => metric.replace(/_(bucket|sum|count)$/, ''));
    const missing = [...new Set(families)].filter(
      (family) => !named.some((metric) => metric.replace(/_(bucket|sum|count)$/, '') === family),
    );
    expect(families.length).toBeGreaterThan(6);
    expect(missing).toEqual([]);
  });
});

describe('the names of the webhooks', () => {
  it('are those that the queries about the API server look for', () => {
    const names = (['garden', 'seed'] as const).flatMap((cluster) =>
      renderWebhookConfigurations(loadRegistry(), {
        endpoint: { kind: 'service', name: 'a', namespace: 'b' },
        caBundle: '',
        cluster,
        failurePolicy: 'Fail',
      }).flatMap(({ webhooks }) => (webhooks ?? []).map(({ name }) => name)),
    );
    expect(names.length).toBeGreaterThan(2);
    const patterns = queries
      .flatMap(({ expr }) => readQuery(expr).selectors)
      .filter(({ metric }) => metric.startsWith('apiserver_'))
      .map(({ matchers }) => matchers.find(({ label }) => label === 'name')?.value ?? 'none');
    expect(patterns.length).toBeGreaterThan(4);
    for (const pattern of new Set(patterns)) {
      for (const name of names) expect(name).toMatch(new RegExp(`^(?:${pattern})$`));
    }
  });
});

describe('the data source', () => {
  it('is chosen by the reader, in every panel', () => {
    const text = readFileSync(new URL('../../manifests/monitoring/dashboard.json', import.meta.url), 'utf8');
    const uids = placeholders(text, /"uid": "([^"]+)"/g);
    expect(new Set(uids)).toEqual(new Set(['calico-admission', '$' + '{datasource}']));
  });
});
