import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { readList, readMap, readString } from '../../../src/policy/json.ts';
import { renderMessage } from '../../../src/policy/message.ts';
import { validate } from '../../support/evaluate.ts';
import { expectMessage, expectWarningFits } from '../../support/message.ts';
import { registry } from '../../support/registry.ts';
import { testRule } from '../../support/rule-tester.ts';
import { loadSchema } from '../../support/schemas.ts';
import { calico, resource } from './base.ts';

testRule('calico/misspelt-field', 'warn', calico('FelixConfiguration'), {
  valid: [
    {
      name: 'fields of Calico Enterprise',
      spec: {
        captureDir: '/var/log',
        dnsLogsFlushInterval: '10s',
        egressIPSupport: 'Disabled',
        flowLogsFileEnabled: true,
        ipsecMode: 'PSK',
        l7LogsFlushInterval: '10s',
        prometheusReporterEnabled: true,
        prometheusReporterPort: 9081,
        windowsNetworkName: 'calico',
      },
    },
  ],
  invalid: [
    {
      name: 'a letter that is missing',
      spec: { bpfEnable: true },
      found: [
        {
          path: 'spec.bpfEnable',
          says: 'this unknown field is dropped (got "bpfEnable"); write bpfEnabled',
        },
      ],
    },
    {
      name: 'another case',
      spec: { bpfenabled: true, VxlanMTU: 1450 },
      found: ['spec.bpfenabled', 'spec.VxlanMTU'],
    },
    { name: 'separators', spec: { 'wireguard-enabled': true }, found: ['spec.wireguard-enabled'] },
    {
      name: 'a longer word for a short one',
      spec: { bpfDataInterfacePattern: 'eth.*' },
      found: [{ path: 'spec.bpfDataInterfacePattern', says: 'write bpfDataIfacePattern' }],
    },
    {
      name: 'within a map',
      spec: { bpfConntrackTimeouts: { tcpEstablish: '1h' } },
      found: ['spec.bpfConntrackTimeouts.tcpEstablish'],
    },
    {
      name: 'within a list',
      spec: { failsafeInboundHostPorts: [{ port: 22, proto: 'TCP', protcol: 'TCP' }] },
      found: [{ path: 'spec.failsafeInboundHostPorts[0].protcol', says: 'write protocol' }],
    },
  ],
});

testRule('calico/misspelt-field', 'warn', calico('IPPool'), {
  valid: [
    { name: 'another word', spec: { cidr: '10.0.0.0/8', gateway: '10.0.0.1' } },
    { name: 'of Calico Enterprise', spec: { cidr: '10.0.0.0/8', awsSubnetID: 'subnet-01234567' } },
  ],
  invalid: [
    {
      name: 'as kOps writes it',
      spec: { cidr: '10.0.0.0/8', IPIPMode: 'Always' },
      found: [{ path: 'spec.IPIPMode', says: 'write ipipMode' }],
    },
    { name: 'CIDR', spec: { cidr: '10.0.0.0/8', CIDR: '10.0.0.0/8' }, found: ['spec.CIDR'] },
  ],
});

testRule('calico/unknown-field', 'audit', calico('IPPool'), {
  valid: [{ name: 'a name that is nearly one', spec: { cidr: '10.0.0.0/8', blocksize: 26 } }],
  invalid: [
    { name: 'another word', spec: { cidr: '10.0.0.0/8', gateway: '10.0.0.1' }, found: ['spec.gateway'] },
    {
      name: 'a very long one',
      spec: { cidr: '10.0.0.0/8', ['x'.repeat(100)]: 1 },
      found: [`spec.${'x'.repeat(100)}`],
    },
  ],
});

describe('a field beside spec', () => {
  const evaluate = (object: object) =>
    validate(registry, { object }).findings.map(
      (each) => `${each.action} ${formatPath(each.path)} [${each.rule}] ${renderMessage(each)}`,
    );

  it('is led home', () => {
    expect(evaluate({ ...resource('FelixConfiguration', {}), bpfEnabled: true })).toEqual([
      'warn bpfEnabled [calico/misspelt-field] unknown field (got "bpfEnabled"); it belongs in spec',
    ]);
  });

  it('is not the status that Calico writes', () => {
    const status = { conditions: [{ type: 'Allocatable', status: 'True' }] };
    expect(evaluate({ ...resource('IPPool', { cidr: '10.0.0.0/8' }), status })).toEqual([]);
  });
});

describe('calico/api-version', () => {
  const all = {
    IPPool: { cidr: '10.0.0.0/8' },
    FelixConfiguration: {},
    GlobalNetworkPolicy: {},
    BGPPeer: { peerIP: '192.0.2.1', asNumber: 64512 },
  };
  it.each(Object.entries(all).map(([kind, spec]) => ({ kind: kind as keyof typeof all, spec })))(
    'names the versions that a $kind has',
    ({ kind, spec }) => {
      const object = { ...resource(kind, spec), apiVersion: 'crd.projectcalico.org/v3' };
      const found = validate(registry, { object }).findings.filter(
        ({ rule }) => rule === 'calico/api-version',
      );
      expect(found.map((each) => `${each.action} ${formatPath(each.path)} ${renderMessage(each)}`)).toEqual([
        'warn apiVersion no release serves this kind in this version (got "crd.projectcalico.org/v3"); write projectcalico.org/v3 or crd.projectcalico.org/v1',
      ]);
    },
  );

  it.each(['projectcalico.org/v3', 'crd.projectcalico.org/v1', undefined])(
    'reports nothing about %s',
    (apiVersion) => {
      const object = { ...resource('IPPool', { cidr: '10.0.0.0/8' }), apiVersion };
      const { findings } = validate(registry, { object });
      expect(findings.map(({ rule }) => rule)).not.toContain('calico/api-version');
    },
  );
});

describe('calico/storage-group', () => {
  it.each([
    { apiVersion: 'crd.projectcalico.org/v1', wanted: ['audit apiVersion'] },
    { apiVersion: 'projectcalico.org/v3', wanted: [] },
    { apiVersion: undefined, wanted: [] },
  ])('$apiVersion', ({ apiVersion, wanted }) => {
    const object = { ...resource('IPPool', { cidr: '10.0.0.0/8' }), apiVersion };
    const { findings } = validate(registry, { object });
    expect(findings.map(({ action, path }) => `${action} ${formatPath(path)}`)).toEqual(wanted);
  });
});

describe('an update', () => {
  const before = resource('IPPool', { cidr: '10.244.7.0/16', blockSize: 19 });

  it('is not rejected for what was wrong before', () => {
    const object = resource('IPPool', { cidr: '10.244.7.0/16', blockSize: 19, disabled: true });
    const { findings } = validate(registry, { object, old: before });
    expect(findings.map(({ action, path }) => `${action} ${formatPath(path)}`)).toEqual([
      'warn spec.cidr',
      'warn spec.blockSize',
    ]);
  });

  it('is rejected for what becomes wrong', () => {
    const object = resource('IPPool', { cidr: '10.244.7.0/16', blockSize: 18 });
    const { findings } = validate(registry, { object, old: before });
    expect(findings.filter(({ action }) => action === 'deny').map(({ rule }) => rule)).toEqual([
      'calico/ippool-block-size',
      'calico/ippool-immutable',
    ]);
  });

  it.each([
    ['of labels', { ...before, metadata: { name: 'default', labels: { a: 'b' } } }],
    [
      'of an object that is being deleted',
      { ...before, metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' }, spec: {} },
    ],
  ])('%s is not evaluated', (_name, object) => {
    expect(validate(registry, { object, old: before }).findings).toEqual([]);
  });
});

describe('a slip of the finger in a word', () => {
  /** Each field with a few words, and each of its words with a letter too many. */
  function* slips(
    schema: unknown,
    path: readonly string[],
  ): Generator<{ path: readonly string[]; word: string; action: string }> {
    for (const [name, property] of Object.entries(readMap(schema, 'properties') ?? {})) {
      // What only a release to come rejects is a warning.
      const action = readString(property, 'x-calico', 'enum') === undefined ? 'deny' : 'warn';
      for (const word of readList(property, 'enum')) {
        if (typeof word === 'string') yield { path: [...path, name], word: `${word}x`, action };
      }
      yield* slips(property, [...path, name]);
    }
  }

  it.each([
    ['IPPool', 'ippool'],
    ['FelixConfiguration', 'felix-configuration'],
    ['BGPConfiguration', 'bgp-configuration'],
    ['KubeControllersConfiguration', 'kube-controllers-configuration'],
  ] as const)('in a %s is rejected, with the words that there are', (kind, name) => {
    const spec = readMap(loadSchema(name), 'properties', 'spec');
    const all = [...slips(spec, [])];
    expect(all.length).toBeGreaterThan(3);
    for (const { path, word, action } of all) {
      const written = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), word);
      const { findings } = validate(registry, { object: resource(kind, written) });
      const found = findings.filter((each) => formatPath(each.path) === `spec.${path.join('.')}`);
      expect(
        found.map((each) => each.action),
        `${path.join('.')}: ${word}`,
      ).toEqual([action]);
      for (const finding of found) expectMessage(finding);
    }
  });

  it('in the name of any field is reported', () => {
    for (const [kind, name] of [
      ['FelixConfiguration', 'felix-configuration'],
      ['BGPConfiguration', 'bgp-configuration'],
    ] as const) {
      const fields = Object.keys(readMap(loadSchema(name), 'properties', 'spec', 'properties') ?? {});
      for (const field of fields) {
        const { findings } = validate(registry, { object: resource(kind, { [`${field}q`]: null }) });
        const [found] = findings;
        expect(found?.rule, field).toBe('calico/misspelt-field');
        if (found) expectWarningFits(found);
      }
    }
  });
});
