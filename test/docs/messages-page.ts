import { readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import type { Outcome } from '../../src/policy/evaluate.ts';
import { formatPath } from '../../src/policy/field-path.ts';
import { renderMessage } from '../../src/policy/message.ts';
import { listMutations, listRules, type Registry } from '../../src/policy/registry.ts';
import type { RuleFinding } from '../../src/policy/types.ts';
import { evaluateDocuments } from '../support/bundle.ts';
import { type EvaluationCase, mutate, shoot, validate } from '../support/evaluate.ts';
import { withVersions } from '../support/versions.ts';

// Every message that there is, as far as objects can be thought of: a page for people to read them one after the other.
const CASES: readonly { readonly object: object; readonly old?: object; readonly provider: string }[] =
  JSON.parse(readFileSync(new URL('../cases/gardener.json', import.meta.url), 'utf8'));

const KUBE_PROXY_OFF = { kubernetes: { kubeProxy: { enabled: false } } };
const BEFORE_918 = withVersions({ networkingCalico: '1.58' });

/** What the cases and the examples do not bring up. */
const MORE: readonly EvaluationCase[] = [
  { object: shoot({ backend: 'None' }) },
  { object: shoot({ backend: '' }) },
  { object: shoot({ overlay: true, ipam: [], typha: 'on', wireguardEncryption: 'true', vethMTU: 1440.5 }) },
  { object: shoot({ createPodRoutes: true, spec: 1, ipAutoDetectionMethod: 'first-found' }) },
  { object: shoot({ vethMTU: '-1' }) },
  { object: shoot({ vethMTU: '1440 bytes' }) },
  { object: shoot({ vethMTU: '9223372036854775808' }) },
  { object: shoot({ vethMTU: '' }) },
  { object: shoot({ vethMTU: '68' }) },
  { object: shoot({ vethMTU: '12000' }) },
  { object: shoot({ autoScaling: { mode: 'VPA', resources: { node: { cpu: '100MB', gpu: '1' } } } }) },
  { object: shoot({ ipv4: { autoDetectionMethod: 'cidr=10.0.0.1/8' } }) },
  { object: shoot({ ipv4: { autoDetectionMethod: 'can-reach=Example.com' } }) },
  { object: shoot({ ipv4: { autoDetectionMethod: 'interface=(?!eth).*' } }) },
  { object: shoot({ ipv4: { autoDetectionMethod: 'firstfound' } }) },
  { object: shoot({ ipv4: { autoDetectionMethod: 'interface' } }) },
  { object: shoot({ ipam: { type: 'hostlocal', cidr: '10.0.0.1/8' } }) },
  { object: shoot({}, {}, { ipFamilies: ['ipv4'] }) },
  { object: shoot({}, {}, { ipFamilies: ['IPv4', 'IPv4'] }) },
  { object: shoot({}, {}, { pods: '10.0.0.0', ipFamilies: 'IPv4' }) },
  { object: shoot({ typha: { enabled: false } }, { provider: { workers: [{ maximum: 60 }] } }) },
  { object: shoot({ typha: { enabled: false } }, { provider: { workers: [{ maximum: 200 }] } }) },
  { object: { kind: 'Shoot', spec: 'x' } },
  { object: { kind: 'Network', spec: { type: 'calico', podCIDR: 'x', providerConfig: { backend: 'x' } } } },
  { object: { kind: 'Network', spec: { type: 'calico', providerConfig: 'x' } }, pathProvider: 'azure' },
  { object: { kind: 'Network', spec: { type: 'calico' } } },
  { object: shoot({}, KUBE_PROXY_OFF), settings: BEFORE_918 },
  { object: shoot({ ebpfDataplane: { enabled: true } }) },
  { object: shoot({ ebpfDataplane: { enabled: true } }), settings: BEFORE_918 },
  { object: { kind: 'Installation', spec: { fipsMode: 'Enabled' } } },
  { object: { kind: 'Installation', spec: { fipsMode: 'Enabled', variant: 'TigeraSecureEnterprise' } } },
];

/** Documents that are evaluated together. */
const BUNDLES: readonly { readonly object: object | readonly object[]; readonly old?: object }[] = JSON.parse(
  readFileSync(new URL('../cases/calico-everywhere.json', import.meta.url), 'utf8'),
);

function examples(registry: Registry): EvaluationCase[] {
  const rules = registry.policies.flatMap((policy) => policy.rules);
  return [...rules, ...listMutations(registry)].map(({ docs }) => ({
    object: parse(docs.bad, { uniqueKeys: false }),
    ...(docs.old !== undefined && { old: parse(docs.old) }),
    duplicates: [['overlay', 'enabled']],
  }));
}

function collectBundled(registry: Registry): RuleFinding[] {
  const examples = registry.bundleRules.map(({ docs }) =>
    parseAllDocuments(docs.bad).map((document) => document.toJS()),
  );
  return [
    ...examples.flatMap((objects) => evaluateDocuments(registry, objects)),
    ...BUNDLES.flatMap(({ object, old }) => evaluateDocuments(registry, [object].flat(), { old: [old] })),
  ];
}

/** Each message of each rule, and one of the paths that it is reported for. */
export function collectMessages(registry: Registry): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const cases: EvaluationCase[] = [
    ...examples(registry),
    ...CASES.map((each) => ({ ...each, pathProvider: each.provider })),
    ...MORE,
  ];
  // What has a key twice is not corrected.
  const outcomes: Outcome[] = cases.flatMap((each) => [
    validate(registry, each),
    mutate(registry, { ...each, duplicates: [] }),
  ]);
  const found = new Map<string, Map<string, string>>();
  const findings = [...outcomes.flatMap((outcome) => outcome.findings), ...collectBundled(registry)];
  for (const finding of findings) {
    const { rule, path } = finding;
    const message = renderMessage(finding);
    const ofRule = found.get(rule) ?? new Map<string, string>();
    if (!ofRule.has(message)) ofRule.set(message, formatPath(path));
    found.set(rule, ofRule);
  }
  return found;
}

/** docs/messages.md */
export function renderMessagesPage(registry: Registry): string {
  const found = collectMessages(registry);
  const sections = [...listRules(registry), ...listMutations(registry)].flatMap(({ id }) => {
    const rows = [...(found.get(id) ?? [])].map(([message, path]) => `- \`${path}\`: ${message}`);
    return rows.length > 0 ? [`## ${id}\n\n${rows.sort().join('\n')}`] : [];
  });
  return `# Messages\n\nWhat the rules say, collected by \`npm run docs\` over all cases and examples. Each reads \`<what is wrong> (got <value>); <how to fix it>\`, without a value where nothing is written; an answer adds the rule's id in brackets.\n\n${sections.join('\n\n')}\n`;
}
