import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { issueAuthority, issueServing } from '../../../src/tls/issue.ts';
import { openCluster } from '../cluster/access.ts';
import { goodShoot, shootsPath } from './objects.ts';
import { apply, createNamespace, installKinds, unregister, waitUntil } from './registration.ts';
import { renderService } from './service.ts';
import { answerTo, type Call, type Reply, startWebhook, type Webhook } from './webhook.ts';

// What kube-apiserver and kubectl make of answers, most of which are never ours: what we rely on when we answer as we
// do, and the proof that a fault of ours would not go unnoticed by the other tests here.

interface Row {
  readonly name: string;
  readonly policy?: 'Fail' | 'Ignore';
  /** @param count of calls about the same object, from 1 */
  answer(call: Call, count: number): Reply;
  /** Exactly what kubectl prints, or part of it. */
  readonly stderr: string | RegExp;
  readonly calls?: number;
  /** How the key of an annotation in the audit log begins, and its value. */
  readonly audit?: readonly [string, string];
}

const HOOK = 'mutate.test.gardener.cloud';
// Followed by the place of the webhook among all that there are.
const FAILED_OPEN = ['failed-open.mutation.webhook.admission.k8s.io/round_0_index_', HOOK] as const;
const DENIED = `admission webhook "${HOOK}" denied the request`;
const FAILED = `Error from server (InternalError): error when creating "STDIN": Internal error occurred: failed calling webhook "${HOOK}": failed to call webhook`;
const causes = [
  { field: 'spec.one', message: 'is wrong' },
  { field: 'spec.two', message: 'is wrong too' },
];
const details = { name: 'object', group: 'core.gardener.cloud', kind: 'Shoot', causes };
const denied = (status: object) => (call: Call) => ({ body: answerTo(call, { allowed: false, status }) });
const patched = (operations: object[]) => (call: Call) => ({
  body: answerTo(call, {
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
  }),
});
const times = (count: number, reply: Reply) => (call: Call, nth: number) =>
  nth <= count ? reply : { body: answerTo(call, {}) };
const again = (status: number, seconds: number): Reply => ({
  status,
  headers: { 'retry-after': String(seconds), connection: 'close' },
});

const ROWS: readonly Row[] = [
  {
    name: '422 Invalid without details keeps the lines of the message',
    answer: denied({ code: 422, reason: 'Invalid', message: 'one\ntwo' }),
    stderr: `The request is invalid: error when creating "STDIN": ${DENIED}: one\ntwo\n`,
  },
  {
    name: '403 Forbidden shows no causes',
    answer: denied({ code: 403, reason: 'Forbidden', message: 'no', details }),
    stderr: `Error from server (Forbidden): error when creating "STDIN": ${DENIED}: no\n`,
  },
  {
    name: 'a message alone has no reason',
    answer: denied({ message: 'no' }),
    stderr: `Error from server: error when creating "STDIN": ${DENIED}: no\n`,
  },
  { name: '503 with Retry-After is asked again', answer: times(1, again(503, 1)), stderr: '', calls: 2 },
  { name: '429 with Retry-After 0 is asked again', answer: times(3, again(429, 0)), stderr: '', calls: 4 },
  {
    name: 'a bare 503 with Fail is an error, and its body is not shown',
    answer: () => ({ status: 503, body: { error: 'away' } }),
    stderr: `${FAILED}: the server is currently unable to handle the request\n`,
    calls: 1,
  },
  {
    name: 'of a 500 the body is not shown if it is just JSON',
    answer: () => ({ status: 500, body: { error: 'fault' } }),
    stderr: `${FAILED}: an error on the server ("unknown") has prevented the request from succeeding\n`,
    calls: 1,
  },
  {
    name: 'of a 500 the body is shown if it is text',
    answer: () => ({ status: 500, headers: { 'content-type': 'text/plain' }, body: 'fault' }),
    stderr: `${FAILED}: an error on the server ("fault") has prevented the request from succeeding\n`,
    calls: 1,
  },
  {
    name: 'of a 500 the message is shown if the body is a Status',
    answer: () => ({
      status: 500,
      body: { apiVersion: 'v1', kind: 'Status', status: 'Failure', code: 500, message: 'fault' },
    }),
    stderr: `${FAILED}: fault\n`,
    calls: 1,
  },
  {
    name: 'a bare 503 with Ignore is passed',
    policy: 'Ignore',
    answer: () => ({ status: 503 }),
    stderr: '',
    calls: 1,
    audit: FAILED_OPEN,
  },
  {
    name: 'a connection that ends with Ignore is passed',
    policy: 'Ignore',
    answer: () => ({ hangUp: true }),
    stderr: '',
    audit: FAILED_OPEN,
  },
  {
    name: 'a patch that does not apply is an error',
    answer: patched([{ op: 'remove', path: '/spec/nowhere' }]),
    stderr: /InternalError.*error in remove for path: '\/spec\/nowhere': Unable to remove nonexistent key/,
  },
  {
    name: 'a patch that does not apply is an error even with Ignore',
    policy: 'Ignore',
    answer: patched([{ op: 'remove', path: '/spec/nowhere' }]),
    stderr: /InternalError.*error in remove for path: '\/spec\/nowhere': Unable to remove nonexistent key/,
  },
  {
    name: 'a uid that is not echoed is an error',
    answer: (call) => ({ body: answerTo(call, { uid: 'another' }) }),
    stderr:
      /InternalError.*received invalid webhook response: expected response.uid="[0-9a-f-]{36}", got "another"/,
  },
  {
    name: 'a uid that is not echoed with Ignore is passed',
    policy: 'Ignore',
    answer: (call) => ({ body: answerTo(call, { uid: 'another' }) }),
    stderr: '',
    audit: FAILED_OPEN,
  },
  {
    name: 'a long warning comes whole, while all of them are not too long',
    answer: (call) => ({ body: answerTo(call, { warnings: ['w'.repeat(300), 'second'] }) }),
    stderr: `Warning: ${'w'.repeat(300)}\nWarning: second\n`,
  },
  {
    name: 'of too many warnings each is cut, and the last ones are lost',
    answer: (call) => ({
      body: answerTo(call, {
        warnings: Array.from({ length: 20 }, (_, index) => `${index} ${'w'.repeat(300)}`),
      }),
    }),
    stderr: /^(Warning: \d+ w{200,256}\n){14,19}$/,
  },
  {
    name: 'annotations are in the audit log under the name of the webhook',
    answer: (call) => ({ body: answerTo(call, { auditAnnotations: { 'rules-fired': 'some' } }) }),
    stderr: '',
    audit: [`${HOOK}/rules-fired`, 'some'],
  },
];

const cluster = openCluster(inject('cluster'));
const SERVICE = { name: 'webhook', namespace: 'protocol' };
const slug = (row: Row): string => `row-${ROWS.indexOf(row)}`;
let webhook: Webhook;
/** Offers HTTP/2 as well. */
let modern: Webhook;
let authority: string;

function answer(call: Call): Reply {
  const row = ROWS.find((each) => call.path.startsWith(`/${slug(each)}?`));
  // Whether the registration is seen yet.
  if (row === undefined || call.review.request.name === 'probe') return { body: answerTo(call, {}) };
  const { name } = call.review.request;
  const count = webhook.calls.filter((each) => each.path === call.path && each.review.request.name === name);
  return row.answer(call, count.length);
}

function registration(label: string, clientConfig: object, failurePolicy = 'Fail'): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: label },
    webhooks: [
      {
        name: HOOK,
        admissionReviewVersions: ['v1'],
        clientConfig: { caBundle: Buffer.from(authority).toString('base64'), ...clientConfig },
        failurePolicy,
        sideEffects: 'None',
        timeoutSeconds: 5,
        namespaceSelector: { matchLabels: { asks: label } },
        rules: [
          {
            apiGroups: ['core.gardener.cloud'],
            apiVersions: ['v1beta1'],
            resources: ['shoots'],
            operations: ['CREATE'],
          },
        ],
      },
    ],
  };
}

beforeAll(async () => {
  const now = (): Date => new Date();
  const made = await issueAuthority({ now });
  const sans = ['127.0.0.1', `${SERVICE.name}.${SERVICE.namespace}.svc`];
  const { cert, key } = await issueServing({ authority: made, sans, now });
  authority = made.cert;
  const certificates = { ca: authority, cert, key };
  webhook = await startWebhook(certificates, answer);
  modern = await startWebhook(certificates, (call) => ({ body: answerTo(call, {}) }), {
    host: '0.0.0.0',
    http2: true,
  });
  await installKinds(cluster);
  for (const row of ROWS) await createNamespace(cluster, slug(row), { asks: slug(row) });
  await createNamespace(cluster, SERVICE.namespace, { asks: 'service' });
  await createNamespace(cluster, 'loopback', { asks: 'loopback' });
  const service = { service: { ...SERVICE, path: '/service', port: 443 } };
  await apply(cluster, [
    ...ROWS.map((row) => registration(slug(row), { url: `${webhook.url}/${slug(row)}` }, row.policy)),
    ...renderService(cluster, SERVICE, [modern.port]),
    registration('service', service),
    registration('loopback', { url: `https://127.0.0.1:${modern.port}/loopback` }),
  ]);
  const namespaces = [...ROWS.map(slug), SERVICE.namespace, 'loopback'];
  await waitUntil('every path is asked', async () => {
    await Promise.all(
      namespaces.map((namespace) =>
        cluster.api('POST', `${shootsPath(namespace)}?dryRun=All`, { body: goodShoot(namespace, 'probe') }),
      ),
    );
    const paths = [...webhook.calls, ...modern.calls].map((call) => call.path);
    return new Set(paths).size === namespaces.length;
  });
});
afterAll(async () => {
  await unregister(cluster);
  webhook.close();
  modern.close();
});

describe('an answer', () => {
  it.each(ROWS.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    const namespace = slug(row);
    const input = JSON.stringify(goodShoot(namespace, 'object'));
    const { code, stderr } = await cluster.kubectl(['create', '-f', '-'], { input });
    if (typeof row.stderr === 'string') expect(stderr).toBe(row.stderr);
    else expect(stderr).toMatch(row.stderr);
    const allowed = stderr === '' || stderr.startsWith('Warning: ');
    expect(code).toBe(allowed ? 0 : 1);
    const asked = webhook.calls.filter(
      (call) => call.path.startsWith(`/${namespace}?`) && call.review.request.name === 'object',
    );
    expect(asked).toHaveLength(row.calls ?? 1);
    if (row.audit === undefined) return;
    const events = cluster.audit().filter((event) => event.objectRef?.namespace === namespace);
    const event = events.find(({ objectRef, verb }) => objectRef?.name === 'object' && verb === 'create');
    const [prefix, value] = row.audit;
    const found = Object.entries(event?.annotations ?? {}).filter(([key]) => key.startsWith(prefix));
    expect(found.map(([, each]) => each)).toEqual([value]);
  });
});

describe('a call', () => {
  async function callsOf(namespace: string): Promise<readonly Call[]> {
    const names = ['one', 'two', 'three'];
    for (const name of names) {
      await cluster.api('POST', shootsPath(namespace), { body: goodShoot(namespace, name) });
    }
    const path = namespace === SERVICE.namespace ? '/service?' : '/loopback?';
    return modern.calls.filter(
      ({ path: called, review }) => called.startsWith(path) && names.includes(review.request.name ?? ''),
    );
  }

  it('to a Service is HTTP/1.1 although HTTP/2 is on offer, and verifies the name of the Service', async () => {
    const calls = await callsOf(SERVICE.namespace);
    expect(calls).toHaveLength(3);
    for (const call of calls) {
      expect(call).toMatchObject({
        path: '/service?timeout=5s',
        httpVersion: '1.1',
        serverName: 'webhook.protocol.svc',
        headers: {
          'user-agent': 'kube-apiserver-admission',
          accept: 'application/json, */*',
          'content-type': 'application/json',
          'content-length': expect.stringMatching(/^\d+$/),
        },
      });
    }
    expect(new Set(calls.map((call) => call.remotePort)).size, 'connections').toBe(1);
  });

  it('to a loopback address is HTTP/2 where that is on offer, so we do not offer it', async () => {
    const calls = await callsOf('loopback');
    expect(calls.map((call) => call.httpVersion)).toEqual(['2.0', '2.0', '2.0']);
  });
});
