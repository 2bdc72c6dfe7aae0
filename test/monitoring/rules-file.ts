import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleGroups {
  readonly groups: readonly { readonly name: string; readonly rules: readonly AlertRule[] }[];
}

/** What Prometheus itself reads: the spec of the PrometheusRule. */
export function loadRuleGroups(): RuleGroups {
  const manifest: { readonly spec: RuleGroups } = parse(
    readFileSync(new URL('../../manifests/monitoring/prometheus-rules.yaml', import.meta.url), 'utf8'),
  );
  return manifest.spec;
}

export function listAlerts(): readonly AlertRule[] {
  return loadRuleGroups().groups.flatMap(({ rules }) => rules);
}

/** The unit tests of the alerts, as promtool reads them. */
export interface AlertTests {
  readonly tests: readonly {
    readonly name: string;
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly unknown[];
    }[];
  }[];
}

export const ALERT_TESTS = new URL('./alerts.yaml', import.meta.url);

export function loadAlertTests(): AlertTests {
  return parse(readFileSync(ALERT_TESTS, 'utf8'));
}
