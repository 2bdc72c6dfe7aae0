import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { read, readMap } from '../../../src/policy/json.ts';
import { CASES, type Case, expectAnswer } from '../../cases/case.ts';
import { type ApiAnswer, openCluster } from '../cluster/access.ts';
import type { Served } from '../process.ts';
import { completeShoot, type Fields, SHOOTS, toFields } from './objects.ts';
import { registerOurs, removeOurs } from './webhook.ts';

// Every case about a Shoot, with what Gardener asks for besides, as Gardener and both our webhooks together see it.
// If the answer differs from that of the one webhook alone, this file says why.

const garden = inject('garden');
const cluster = openCluster(garden.cluster);

const WORKERLESS = /this field should not be set for workerless Shoot clusters/;
const NO_TYPE = /spec\.networking\.type: Required value: networking type must be provided/;
const NOT_IPV6 = /spec\.networking\.nodes: Invalid value: "10\.250\.0\.0": must be a valid IPv6 address/;

/** Gardener's own validation is quicker than ours; these we see in files only. */
const REJECTED_BY_GARDENER: Readonly<Record<string, RegExp>> = {
  'net-pods-foo': /spec\.networking\.pods: Invalid value: "foo": invalid CIDR address/,
  'net-fam-foo': /spec\.networking\.ipFamilies\[0\]: Unsupported value: "foo"/,
  'net-fam-three': /spec\.networking\.ipFamilies\[2\]: Unsupported value: "baz"/,
  'net-fam-v6': NOT_IPV6,
  'net-multi-cidr-errors': /spec\.networking\.services: Invalid value: "z": invalid CIDR address/,
  'net-pods-noncanonical':
    /spec\.networking\.pods: Invalid value: "10\.0\.0\.5\/23": must be valid canonical CIDR/,
  'net-pods-leading-zero': /spec\.networking\.pods: Invalid value: "010\.0\.0\.0\/23": invalid CIDR address/,
  'net-pods-empty-string': /spec\.networking\.pods: Invalid value: "": invalid CIDR address/,
  'stage1-hides-stage2': /spec\.networking\.pods: Invalid value: "foo": invalid CIDR address/,
  'pred-other-type': /given Shoot uses non-registered networking type/,
  'pred-type-nil': NO_TYPE,
  'own-type-missing-but-calico-config': NO_TYPE,
  'own-typeless-config-without-group': NO_TYPE,
  'vpa-workerless': WORKERLESS,
  'mut-aws-workerless': WORKERLESS,
  'mut-gcp-workerless': WORKERLESS,
  'mut-alicloud-workerless': WORKERLESS,
  'mut-azure-cilium-workerless': WORKERLESS,
  'az-cilium-overlay':
    /spec\.networking\.nodes: Invalid value: "1\.2\.3\.4\/5": must be valid canonical CIDR/,
  'os-v6-single': NOT_IPV6,
  'warn-ipv4-block-on-ipv6': NOT_IPV6,
  'warn-ipv6-pool-ipip': NOT_IPV6,
  'own-aws-no-overlay-old-kubernetes': /spec\.kubernetes\.version: Unsupported value: "1\.21\.14"/,
};

/** A mutation corrects the mistake of the case before the validation; what becomes of providerConfig. */
const PUT_RIGHT: Readonly<Record<string, object>> = {
  // By Gardener's plugin ShootVPAEnabledByDefault.
  'vpa-off-absent': { autoScaling: { mode: 'vpa' } },
  'vpa-off-null': { autoScaling: { mode: 'vpa' } },
  // By our mutations.
  'dec-mtu-number': { vethMTU: '1440' },
  'gcp-dual-overlay-implicit': { overlay: { enabled: false } },
  'aws-v6-overlay-implicit': { overlay: { enabled: false } },
  'warn-azure-bird-unmutated': { backend: 'none' },
  // Gardener takes away the deletionTimestamp that a client wrote, so that it is a new Shoot like any other.
  'mut-gcp-deleting': { overlay: { enabled: false } },
};

/** What our mutating webhook does not change, our validating one rejects. */
const REJECTED_LATER: Readonly<Record<string, readonly string[]>> = {
  'mut-aws-create-keeps-fields': ['spec.networking.providerConfig.foo'],
  'mut-alicloud-create-keeps-fields': ['spec.networking.providerConfig.foo'],
  'mut-openstack-create-keeps-fields': ['spec.networking.providerConfig.foo'],
  'mut-aws-array-config': ['spec.networking.providerConfig'],
  'own-mtu-negative-number-left': ['spec.networking.providerConfig.vethMTU'],
};

// The landscape's switch of OpenStack's default is the server's configuration; test/cases goes through it.
const shoots = CASES.filter(
  (each) => each.kind !== 'network-mutate' && each.flags?.enableOverlayAsDefaultForCalico !== false,
);
/** Gardener takes no long names. */
const names = new Map(shoots.map((each, index) => [each.id, `case-${index}`]));

function nameOf({ id }: Case): string {
  return names.get(id) ?? '';
}

/** What is sent of a new Shoot. */
function bodyOf(each: Case): string {
  const whole = completeShoot(nameOf(each), { spec: read(each.object, 'spec') });
  const raw = each.rawProviderConfig;
  if (raw === undefined) return JSON.stringify({ ...whole, status: read(each.object, 'status') });
  const networking = { ...toFields(whole.spec['networking']), providerConfig: '@' };
  return JSON.stringify({ ...whole, spec: { ...whole.spec, networking } }).replace('"@"', () => raw);
}

/** What is stored, with what the case has of the network, of Kubernetes and of the provider, as in an editor. */
function edit(each: Case, stored: { readonly spec: Fields }): object {
  const { networking, kubernetes, provider } = completeShoot(nameOf(each), {
    spec: read(each.object, 'spec'),
  }).spec;
  return {
    ...stored,
    spec: {
      ...stored.spec,
      networking: {
        ...toFields(stored.spec['networking']),
        providerConfig: undefined,
        ...toFields(networking),
      },
      kubernetes: { ...toFields(stored.spec['kubernetes']), ...toFields(kubernetes) },
      provider,
    },
  };
}

async function storeOld(each: Case): Promise<void> {
  const whole = completeShoot(nameOf(each), { spec: read(each.old, 'spec') });
  // Only the scheduler may change the seed.
  const { seedName } = completeShoot(nameOf(each), { spec: read(each.object, 'spec') }).spec;
  const body = { ...whole, spec: { ...whole.spec, seedName } };
  const stored = await cluster.api('POST', SHOOTS, { body });
  expect(stored.status, `${each.id}: ${JSON.stringify(stored.body)}`).toBe(201);
  const status = readMap(each.object, 'status');
  if (status === undefined) return;
  const stays = read(status, 'seedName') === read(each.object, 'spec', 'seedName');
  const renamed = { ...stored.body, status: { ...status, seedName: stays ? seedName : 'aws' } };
  const path = `${SHOOTS}/${nameOf(each)}/status`;
  const written = await cluster.api('PUT', path, { body: renamed });
  expect(written.status, `${each.id}: ${JSON.stringify(written.body)}`).toBe(200);
}

async function send(each: Case): Promise<ApiAnswer> {
  if (each.old === undefined) return cluster.api('POST', `${SHOOTS}?dryRun=All`, { body: bodyOf(each) });
  const path = `${SHOOTS}/${nameOf(each)}`;
  const { body } = await cluster.api('GET', path);
  return cluster.api('PUT', `${path}?dryRun=All`, { body: edit(each, body) });
}

function causesOf({ status, body }: ApiAnswer): readonly { field: string; message: string }[] {
  if (status < 300) return [];
  expect(body).toMatchObject({ code: 422, reason: 'Invalid' });
  return body.details.causes;
}

let served: Served | undefined;
beforeAll(async () => {
  for (const each of shoots) if (each.old !== undefined) await storeOld(each);
  served = await registerOurs(cluster);
});
afterAll(() => removeOurs(cluster, served));

function find(id: string): Case {
  const found = shoots.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no case ${id}`);
  return found;
}

describe('cases that Gardener itself rejects', () => {
  it.each(Object.entries(REJECTED_BY_GARDENER))('%s', async (id, message) => {
    const { status, body } = await send(find(id));
    expect([403, 422]).toContain(status);
    expect(body.message).toMatch(message);
    expect(body.message).not.toMatch(/ \[shoot\//);
  });
});

describe('cases that are corrected before the validation', () => {
  it.each(Object.entries(PUT_RIGHT))('%s', async (id, providerConfig) => {
    const { status, body } = await send(find(id));
    expect(status, body.message).toBe(201);
    expect(body.spec.networking.providerConfig).toMatchObject(providerConfig);
  });
});

describe('cases that /mutate does not change and /validate rejects', () => {
  it.each(Object.entries(REJECTED_LATER))('%s', async (id, fields) => {
    expect(causesOf(await send(find(id))).map(({ field }) => field)).toEqual(fields);
  });
});

describe('all other cases, as when the one webhook is asked directly', () => {
  const tables = { ...REJECTED_BY_GARDENER, ...PUT_RIGHT, ...REJECTED_LATER };
  const others = shoots.filter(({ id }) => !(id in tables));
  it.each(others.map((each) => [each.id, each] as const))('%s', async (_id, each) => {
    const answer = await send(each);
    const allowed = answer.status < 300;
    const { warnings, body } = answer;
    expectAnswer(each, { allowed, causes: causesOf(answer), warnings, ...(allowed && { after: body }) });
  });
});
