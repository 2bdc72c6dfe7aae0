import { describe, expect, it } from 'vitest';
import { formatPath } from '../../src/policy/field-path.ts';
import { renderMessage } from '../../src/policy/message.ts';
import { shoot, validate } from '../support/evaluate.ts';
import { expectWarningFits } from '../support/message.ts';
import { registry } from '../support/registry.ts';
import { resource } from './calico/base.ts';
import { cluster } from './kops/base.ts';
import { calicoNode } from './kubeadm/documents.ts';
import { installation } from './tigera/base.ts';

// Patterns that are longer than what is looked at. Calico takes them, so they are never rejected.

const PLACES: readonly { readonly rule: string; readonly path: RegExp; place(pattern: string): object }[] = [
  {
    rule: 'shoot/autodetection-method',
    path: /\.ipv4\.autoDetectionMethod$/,
    place: (pattern) => shoot({ ipv4: { autoDetectionMethod: `interface=${pattern}` } }),
  },
  {
    rule: 'network/provider-config',
    path: /\.ipAutodetectionMethod$/,
    place: (pattern) => ({
      kind: 'Network',
      spec: { type: 'calico', providerConfig: { ipAutodetectionMethod: `skip-interface=${pattern}` } },
    }),
  },
  {
    rule: 'kops/autodetection-method',
    path: /\.ipv4AutoDetectionMethod$/,
    place: (pattern) => cluster('v1alpha2', { calico: { ipv4AutoDetectionMethod: `interface=${pattern}` } }),
  },
  {
    rule: 'kubeadm/autodetection-method',
    path: /\.value$/,
    place: (pattern) => calicoNode({ IP_AUTODETECTION_METHOD: `interface=${pattern}` }),
  },
  {
    rule: 'tigera/installation-autodetection',
    path: /\.interface$/,
    place: (pattern) => installation({ net: { nodeAddressAutodetectionV4: { interface: pattern } } }),
  },
  {
    rule: 'calico/felix-pattern',
    path: /\.mtuIfacePattern$/,
    place: (pattern) => resource('FelixConfiguration', { mtuIfacePattern: pattern }),
  },
  {
    rule: 'calico/kube-controllers-setting',
    path: /\.interfacePattern$/,
    place: (pattern) =>
      resource('KubeControllersConfiguration', {
        controllers: {
          node: { hostEndpoint: { templates: [{ generateName: 'a', interfacePattern: pattern }] } },
        },
      }),
  },
];

describe.each(PLACES)('$rule', ({ rule, path, place }) => {
  const found = (pattern: string) =>
    validate(registry, { object: place(pattern) }).findings.filter((each) => each.rule === rule);

  it.each([
    { name: 'a good one', pattern: 'eth0|'.repeat(200) },
    { name: 'one that does not compile', pattern: '('.repeat(1000) },
    { name: 'an enormous one', pattern: 'a|('.repeat(40_000) },
  ])('only warns of what is too long: $name', ({ pattern }) => {
    const findings = found(pattern);
    expect(findings.map((each) => `${each.action} ${formatPath(each.path)}`)).toEqual([
      expect.stringMatching(path),
    ]);
    for (const finding of findings) {
      expect(finding.action).toBe('warn');
      expect(renderMessage(finding)).toContain('so it is not checked');
      expectWarningFits(finding);
    }
  });

  it('has nothing against many names', () => {
    expect(found('eth0,'.repeat(200).slice(0, -1))).toEqual([]);
  });
});
