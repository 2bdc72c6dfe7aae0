import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listAlerts, loadAlertTests } from './rules-file.ts';

const ROOT = new URL('../../', import.meta.url);
const alerts = listAlerts();

function readRoot(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** The anchors of a page's headings, as GitHub and GitLab make them. */
function anchors(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe('the alerts', () => {
  it('have different names', () => {
    const names = alerts.map(({ alert }) => alert);
    expect(names.length).toBeGreaterThan(6);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(alerts.map((rule) => [rule.alert, rule] as const))('%s has a description', (_, rule) => {
    expect(Object.keys(rule.annotations).sort()).toEqual(['description', 'runbook_url', 'summary']);
    expect(['warning', 'critical']).toContain(rule.labels['severity']);
    expect(rule.annotations['summary']).toMatch(/^([A-Z{]|calico-admission ).*\.$/);
  });

  it.each(alerts.map((rule) => [rule.alert, rule] as const))('%s has its runbook', (_, rule) => {
    const [page = '', anchor = ''] = rule.annotations['runbook_url']?.split('#') ?? [];
    expect(anchor).toBe(rule.alert.toLowerCase());
    expect(anchors(readRoot(page))).toContain(anchor);
  });

  it.each(alerts.map(({ alert }) => [alert]))('%s has a unit test of either kind', (alert) => {
    const cases = loadAlertTests()
      .tests.flatMap((test) => test.alert_rule_test)
      .filter(({ alertname }) => alertname === alert);
    expect(cases.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
    expect(cases.some(({ exp_alerts }) => exp_alerts.length === 0)).toBe(true);
  });

  it('are all there are in the runbook and in the unit tests', () => {
    const names = alerts.map(({ alert }) => alert);
    const reported = [...readRoot('docs/operations.md').matchAll(/^#+ (CalicoAdmission\w+)$/gm)].map(
      (match) => match[1] ?? '',
    );
    expect(reported).toEqual(names);
    const tested = loadAlertTests().tests.flatMap((test) => test.alert_rule_test);
    expect(tested.filter(({ alertname }) => !names.includes(alertname))).toEqual([]);
  });
});

describe('the ServiceMonitor', () => {
  it('finds the Service of the metrics, and no other', () => {
    const monitor: {
      spec: {
        selector: { matchLabels: Record<string, string> };
        endpoints: { port: string; path: string }[];
      };
    } = parse(readRoot('manifests/monitoring/service-monitor.yaml'));
    const services = ['service', 'service-metrics'].map(
      (
        name,
      ): {
        metadata: { name: string; labels: Record<string, string> };
        spec: { ports: { name: string }[] };
      } => parse(readRoot(`manifests/base/server/${name}.yaml`)),
    );
    const wanted = Object.entries(monitor.spec.selector.matchLabels);
    const found = services.filter(({ metadata }) =>
      wanted.every(([label, value]) => metadata.labels[label] === value),
    );
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['calico-admission-metrics']);
    const ports = found.flatMap(({ spec }) => spec.ports.map(({ name }) => name));
    expect(monitor.spec.endpoints.map(({ port }) => port)).toEqual(ports);
    expect(monitor.spec.endpoints.map(({ path }) => path)).toEqual(['/metrics']);
  });
});
