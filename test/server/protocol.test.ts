import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_DEPTH } from '../../src/policy/json.ts';
import { BODY_LIMIT } from '../../src/server/body.ts';
import { expectWellFormed, type ReviewRequest, toReview, UID } from '../support/review.ts';
import { type HttpRequest, send, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const KUBE_PROXY_OFF = { kind: 'Shoot', spec: { kubernetes: { kubeProxy: { enabled: false } } } };
const good = JSON.stringify(toReview({ object: { kind: 'Shoot', spec: {} } }));

function post(path: string, body: string | Buffer, headers: Record<string, string> = {}) {
  return send(server, { path, body, headers });
}

interface Rejected {
  readonly name: string;
  readonly request: HttpRequest;
  readonly status: number;
  readonly error: RegExp;
  readonly headers?: Record<string, string>;
}

describe('what is not a review', () => {
  const json = (value: unknown): HttpRequest => ({ path: '/validate', body: JSON.stringify(value) });
  const text = (body: string | Buffer): HttpRequest => ({ path: '/validate', body });
  const typed = (type: string): HttpRequest => ({
    path: '/validate',
    body: good,
    headers: { 'content-type': type },
  });
  const table: Rejected[] = [
    { name: 'nothing', request: text(''), status: 400, error: /body is empty/ },
    { name: 'not JSON', request: text('{'), status: 400, error: /not JSON/ },
    { name: 'YAML', request: text('kind: Shoot'), status: 400, error: /not JSON/ },
    { name: 'a byte order mark', request: text(`\ufeff${good}`), status: 400, error: /not JSON/ },
    { name: 'null', request: json(null), status: 400, error: /got null/ },
    { name: 'a list', request: json([]), status: 400, error: /got a list/ },
    { name: 'a string', request: json('x'), status: 400, error: /got "x"/ },
    { name: 'a map without request', request: json({}), status: 400, error: /request is missing/ },
    { name: 'request null', request: json({ request: null }), status: 400, error: /request is missing/ },
    {
      name: 'request a list',
      request: json({ request: [] }),
      status: 400,
      error: /must be a map \(got a list\)/,
    },
    { name: 'no uid', request: json({ request: {} }), status: 400, error: /request\.uid is missing/ },
    {
      name: 'an empty uid',
      request: json({ request: { uid: '' } }),
      status: 400,
      error: /request\.uid is missing/,
    },
    { name: 'uid a number', request: json({ request: { uid: 1 } }), status: 400, error: /must be a string/ },
    { name: 'a huge uid', request: json({ request: { uid: 'x'.repeat(1025) } }), status: 400, error: /1024/ },
    {
      name: 'a bare Shoot',
      request: json(KUBE_PROXY_OFF),
      status: 400,
      error: /kind must be AdmissionReview \(got "Shoot"\)/,
    },
    { name: 'kind a number', request: json({ kind: 5, request: { uid: 'x' } }), status: 400, error: /got 5/ },
    {
      name: 'v2',
      request: json({ apiVersion: 'admission.k8s.io/v2', request: { uid: 'x' } }),
      status: 400,
      error: /v1 or admission\.k8s\.io\/v1beta1/,
    },
    { name: 'nesting', request: text('['.repeat(MAX_DEPTH + 1)), status: 400, error: /nested too deeply/ },
    { name: 'a nesting bomb', request: text('['.repeat(1_500_000)), status: 400, error: /nested too deeply/ },
    {
      name: 'too large',
      request: text(Buffer.alloc(BODY_LIMIT + 1, 0x20)),
      status: 413,
      error: /too large/,
      headers: { connection: 'close' },
    },
    {
      name: 'a form',
      request: typed('application/x-www-form-urlencoded'),
      status: 415,
      error: /send the header Content-Type: application\/json/,
    },
    { name: 'text', request: typed('text/plain'), status: 415, error: /Content-Type: application\/json/ },
    { name: 'no content type', request: typed(''), status: 415, error: /Content-Type: application\/json/ },
    {
      name: 'latin 1',
      request: typed('application/json; charset=iso-8859-1'),
      status: 415,
      error: /Content-Type: application\/json/,
    },
    {
      name: 'a json dialect',
      request: typed('application/json-patch+json'),
      status: 415,
      error: /Content-Type: application\/json/,
    },
    {
      name: 'gzip',
      request: { ...text(good), headers: { 'content-encoding': 'gzip' } },
      status: 415,
      error: /without Content-Encoding/,
    },
    {
      name: 'GET',
      request: { method: 'GET', path: '/validate' },
      status: 405,
      error: /use POST/,
      headers: { allow: 'POST' },
    },
    {
      name: 'PUT',
      request: { method: 'PUT', path: '/mutate', body: good },
      status: 405,
      error: /use POST/,
      headers: { allow: 'POST' },
    },
    {
      name: 'DELETE',
      request: { method: 'DELETE', path: '/mutate/azure' },
      status: 405,
      error: /use POST/,
      headers: { allow: 'POST' },
    },
    {
      name: 'OPTIONS',
      request: { method: 'OPTIONS', path: '/validate' },
      status: 405,
      error: /use POST/,
      headers: { allow: 'POST' },
    },
    {
      name: 'POST to health',
      request: { path: '/readyz', body: good },
      status: 405,
      error: /use GET/,
      headers: { allow: 'GET' },
    },
    {
      name: 'the root',
      request: { method: 'GET', path: '/' },
      status: 404,
      error: /\/validate, \/mutate or \/mutate\/<provider>/,
    },
    {
      name: 'an unknown path',
      request: { path: '/validat', body: good },
      status: 404,
      error: /got "\/validat"/,
    },
    {
      name: 'a trailing slash',
      request: { path: '/validate/', body: good },
      status: 404,
      error: /no such path/,
    },
    { name: 'another case', request: { path: '/Validate', body: good }, status: 404, error: /no such path/ },
    {
      name: 'an empty provider',
      request: { path: '/mutate/', body: good },
      status: 404,
      error: /no such path/,
    },
    {
      name: 'a path too many',
      request: { path: '/mutate/azure/x', body: good },
      status: 404,
      error: /no such path/,
    },
    {
      name: 'metrics beside the reviews',
      request: { method: 'GET', path: '/metrics' },
      status: 404,
      error: /no such path/,
    },
    {
      name: 'a broken escape',
      request: { path: '/mutate/%zz', body: good },
      status: 400,
      error: /cannot be read/,
    },
  ];
  it.each(table)('$name: $status', async ({ request, status, error, headers }) => {
    const reply = await send(server, request);
    expect(reply.text).toMatch(/^\{"error":"[^\n]*"\}$/);
    expect(JSON.parse(reply.text).error).toMatch(error);
    expect(reply.status).toBe(status);
    expect(reply.headers).toMatchObject({
      'content-type': expect.stringContaining('application/json'),
      ...headers,
    });
    expect(Buffer.byteLength(reply.text)).toBeLessThan(400);
  });

  it('answers HEAD with 405', async () => {
    const reply = await send(server, { method: 'HEAD', path: '/validate' });
    expect(reply.status).toBe(405);
    expect(reply.headers['allow']).toBe('POST');
  });

  it('never quotes the body in an error', async () => {
    const reply = await post('/validate', '{"request": {"uid": "x", "object": canary-secret}}');
    expect(reply.status).toBe(400);
    expect(reply.text).not.toContain('canary');
  });

  it('leaves the unreadable in the log and the metrics, without its content', async () => {
    server.lines.length = 0;
    await post('/validate', '"canary-secret');
    expect(server.lines).toMatchObject([{ level: 'warn', msg: 'unreadable review', path: '/validate' }]);
    expect(JSON.stringify(server.lines)).not.toContain('canary');
    expect((await server.metrics.expose()).text).toMatch(
      /review_duration_seconds_count\{path="\/validate",operation="other",verdict="unreadable"\}/,
    );
  });
});

describe('a review is read generously', () => {
  const DENIED = { allowed: false };
  const ALLOWED = { allowed: true };
  const shootKind = { group: 'core.gardener.cloud', version: 'v1beta1', kind: 'Shoot' };
  const bare = { spec: KUBE_PROXY_OFF.spec };
  const azure = { kind: 'Shoot', spec: { provider: { type: 'azure' }, networking: { type: 'calico' } } };
  it.each([
    {
      name: 'only uid and object',
      body: { request: { uid: UID, object: KUBE_PROXY_OFF } },
      expected: DENIED,
    },
    { name: 'no type anywhere', body: { request: { uid: UID, object: bare } }, expected: DENIED },
    {
      name: 'the kind from the request',
      body: { request: { uid: UID, kind: shootKind, object: bare } },
      expected: DENIED,
    },
    {
      name: 'a kind without group',
      body: { request: { uid: UID, kind: { kind: 'Shoot' }, object: bare } },
      expected: DENIED,
    },
    {
      name: 'the resource instead of the kind',
      body: {
        request: { uid: UID, resource: { group: 'core.gardener.cloud', resource: 'shoots' }, object: bare },
      },
      expected: DENIED,
    },
    {
      name: 'another version',
      body: { request: { uid: UID, kind: { ...shootKind, version: 'v1' }, object: bare } },
      expected: DENIED,
    },
    {
      name: 'another group',
      body: { request: { uid: UID, kind: { ...shootKind, group: 'example.org' }, object: bare } },
      expected: ALLOWED,
    },
    {
      name: 'another resource',
      body: { request: { uid: UID, resource: { group: '', resource: 'pods' }, object: bare } },
      expected: ALLOWED,
    },
    {
      name: "the object's own group",
      body: { request: { uid: UID, object: { ...KUBE_PROXY_OFF, apiVersion: 'example.org/v1' } } },
      expected: ALLOWED,
    },
    {
      name: 'the kind of the request wins',
      body: {
        request: { uid: UID, kind: { group: '', version: 'v1', kind: 'Pod' }, object: KUBE_PROXY_OFF },
      },
      expected: ALLOWED,
    },
    {
      name: 'an unknown kind',
      body: { request: { uid: UID, kind: { group: 'apps', version: 'v1', kind: 'Deployment' }, object: {} } },
      expected: ALLOWED,
    },
    { name: 'nothing but a uid', body: { request: { uid: UID } }, expected: ALLOWED },
    {
      name: 'UPDATE without oldObject',
      body: toReview({ operation: 'UPDATE', object: KUBE_PROXY_OFF }),
      expected: DENIED,
    },
    {
      name: 'an operation in lower case',
      body: toReview({ operation: 'create', object: KUBE_PROXY_OFF }),
      expected: DENIED,
    },
    {
      name: 'no operation, same spec in oldObject',
      body: toReview({ object: KUBE_PROXY_OFF, oldObject: KUBE_PROXY_OFF }),
      expected: ALLOWED,
    },
    {
      name: 'no operation, only oldObject',
      body: toReview({ oldObject: KUBE_PROXY_OFF }),
      expected: ALLOWED,
    },
    {
      name: 'CREATE with an oldObject',
      body: toReview({ operation: 'CREATE', object: KUBE_PROXY_OFF, oldObject: KUBE_PROXY_OFF }),
      expected: DENIED,
    },
    {
      name: 'DELETE',
      body: toReview({ operation: 'DELETE', object: null, oldObject: KUBE_PROXY_OFF }),
      expected: ALLOWED,
    },
    { name: 'CONNECT', body: toReview({ operation: 'CONNECT', object: KUBE_PROXY_OFF }), expected: ALLOWED },
    {
      name: 'an unknown operation',
      body: toReview({ operation: 'FROB', object: KUBE_PROXY_OFF }),
      expected: ALLOWED,
    },
    {
      name: 'a subresource',
      body: toReview({ operation: 'UPDATE', subResource: 'status', object: KUBE_PROXY_OFF }),
      expected: ALLOWED,
    },
    {
      name: 'an empty subresource',
      body: toReview({ operation: 'CREATE', subResource: '', object: KUBE_PROXY_OFF }),
      expected: DENIED,
    },
    {
      name: 'dryRun',
      body: toReview({ operation: 'CREATE', dryRun: true, object: KUBE_PROXY_OFF }),
      expected: DENIED,
    },
    { name: 'a Shoot that is a list', body: toReview({ kind: shootKind, object: [] }), expected: DENIED },
    { name: 'a Shoot that is null', body: toReview({ kind: shootKind, object: null }), expected: DENIED },
    {
      name: 'a spec that is a string',
      body: toReview({ kind: shootKind, object: { spec: 'x' } }),
      expected: DENIED,
    },
    {
      name: 'a networking that is a list',
      body: toReview({ kind: shootKind, object: { spec: { networking: [] } } }),
      expected: DENIED,
    },
    {
      name: 'a spec that is null',
      body: toReview({ kind: shootKind, object: { spec: null } }),
      expected: ALLOWED,
    },
    {
      name: '__proto__ as a key',
      body: `{"request":{"uid":"${UID}","object":{"kind":"Shoot","metadata":{"annotations":{"__proto__":"x","constructor":{"prototype":1}}},"spec":{}}}}`,
      expected: ALLOWED,
    },
    {
      name: '__proto__ with a kubeProxy',
      body: `{"request":{"uid":"${UID}","object":{"kind":"Shoot","spec":{"__proto__":{"kubernetes":{"kubeProxy":{"enabled":false}}}}}}}`,
      expected: ALLOWED,
    },
  ])('$name', async ({ body, expected }) => {
    const reply = await post('/validate', typeof body === 'string' ? body : JSON.stringify(body));
    expect(reply.status).toBe(200);
    const answer = JSON.parse(reply.text);
    expectWellFormed(answer);
    expect(answer.response).toMatchObject(expected);
    expect(answer.response.patch).toBeUndefined();
  });

  it.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])('answers %s in kind', async (apiVersion) => {
    const body = { ...toReview({ object: azure }), apiVersion };
    const answer = JSON.parse((await post('/mutate', JSON.stringify(body))).text);
    expectWellFormed(answer);
    expect(answer.apiVersion).toBe(apiVersion);
    expect(answer.response.patchType).toBe('JSONPatch');
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'Application/JSON',
  ])('accepts the content type %s', async (type) => {
    expect((await post('/validate', good, { 'content-type': type })).status).toBe(200);
  });

  it('accepts a body in chunks, and a query', async () => {
    const reply = await post('/validate?timeout=10s&x=y', good, { 'transfer-encoding': 'chunked' });
    expect(reply.status).toBe(200);
  });

  it('accepts an update of 3 MiB and 3 MiB', async () => {
    const object = {
      kind: 'Shoot',
      metadata: { annotations: { big: 'x'.repeat(3 * 1024 * 1024) } },
      spec: {},
    };
    const reply = await post(
      '/validate',
      JSON.stringify(toReview({ operation: 'UPDATE', object, oldObject: object })),
    );
    expect(reply.status).toBe(200);
  });
});

describe('the denial', () => {
  it('is what kubectl prints well', async () => {
    const object = { ...KUBE_PROXY_OFF, metadata: { name: 'crazy-botany', namespace: 'garden-dev' } };
    const { response } = JSON.parse((await post('/validate', JSON.stringify(toReview({ object })))).text);
    expect(response.status).toEqual({
      code: 422,
      reason: 'Invalid',
      message: expect.stringMatching(
        /^spec\.kubernetes\.kubeProxy\.enabled: kube-proxy can only be off with .* \[shoot\/kube-proxy-off-needs-ebpf\]$/,
      ),
      details: {
        name: 'crazy-botany',
        group: 'core.gardener.cloud',
        kind: 'Shoot',
        causes: [
          {
            field: 'spec.kubernetes.kubeProxy.enabled',
            reason: 'FieldValueForbidden',
            message: expect.stringMatching(
              /^kube-proxy can only be off with .* \[shoot\/kube-proxy-off-needs-ebpf\]$/,
            ),
          },
        ],
      },
    });
    expect(response.auditAnnotations).toEqual({ 'rules-fired': 'shoot/kube-proxy-off-needs-ebpf' });
  });

  it('lists at most 100 causes, and says how many more there are', async () => {
    const providerConfig = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`x${index}`, 1]));
    const object = { kind: 'Shoot', spec: { networking: { type: 'calico', providerConfig } } };
    const answer = JSON.parse((await post('/validate', JSON.stringify(toReview({ object })))).text);
    expectWellFormed(answer);
    const { causes } = answer.response.status.details;
    expect(causes).toHaveLength(100);
    expect(causes.at(-1).message).toContain('and 151 more findings');
  });

  it('answers 7,000 unknown fields, and more of them without a look', async () => {
    const send = (count: number) => {
      const fields = Array.from({ length: count }, (_, index) => [`backend${index}`, 1]);
      const providerConfig = Object.fromEntries(fields);
      const object = { kind: 'Shoot', spec: { networking: { type: 'calico', providerConfig } } };
      return post('/validate', JSON.stringify(toReview({ object })));
    };
    const causes = JSON.parse((await send(7000)).text).response.status.details.causes;
    expect(causes).toHaveLength(100);
    const rejected = await send(200_000);
    expect(rejected.status).toBe(400);
    expect(JSON.parse(rejected.text).error).toMatch(
      /^spec\.networking\.providerConfig is too large \(got 3\d+ bytes\); at most 131072 bytes are read$/,
    );
  });
});

describe('the log', () => {
  it('has one line a review, and nothing of the object', async () => {
    server.lines.length = 0;
    const object = {
      kind: 'Shoot',
      metadata: {
        name: 'foo\n{"msg":"fake"}',
        namespace: 'garden-dev',
        annotations: { password: 'canary-1' },
      },
      spec: { networking: { type: 'calico', providerConfig: { secret: 'canary-2' } } },
    };
    const reply = await post('/validate', JSON.stringify(toReview({ operation: 'CREATE', object })));
    expect(server.lines).toHaveLength(1);
    expect(server.lines[0]).toMatchObject({
      level: 'info',
      msg: 'review',
      uid: UID,
      operation: 'CREATE',
      kind: 'Shoot',
      object: 'garden-dev/foo\\u000a{"msg":"fake"}',
      path: '/validate',
      verdict: 'denied',
      rules: ['shoot/unknown-field'],
      ms: expect.any(Number),
    });
    expect(JSON.stringify(server.lines) + reply.text).not.toContain('canary');
  });

  it('logs requests without a spec and without findings at debug only', async () => {
    const spec = { provider: { type: 'aws' }, networking: { type: 'calico' } };
    const shoot = { kind: 'Shoot', metadata: { name: 'a' }, spec };
    const touched = { ...shoot, metadata: { name: 'a', annotations: { b: 'c' } } };
    const network = (kind: string) => ({
      kind,
      spec: { type: 'calico', providerConfig: { backend: 'bird' } },
    });
    const kind = { group: 'extensions.gardener.cloud', version: 'v1alpha1', kind: 'Network' };
    const reviews: readonly (readonly [path: string, isLogged: boolean, request: ReviewRequest])[] = [
      ['/validate', true, { operation: 'CREATE', object: shoot }],
      ['/validate', false, { operation: 'UPDATE', object: touched, oldObject: shoot }],
      ['/mutate', false, { operation: 'UPDATE', object: touched, oldObject: shoot }],
      [
        '/validate',
        true,
        { operation: 'UPDATE', object: { ...shoot, spec: { ...spec, a: 1 } }, oldObject: shoot },
      ],
      ['/validate', true, { operation: 'UPDATE', object: shoot }],
      ['/validate', false, { operation: 'DELETE', object: null, oldObject: shoot }],
      ['/validate', false, { operation: 'CONNECT', object: { kind: 'PodExecOptions' } }],
      [
        '/mutate/azure',
        true,
        { operation: 'UPDATE', kind, object: network('Network'), oldObject: network('Network') },
      ],
      [
        '/mutate/aws',
        false,
        { operation: 'UPDATE', kind, object: network('Network'), oldObject: network('Network') },
      ],
    ];
    for (const level of ['info', 'debug']) {
      server.log.level = level;
      for (const [path, isLogged, request] of reviews) {
        server.lines.length = 0;
        await post(path, JSON.stringify(toReview(request)));
        const levels = server.lines.map((line) => line['level']);
        expect(levels, `${level} ${path} ${JSON.stringify(request)}`).toEqual(
          isLogged ? ['info'] : level === 'debug' ? ['debug'] : [],
        );
      }
    }
    server.log.level = 'info';
  });

  it('cuts what is long', async () => {
    server.lines.length = 0;
    const object = { kind: 'Shoot', metadata: { name: 'x'.repeat(100_000) }, spec: {} };
    await post('/validate', JSON.stringify(toReview({ object, operation: 'y'.repeat(100_000) })));
    expect(JSON.stringify(server.lines).length).toBeLessThan(2_000);
  });
});

describe('the metrics', () => {
  it('count reviews, findings and patches', async () => {
    const azure = { kind: 'Shoot', spec: { provider: { type: 'azure' }, networking: { type: 'calico' } } };
    await post('/validate', JSON.stringify(toReview({ operation: 'CREATE', object: KUBE_PROXY_OFF })));
    await post('/mutate/azure', JSON.stringify(toReview({ operation: 'CREATE', object: azure })));
    await post('/mutate/nowhere', good);
    const { text } = await server.metrics.expose();
    expect(text).toMatch(
      /calico_admission_review_duration_seconds_count\{path="\/validate",operation="CREATE",verdict="denied"\} \d/,
    );
    expect(text).toMatch(
      /calico_admission_review_duration_seconds_count\{path="\/mutate\/azure",operation="CREATE",verdict="patched"\} \d/,
    );
    expect(text).toMatch(
      /calico_admission_review_duration_seconds_count\{path="\/mutate\/other",operation="CREATE",verdict="allowed"\} \d/,
    );
    expect(text).toMatch(
      /calico_admission_findings_total\{rule="shoot\/kube-proxy-off-needs-ebpf",action="deny"\} \d/,
    );
    expect(text).toMatch(/calico_admission_patches_total\{mutation="azure-backend"\} \d/);
    expect(text).toContain('calico_admission_build_info{version="test",networking_calico="test"} 1');
    expect(text).toContain('calico_admission_requests_in_flight 0');
  });
});

describe('health on the HTTPS port', () => {
  it('answers', async () => {
    expect((await send(server, { method: 'GET', path: '/healthz' })).text).toBe('{"status":"ok"}');
    expect((await send(server, { method: 'GET', path: '/readyz' })).text).toBe('{"status":"ready"}');
  });
});
