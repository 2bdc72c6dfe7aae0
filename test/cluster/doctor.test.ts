import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ApiClient, ApiError, type ApiRequest } from '../../src/cluster/api.ts';
import { explainCallFault, readWebhookVerdict } from '../../src/cluster/doctor/call-fault.ts';
import { examine } from '../../src/cluster/doctor/examine.ts';
import type { Handshake } from '../../src/cluster/doctor/handshake.ts';
import { makeTrialObjects } from '../../src/cluster/doctor/trial-objects.ts';
import { renderWebhookConfigurations } from '../../src/cluster/webhook-configurations.ts';
import { read } from '../../src/policy/json.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { makeCertificates } from '../support/certificates.ts';
import { registry } from '../support/registry.ts';

const certificates = await makeCertificates();
const VALIDATE = 'validate.calico-admission.gardener.cloud';
const MUTATE = 'mutate.calico-admission.gardener.cloud';

/** What a cluster holds and answers; each test breaks something of it. */
interface Cluster {
  readonly configurations: readonly object[];
  readonly objects: Readonly<Record<string, unknown>>;
  /** Of a dry run. */
  answer(object: unknown): unknown;
}

function configurationsFor(change: (webhook: Record<string, unknown>) => object = (webhook) => webhook) {
  return renderWebhookConfigurations(registry, {
    endpoint: { kind: 'service', name: 'calico-admission', namespace: 'garden' },
    caBundle: certificates.ca,
    cluster: 'garden',
  }).map((each) => ({
    ...each,
    webhooks: each.webhooks?.map((webhook) => change({ ...webhook })),
  }));
}

const SERVICE = '/api/v1/namespaces/garden/services/calico-admission';
const SLICES = '/apis/discovery.k8s.io/v1/namespaces/garden/endpointslices';
const GROUP = '/apis/core.gardener.cloud/v1beta1';

function endpoints(...ready: readonly boolean[]): object {
  const list = ready.map((each) => ({ addresses: ['10.1.2.3'], conditions: { ready: each } }));
  return { items: [{ ports: [{ port: 8443 }], endpoints: list }] };
}

const isBad = (object: unknown) => read(object, 'spec', 'kubernetes', 'kubeProxy', 'enabled') === false;

function refuse(status: number, message: string): never {
  throw new ApiError('POST', '/', status, { answer: { message } });
}

const HEALTHY: Cluster = {
  configurations: configurationsFor(),
  objects: {
    [SERVICE]: { spec: { ports: [{ port: 443 }] } },
    [SLICES]: endpoints(true, true),
    [GROUP]: { resources: [{ name: 'shoots' }, { name: 'shoots/status' }] },
  },
  answer: (object) => {
    if (isBad(object)) refuse(422, `admission webhook "${VALIDATE}" denied the request: no`);
    const spec = read(object, 'spec');
    return { ...(object as object), spec: { ...(spec as object), corrected: true } };
  },
};

function clientOf(cluster: Cluster): Pick<ApiClient, 'request' | 'namespace'> {
  return {
    namespace: () => undefined,
    async request({ method, path, body }: ApiRequest) {
      const [name = ''] = path.split('?');
      if (method === 'POST') return cluster.answer(body);
      if (name.startsWith('/apis/admissionregistration')) {
        const items = cluster.configurations.filter((each) =>
          name.endsWith(`/${String(read(each, 'kind')).toLowerCase()}s`),
        );
        return { items };
      }
      const found = cluster.objects[name];
      if (found === undefined) throw new ApiError(method, path, 404);
      return found;
    },
  };
}

async function examineCluster(
  cluster: Partial<Cluster>,
  handshake: Handshake = { state: 'unreachable' },
  now = new Date(),
) {
  const links: string[] = [];
  const options = {
    api: clientOf({ ...HEALTHY, ...cluster }),
    registry,
    settings: DEFAULT_SETTINGS,
    namespace: undefined,
    makeHandshake: async () => handshake,
    now: () => now,
  };
  for await (const { webhook, state, text, cure } of examine(options)) {
    links.push(`${webhook === '' ? 'all' : webhook.split('.', 1)[0]} ${state}: ${text}`);
    expect(cure !== undefined, 'what is broken, and nothing else, has a cure').toBe(state === 'broken');
  }
  return links;
}

const brokenOf = (links: readonly string[]) => links.filter((each) => each.includes(' broken: '));

it('finds nothing wrong with what is right', async () => {
  const validTo = new Date('2027-01-02T00:00:00Z');
  expect(await examineCluster({}, { state: 'ok', validTo })).toEqual([
    'validate ok: ValidatingWebhookConfiguration calico-admission: shoots; failurePolicy Fail',
    'validate ok: the caBundle holds 1 authority',
    'validate ok: the Service garden/calico-admission has port 443',
    'validate ok: 2 of 2 endpoints ready',
    'validate ok: the certificate is valid for calico-admission.garden.svc with the caBundle until 2027-01-02',
    'validate ok: denies a bad Shoot',
    'validate ok: admits a good Shoot',
    'mutate ok: MutatingWebhookConfiguration calico-admission: shoots; failurePolicy Fail',
    'mutate ok: the caBundle holds 1 authority',
    'mutate ok: the Service garden/calico-admission has port 443',
    'mutate ok: 2 of 2 endpoints ready',
    'mutate ok: the certificate is valid for calico-admission.garden.svc with the caBundle until 2027-01-02',
    'mutate ok: corrects a Shoot',
  ]);
});

const failed = (webhook: string, why: string) => () =>
  refuse(
    500,
    `Internal error occurred: failed calling webhook "${webhook}": failed to call webhook: Post "https://calico-admission.garden.svc:443/validate?timeout=5s": ${why}`,
  );

describe('each way in which it can be broken', () => {
  it.each<[string, Partial<Cluster>, string]>([
    [
      'nothing is registered',
      { configurations: [] },
      'all broken: the cluster has no webhook configuration of calico-admission, so that the API server calls no webhook',
    ],
    [
      'no caBundle',
      {
        configurations: configurationsFor((webhook) => ({
          ...webhook,
          clientConfig: { ...(webhook['clientConfig'] as object), caBundle: '' },
        })),
      },
      'validate broken: the caBundle is empty, so that the API server cannot verify the certificate of this server',
    ],
    [
      'a caBundle of something else',
      {
        configurations: configurationsFor((webhook) => ({
          ...webhook,
          clientConfig: { ...(webhook['clientConfig'] as object), caBundle: 'eHg=' },
        })),
      },
      'validate broken: the caBundle has no certificate',
    ],
    [
      'no Service',
      { objects: { ...HEALTHY.objects, [SERVICE]: undefined } },
      'validate broken: there is no Service garden/calico-admission',
    ],
    [
      'another port',
      { objects: { ...HEALTHY.objects, [SERVICE]: { spec: { ports: [{ port: 8443 }] } } } },
      'validate broken: the Service garden/calico-admission has no port 443 (it has 8443)',
    ],
    [
      'no Pod',
      { objects: { ...HEALTHY.objects, [SLICES]: { items: [] } } },
      'validate broken: no Pod matches the Service',
    ],
    [
      'no Pod that is ready',
      { objects: { ...HEALTHY.objects, [SLICES]: endpoints(false) } },
      'validate broken: no Pod is ready (of 1 endpoint)',
    ],
    [
      'the API server does not reach it',
      { answer: failed(VALIDATE, 'dial tcp 10.1.2.3:8443: connect: connection refused') },
      'validate broken: nothing answers at the address (got "dial tcp 10.1.2.3:8443: connect: connection refused")',
    ],
    [
      'it is not asked, and nothing is reported',
      {
        configurations: configurationsFor((webhook) => ({ ...webhook, failurePolicy: 'Ignore' })),
        answer: (object) => object,
      },
      'validate broken: was not called for a bad Shoot, or did not answer, and failurePolicy Ignore admitted the object',
    ],
    [
      'it is not asked',
      { answer: (object) => object },
      'validate broken: was not called for a bad Shoot, or did not deny it',
    ],
    [
      'it denies everything',
      { answer: () => refuse(422, `admission webhook "${VALIDATE}" denied the request: no`) },
      'validate broken: denies a good Shoot',
    ],
  ])('%s', async (_name, cluster, expected) => {
    expect(brokenOf(await examineCluster(cluster))[0]).toBe(expected);
  });

  it('an authority that has ended', async () => {
    const links = await examineCluster({}, undefined, new Date('2200-01-01'));
    expect(brokenOf(links)[0]).toMatch(/^validate broken: all authorities of the caBundle have expired \(/);
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'the certificate is not valid now'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'the certificate is not signed by the caBundle'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'the certificate does not have the name that the API server uses'],
  ])('a certificate: %s', async (code, problem) => {
    const links = await examineCluster({}, { state: 'refused', code });
    expect(brokenOf(links)).toEqual([
      `validate broken: ${problem} (calico-admission.garden.svc: ${code})`,
      `mutate broken: ${problem} (calico-admission.garden.svc: ${code})`,
    ]);
  });

  it('and stops at the first of them', async () => {
    const links = await examineCluster({ objects: { ...HEALTHY.objects, [SERVICE]: undefined } });
    expect(links.filter((each) => each.startsWith('validate'))).toHaveLength(3);
  });
});

describe('what cannot be known', () => {
  it.each<[string, Partial<Cluster>, string]>([
    [
      'the API server itself rejects all examples',
      { answer: () => refuse(422, 'spec.cloudProfileName: Required value') },
      'validate unknown: whether it denies a bad Shoot is not known: the API server rejects every example itself (got "spec.cloudProfileName: Required value")',
    ],
    [
      'another webhook fails first',
      { answer: failed('else.example.com', 'EOF') },
      'validate unknown: another webhook fails before this one is called: "else.example.com"',
    ],
    [
      'the cluster has no such kind',
      { objects: { ...HEALTHY.objects, [GROUP]: undefined } },
      'validate unknown: the cluster has none of the kinds in the rules of the webhook',
    ],
  ])('%s', async (_name, cluster, expected) => {
    const links = await examineCluster(cluster);
    expect(links).toContain(expected);
    expect(brokenOf(links)).toEqual([]);
  });
});

describe('what is sent', () => {
  const policy = registry.find('core.gardener.cloud', 'Shoot');
  if (policy === undefined) throw new Error('no Shoot');
  const options = {
    policy,
    settings: DEFAULT_SETTINGS,
    pathProvider: undefined,
    apiVersion: 'core.gardener.cloud/v1beta1',
    namespace: 'garden-dev',
  };

  it('has our name, and is in the namespace', () => {
    const { good, bad, corrected } = makeTrialObjects({ ...options, sample: undefined });
    for (const list of [good, bad, corrected]) {
      expect(list.length).toBeGreaterThan(0);
      for (const { metadata } of list) expect(metadata).toEqual({ name: 'doctor', namespace: 'garden-dev' });
    }
  });

  it('begins with what the cluster has, and what makes it bad', () => {
    const sample = {
      metadata: { name: 'theirs', uid: '1' },
      spec: {
        region: 'here',
        kubernetes: { version: '1.34.0' },
        provider: { type: 'local', workers: [{ name: 'a' }] },
        networking: { type: 'calico', nodes: '10.250.0.0/16' },
      },
      status: { hibernated: true },
    };
    const { good, bad } = makeTrialObjects({ ...options, sample });
    expect(good[0]).toMatchObject({ metadata: { name: 'doctor' }, spec: { region: 'here' } });
    expect(good[0]).not.toHaveProperty('status');
    expect(bad[0]).toMatchObject({
      spec: { region: 'here', kubernetes: { version: '1.34.0', kubeProxy: { enabled: false } } },
    });
  });

  it('is to be had of every kind that webhook configurations name first', () => {
    const first = ['Shoot', 'Network', 'IPPool'];
    for (const { rules, mutations, target } of registry.policies) {
      if (target.registration === undefined || !first.includes(target.kind)) continue;
      const [api] = target.apis;
      const found = registry.find(api.group, target.kind);
      if (found === undefined) throw new Error(target.kind);
      const objects = makeTrialObjects({
        ...options,
        policy: found,
        apiVersion: `${api.group}/${api.versions[0]}`,
        pathProvider: target.providers?.includes('azure') ? 'azure' : undefined,
        namespace: target.scope === 'Namespaced' ? 'a' : undefined,
        sample: undefined,
      });
      expect(objects.good.length, target.kind).toBeGreaterThan(0);
      if (rules.some(({ action }) => action === 'deny'))
        expect(objects.bad.length, target.kind).toBeGreaterThan(0);
      if (mutations.length > 0) expect(objects.corrected.length, target.kind).toBeGreaterThan(0);
    }
  });
});

describe('the error of an API server about a call', () => {
  it.each([
    ['tls: failed to verify certificate: x509: certificate signed by unknown authority', /not signed/],
    [
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: ...',
      /not valid now/,
    ],
    ['x509: certificate is valid for localhost, not calico-admission.garden.svc', /does not have the name/],
    ['remote error: tls: certificate required', /client certificate/],
    ['service "calico-admission" not found', /does not exist/],
    ['no endpoints available for service "calico-admission"', /no Pod/],
    ['context deadline exceeded', /in time/],
    ['the server rejected our request for an unknown reason', /could not read the review \(HTTP 400\)/],
    ['the server could not find the requested resource', /404/],
    ['an error on the server ("{\\"error\\":\\"internal fault in a rule\\"}") has prevented', /HTTP 500/],
    ['the server has received too many requests and has asked us to try again later', /overloaded/],
    ['the server is currently unable to handle the request', /overloaded/],
    [
      'expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /, Kind=',
      /another program answers/,
    ],
    ['something new', /cannot call it/],
  ])('%s', (message, problem) => {
    expect(explainCallFault(message).problem).toMatch(problem);
  });

  it('is known wherever docs/troubleshooting.md has it', () => {
    const page = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');
    const [, table = ''] = /\| the message ends with \|.*\n\|---.*\n((?:\|.*\n)+)/.exec(page) ?? [];
    const messages = table
      .split('\n')
      .flatMap((row) => (row.split(' | ', 1)[0] ?? '').match(/(?<=`)[^`]+(?=`(?:,|$))/g) ?? []);
    expect(messages.length).toBeGreaterThan(15);
    const { problem: unknown } = explainCallFault('something new');
    expect(messages.filter((each) => explainCallFault(each).problem === unknown)).toEqual([]);
  });

  it('names the webhook that decided, and no other', () => {
    expect(readWebhookVerdict(`admission webhook "${MUTATE}" denied the request: x`)).toEqual({
      webhook: MUTATE,
      verdict: 'denied',
    });
    expect(readWebhookVerdict('failed calling webhook "a.b": x')).toEqual({
      webhook: 'a.b',
      verdict: 'failed',
    });
    expect(readWebhookVerdict('forbidden: webhook')).toBeUndefined();
  });
});
