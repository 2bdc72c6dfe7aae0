import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createReviewReader, type ReadReview, type Review } from '../../src/admission/read.ts';
import { MAX_CONFIG_BYTES, MAX_VALUES } from '../../src/admission/select-text.ts';
import { UnreadableReviewError } from '../../src/admission/unreadable.ts';
import { MAX_DEPTH, read } from '../../src/policy/json.ts';
import { registry } from '../support/registry.ts';
import { toReview, UID } from '../support/review.ts';

// Made for each test: what a mistake in making it breaks is then seen by one.
let readReview: ReadReview;
beforeEach(() => {
  readReview = createReviewReader(registry);
});

function readJson(value: unknown): Review {
  return readReview(Buffer.from(JSON.stringify(value)));
}

function readRequest(request: object): Review {
  return readJson(toReview({ ...request }));
}

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

function withConfig(which: 'object' | 'oldObject', bytes: number): string {
  const providerConfig = `"${'x'.repeat(bytes - 2)}"`;
  return `{"request":{"uid":"u","${which}":{"spec":{"networking":{"providerConfig":${providerConfig}}}}}}`;
}

/** So many in all. Commas and brackets in texts are none. */
function withValues(count: number): string {
  const list = Array(count - 3).fill('"[,{,"');
  return `{"request":{"uid":"u","object":[${list.join(',')}]}}`;
}

describe('what is as large as it may be', () => {
  it.each([
    { name: 'a configuration', text: withConfig('object', MAX_CONFIG_BYTES) },
    { name: 'any number of values', text: withValues(MAX_VALUES) },
    // Otherwise a user could not make it smaller.
    { name: 'an old configuration of any size', text: withConfig('oldObject', 2 * MAX_CONFIG_BYTES) },
  ])('$name is read', ({ text }) => {
    expect(readReview(Buffer.from(text)).uid).toBe('u');
  });
});

it('of an old configuration that is too large nothing is read', () => {
  const fields = Array.from({ length: 20_000 }, () => '"backend":"bird"').join(',');
  const spec = `{"networking":{"type":"calico","providerConfig":{${fields}}}}`;
  const text = `{"request":{"uid":"u","operation":"UPDATE","oldObject":{"spec":${spec}}}}`;
  const review = readReview(Buffer.from(text));
  expect(review.oldObject).toBeNull();
  expect(review.isOldUnread).toBe(true);
  expect(review.duplicates('old', ['spec', 'networking', 'providerConfig'])).toEqual([]);
});

describe('an update with the same spec', () => {
  const KIND = { group: 'core.gardener.cloud', version: 'v1beta1', kind: 'Shoot' };
  const object = { metadata: { name: 'n' }, spec: { networking: { type: 'calico' } } };
  const other = { spec: { networking: { type: 'cilium' } } };
  const network = { group: 'extensions.gardener.cloud', version: 'v1alpha1', kind: 'Network' };

  it('of a Shoot passes unread', () => {
    const review = readRequest({ kind: KIND, operation: 'UPDATE', object, oldObject: object });
    expect(review).toMatchObject({
      ...{ hasSameSpec: true, isPassedUnread: true, isOldUnread: false },
      object: { metadata: { name: 'n' }, spec: null },
    });
  });

  it.each([
    {
      name: 'a Network',
      request: { kind: network, operation: 'UPDATE', object, oldObject: object },
      same: true,
    },
    {
      name: 'an unknown kind',
      request: { kind: { kind: 'Pod' }, operation: 'UPDATE', object, oldObject: object },
      same: true,
    },
    {
      name: 'a new object',
      request: { kind: KIND, operation: 'CREATE', object, oldObject: object },
      same: true,
    },
    {
      name: 'a changed one',
      request: { kind: KIND, operation: 'UPDATE', object, oldObject: other },
      same: false,
    },
    { name: 'one without an old one', request: { kind: KIND, operation: 'UPDATE', object }, same: false },
  ])('of $name is read', ({ request, same }) => {
    const review = readRequest(request);
    expect(review).toMatchObject({ hasSameSpec: same, isPassedUnread: false, isOldUnread: false });
    expect(review.object).toEqual(object);
  });
});

describe('what cannot be the beginning of JSON', () => {
  const twice = '{"request":{},"request":{}}';
  it.each(['x', 'T', 'X', '}', ']', ',', ':', '.', "'", 'N', '+', '\u{feff}', '\u00a0', '\v'])(
    'is reported before anything else: %j',
    (begin) => {
      expect(() => readReview(Buffer.from(`${begin}${twice}`))).toThrow(
        expect.objectContaining({ reason: 'not-json' }),
      );
    },
  );

  it.each([' ', '\n', '\r', '\t', ' \n\r\t '])('is no blank: %j', (begin) => {
    expect(() => readReview(Buffer.from(`${begin}${twice}`))).toThrow(
      expect.objectContaining({ reason: 'repeated-key' }),
    );
  });

  it.each(['-1', '7', '0', 't', 'f', 'n', '"a"', '[]'])('is none of these: %s', (begin) => {
    const deep = `${begin}${'['.repeat(MAX_DEPTH + 1)}`;
    expect(() => readReview(Buffer.from(deep))).toThrow(expect.objectContaining({ reason: 'too-deep' }));
  });

  it('is a body of blanks alone', () => {
    expect(() => readReview(Buffer.from(' \n'))).toThrow(expect.objectContaining({ reason: 'not-json' }));
  });
});

describe('the reason for the log', () => {
  const uid = 'u';
  it.each([
    { text: '', reason: 'empty' },
    { text: '{', reason: 'not-json' },
    { text: nested(MAX_DEPTH + 1), reason: 'too-deep' },
    { text: withConfig('object', MAX_CONFIG_BYTES + 1), reason: 'too-large' },
    { text: withValues(MAX_VALUES + 1), reason: 'too-many-values' },
    { text: '[]', reason: 'not-a-review' },
    { text: '{"kind":"Shoot"}', reason: 'not-a-review' },
    { text: '{"apiVersion":"v1"}', reason: 'not-a-review' },
    { text: '{}', reason: 'no-request' },
    { text: '{"request":[]}', reason: 'no-request' },
    { text: '{"request":{}}', reason: 'no-uid' },
    { text: '{"request":{"uid":1}}', reason: 'no-uid' },
  ])('$reason', ({ text, reason }) => {
    expect(() => readReview(Buffer.from(text))).toThrow(expect.objectContaining({ reason }));
    expect(readJson({ request: { uid } }).uid).toBe(uid);
  });
});

describe('what cannot be answered', () => {
  const wrapped = (body: object) => JSON.stringify({ ...toReview({}), ...body });
  it.each([
    { name: 'no bytes', text: '', message: 'the body is empty; send an AdmissionReview as JSON' },
    {
      name: 'no JSON',
      text: '{"password":"secret"',
      message: 'the body is not JSON; send an AdmissionReview as JSON in UTF-8',
    },
    {
      name: 'a text',
      text: '"hello"',
      message: 'not an AdmissionReview (got "hello"); send a JSON object',
    },
    { name: 'null', text: 'null', message: 'not an AdmissionReview (got null); send a JSON object' },
    { name: 'a list', text: '[{}]', message: 'not an AdmissionReview (got a list); send a JSON object' },
    {
      name: 'too deep a body',
      text: nested(MAX_DEPTH + 1),
      message: 'the body is nested too deeply; at most 256 levels are read',
    },
    {
      name: 'too deep a body that is no JSON',
      text: '['.repeat(100_000),
      message: 'the body is nested too deeply; at most 256 levels are read',
    },
    {
      name: 'another kind',
      text: wrapped({ kind: 'Shoot' }),
      message: 'kind must be AdmissionReview (got "Shoot"); wrap the object in one',
    },
    {
      name: 'a kind that is no text',
      text: wrapped({ kind: ['AdmissionReview'] }),
      message: 'kind must be AdmissionReview (got a list); wrap the object in one',
    },
    {
      name: 'another version',
      text: wrapped({ apiVersion: 'admission.k8s.io/v2' }),
      message:
        'apiVersion must be admission.k8s.io/v1 or admission.k8s.io/v1beta1 (got "admission.k8s.io/v2")',
    },
    {
      name: 'a version that is no text',
      text: wrapped({ apiVersion: 1 }),
      message: 'apiVersion must be admission.k8s.io/v1 or admission.k8s.io/v1beta1 (got 1)',
    },
    {
      name: 'no request',
      text: '{}',
      message: 'request is missing; an AdmissionReview has request.uid and request.object',
    },
    {
      name: 'a request that is null',
      text: '{"request":null}',
      message: 'request is missing; an AdmissionReview has request.uid and request.object',
    },
    {
      name: 'a request that is a list',
      text: '{"request":[]}',
      message: 'request must be a map (got a list); an AdmissionReview has request.uid and request.object',
    },
    {
      name: 'a request that is inherited',
      text: '{"__proto__":{"request":{"uid":"x"}}}',
      message: 'request is missing; an AdmissionReview has request.uid and request.object',
    },
    {
      name: 'no uid',
      text: '{"request":{}}',
      message: 'request.uid is missing; the answer must carry it back',
    },
    {
      name: 'a uid that is null',
      text: '{"request":{"uid":null}}',
      message: 'request.uid is missing; the answer must carry it back',
    },
    {
      name: 'an empty uid',
      text: '{"request":{"uid":""}}',
      message: 'request.uid is missing; the answer must carry it back',
    },
    {
      name: 'a uid that is no text',
      text: '{"request":{"uid":5}}',
      message: 'request.uid must be a string of at most 1024 characters',
    },
    {
      name: 'a uid without end',
      text: JSON.stringify({ request: { uid: 'x'.repeat(1025) } }),
      message: 'request.uid must be a string of at most 1024 characters',
    },
  ])('$name', ({ text, message }) => {
    const attempt = () => readReview(Buffer.from(text));
    expect(attempt).toThrow(UnreadableReviewError);
    expect(attempt).toThrow(expect.objectContaining({ name: 'UnreadableReviewError', message }));
  });
});

describe('what is just right', () => {
  it('nested as deeply as is read', () => {
    const text = `{"request":{"uid":"x","object":${nested(MAX_DEPTH - 2)}}}`;
    expect(readReview(Buffer.from(text)).uid).toBe('x');
  });

  it('a long uid', () => {
    const uid = 'x'.repeat(1024);
    expect(readJson({ request: { uid } }).uid).toBe(uid);
  });

  it.each([
    { name: 'v1', type: { apiVersion: 'admission.k8s.io/v1' }, expected: 'admission.k8s.io/v1' },
    {
      name: 'v1beta1',
      type: { apiVersion: 'admission.k8s.io/v1beta1' },
      expected: 'admission.k8s.io/v1beta1',
    },
    { name: 'no version', type: {}, expected: 'admission.k8s.io/v1' },
    { name: 'null', type: { apiVersion: null, kind: null }, expected: 'admission.k8s.io/v1' },
    { name: 'only a kind', type: { kind: 'AdmissionReview' }, expected: 'admission.k8s.io/v1' },
  ])('$name', ({ type, expected }) => {
    expect(readJson({ ...type, request: { uid: UID } }).apiVersion).toBe(expected);
  });
});

describe('a whole review', () => {
  it('is read as it came', () => {
    const object = { metadata: { name: 'own', namespace: 'own' }, spec: {} };
    expect(
      readRequest({
        operation: 'UPDATE',
        kind: { group: 'core.gardener.cloud', version: 'v1beta1', kind: 'Shoot' },
        resource: { group: 'core.gardener.cloud', version: 'v1beta1', resource: 'shoots' },
        subResource: 'status',
        namespace: 'garden-dev',
        name: 'foo',
        object,
        oldObject: { spec: null },
      }),
    ).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      uid: UID,
      operation: 'UPDATE',
      group: 'core.gardener.cloud',
      kind: 'Shoot',
      resource: 'shoots',
      subResource: 'status',
      namespace: 'garden-dev',
      name: 'foo',
      object,
      oldObject: { spec: null },
      isPassedUnread: false,
      hasSameSpec: false,
      isOldUnread: false,
      duplicates: expect.any(Function),
    });
  });
});

describe('a sparse review', () => {
  it('is read up to its end', () => {
    expect(readJson({ request: { uid: UID } })).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      uid: UID,
      operation: 'CREATE',
      group: undefined,
      kind: undefined,
      resource: undefined,
      subResource: undefined,
      namespace: '',
      name: '',
      object: undefined,
      oldObject: undefined,
      isPassedUnread: false,
      hasSameSpec: false,
      isOldUnread: false,
      duplicates: expect.any(Function),
    });
  });

  it.each([
    { name: 'written', request: { operation: 'CONNECT' }, expected: 'CONNECT' },
    { name: 'in small letters', request: { operation: 'update' }, expected: 'UPDATE' },
    {
      name: 'written, though there is no object',
      request: { operation: 'CREATE', oldObject: {} },
      expected: 'CREATE',
    },
    { name: 'empty', request: { operation: '', object: {} }, expected: 'CREATE' },
    { name: 'no text', request: { operation: 1, object: {} }, expected: 'CREATE' },
    { name: 'missing', request: { object: {} }, expected: 'CREATE' },
    { name: 'missing, the old object null', request: { object: {}, oldObject: null }, expected: 'CREATE' },
    { name: 'missing with both objects', request: { object: {}, oldObject: {} }, expected: 'UPDATE' },
    { name: 'missing with the old object only', request: { oldObject: {} }, expected: 'DELETE' },
    { name: 'missing, the object null', request: { object: null, oldObject: {} }, expected: 'DELETE' },
  ])('has an operation: $name', ({ request, expected }) => {
    expect(readRequest(request).operation).toBe(expected);
  });

  const metadata = { name: 'own', namespace: 'own-space' };
  it.each([
    {
      name: "the request's",
      request: { name: 'a', namespace: 'b', object: { metadata } },
      expected: ['a', 'b'],
    },
    { name: "the object's", request: { object: { metadata } }, expected: ['own', 'own-space'] },
    {
      name: "the object's where the request's are empty",
      request: { name: '', namespace: '', object: { metadata } },
      expected: ['own', 'own-space'],
    },
    {
      name: "the old object's",
      request: { object: null, oldObject: { metadata } },
      expected: ['own', 'own-space'],
    },
    { name: 'none', request: { object: { metadata: { generateName: 'x-' } } }, expected: ['', ''] },
    { name: 'no texts', request: { object: { metadata: { name: 1, namespace: [] } } }, expected: ['', ''] },
    { name: 'metadata that is no map', request: { object: { metadata: 'x' } }, expected: ['', ''] },
  ])('has a name and a namespace: $name', ({ request, expected }) => {
    const review = readRequest(request);
    expect([review.name, review.namespace]).toEqual(expected);
  });

  const own = { apiVersion: 'core.gardener.cloud/v1beta1', kind: 'Shoot' };
  const pod = { group: '', version: 'v1', kind: 'Pod' };
  const SHOOT = ['core.gardener.cloud', 'Shoot'];
  const NOTHING = [undefined, undefined];
  it.each([
    {
      name: "the request's kind before all",
      request: { kind: pod, object: own },
      expected: [undefined, 'Pod'],
    },
    {
      name: "the request's kind before its resource",
      request: { kind: { group: 'a', kind: 'B' }, resource: { group: 'c', resource: 'ds' } },
      expected: ['a', 'B'],
    },
    { name: 'a kind without group', request: { kind: { kind: 'Shoot' } }, expected: [undefined, 'Shoot'] },
    { name: "the object's own", request: { object: own }, expected: SHOOT },
    {
      name: "the object's own, the request's empty",
      request: { kind: { kind: '' }, object: own },
      expected: SHOOT,
    },
    { name: "the old object's own", request: { oldObject: own }, expected: SHOOT },
    {
      name: "the request's resource before the object's own",
      request: { resource: { group: 'a', version: 'v1', resource: 'bs' }, object: own },
      expected: ['a', undefined],
    },
    {
      name: 'the core group',
      request: { object: { apiVersion: 'v1', kind: 'Pod' } },
      expected: [undefined, 'Pod'],
    },
    { name: 'no version', request: { object: { kind: 'Shoot' } }, expected: [undefined, 'Shoot'] },
    {
      name: 'a version that is no text',
      request: { object: { apiVersion: 5, kind: 'Shoot' } },
      expected: [undefined, 'Shoot'],
    },
    {
      name: 'an empty group',
      request: { object: { apiVersion: '/v1', kind: 'Shoot' } },
      expected: [undefined, 'Shoot'],
    },
    { name: 'only a version', request: { object: { apiVersion: 'a/v1' } }, expected: NOTHING },
    {
      name: 'what has kubernetes',
      request: { object: { spec: { kubernetes: {} } } },
      expected: [undefined, 'Shoot'],
    },
    {
      name: 'what has networking',
      request: { object: { spec: { networking: {} } } },
      expected: [undefined, 'Shoot'],
    },
    { name: 'what has neither', request: { object: { spec: { kubernetes: 'x' } } }, expected: NOTHING },
    { name: 'what has no spec', request: { object: { networking: {}, spec: [] } }, expected: NOTHING },
    { name: 'no object', request: {}, expected: NOTHING },
  ])('has a type: $name', ({ request, expected }) => {
    const review = readRequest(request);
    expect([review.group, review.kind]).toEqual(expected);
  });

  it.each([
    { request: { resource: { resource: 'shoots' } }, expected: 'shoots' },
    { request: { resource: { resource: '' } }, expected: undefined },
    { request: { resource: 'shoots' }, expected: undefined },
  ])('has a resource: $expected', ({ request, expected }) => {
    expect(readRequest(request).resource).toBe(expected);
  });

  it('has no subresource where it is empty', () => {
    expect(readRequest({ subResource: '' }).subResource).toBeUndefined();
  });
});

describe('a key written twice on the way to what rules read', () => {
  const object =
    '{"kind":"Shoot","spec":{"provider":{"type":"gcp","workers":[{}]},"networking":{"type":"calico"}}}';
  const twice = (text: string, part: string) => text.replace(part, `${part},${part}`);
  const body = (text: string, which = 'object') =>
    `{"kind":"AdmissionReview","request":{"uid":"x","${which}":${text}}}`;

  it.each([
    { path: 'kind', text: twice(body(object), '"kind":"AdmissionReview"') },
    { path: 'request', text: `{"request":{"uid":"x"},"request":{"uid":"y"}}` },
    { path: 'request.uid', text: twice(body(object), '"uid":"x"') },
    { path: 'request.object', text: '{"request":{"uid":"x","object":{},"object":{}}}' },
    { path: 'request.oldObject', text: '{"request":{"uid":"x","oldObject":{},"oldObject":null}}' },
    { path: 'request.operation', text: '{"request":{"operation":"CREATE","operation":"DELETE","uid":"x"}}' },
    { path: 'request.kind.kind', text: '{"request":{"kind":{"kind":"Shoot","kind":"Pod"},"uid":"x"}}' },
    { path: 'request.object.kind', text: body(twice(object, '"kind":"Shoot"')) },
    { path: 'request.object.metadata', text: body('{"metadata":{"name":"a"},"metadata":{}}') },
    {
      path: 'request.object.metadata.deletionTimestamp',
      text: body('{"metadata":{"deletionTimestamp":"x","deletionTimestamp":null}}'),
    },
    {
      path: 'request.object.metadata.managedFields',
      text: body('{"metadata":{"managedFields":[1],"managedFields":[2]}}'),
    },
    { path: 'request.object.spec', text: body('{"spec":{"networking":{"type":"calico"}},"spec":{}}') },
    {
      path: 'request.object.spec.networking',
      text: body('{"spec":{"networking":{"type":"calico"},"networking":{}}}'),
    },
    { path: 'request.object.spec.networking.type', text: body(twice(object, '"type":"calico"')) },
    {
      path: 'request.object.spec.networking.providerConfig',
      text: body('{"spec":{"networking":{"providerConfig":{},"providerConfig":{}}}}'),
    },
    {
      path: 'request.object.spec.providerConfig',
      text: body('{"spec":{"providerConfig":{},"providerConfig":{}}}'),
    },
    {
      path: 'request.object.spec.provider',
      text: body('{"spec":{"provider":{"type":"azure"},"provider":{}}}'),
    },
    { path: 'request.object.spec.provider.type', text: body(twice(object, '"type":"gcp"')) },
    { path: 'request.object.spec.provider.workers', text: body(twice(object, '"workers":[{}]')) },
    {
      path: 'request.object.spec.kubernetes',
      text: body('{"spec":{"kubernetes":{"kubeProxy":{}},"kubernetes":{}}}'),
    },
    {
      path: 'request.object.spec.kubernetes.kubeProxy',
      text: body('{"spec":{"kubernetes":{"kubeProxy":{"enabled":false},"kubeProxy":{}}}}'),
    },
    {
      path: 'request.object.spec.kubernetes.kubeProxy.enabled',
      text: body('{"spec":{"kubernetes":{"kubeProxy":{"enabled":false,"enabl\\u0065d":true}}}}'),
    },
    {
      path: 'request.object.spec.kubernetes.verticalPodAutoscaler',
      text: body(
        '{"spec":{"kubernetes":{"verticalPodAutoscaler":{"enabled":true},"verticalPodAutoscaler":{}}}}',
      ),
    },
    { path: 'request.object.spec.seedName', text: body('{"spec":{"seedName":"a","seedName":"b"}}') },
    { path: 'request.oldObject.status', text: body('{"status":{},"status":{}}', 'oldObject') },
    {
      path: 'request.oldObject.status.lastOperation.type',
      text: body('{"status":{"lastOperation":{"type":"Migrate","type":"Create"}}}', 'oldObject'),
    },
  ])('is rejected: $path', ({ path, text }) => {
    expect(() => readReview(Buffer.from(text))).toThrow(
      expect.objectContaining({
        reason: 'repeated-key',
        message: `${path} is written more than once; write each key once`,
      }),
    );
  });

  it('does not hold up a body that is no JSON after all, or too deep', () => {
    expect(() => readReview(Buffer.from('{"request":{},"request":'))).toThrow(/written more than once/);
    expect(() => readReview(Buffer.from(`{"kind":${'['.repeat(300)}`))).toThrow(/nested too deeply/);
  });

  // These arrive byte for byte as they were written, and a Shoot that has one must stay open to updates.
  it.each([
    '{"spec":{"provider":{"type":"gcp","infrastructureConfig":{"type":1,"type":2}}}}',
    '{"spec":{"provider":{"type":"gcp","controlPlaneConfig":{"workers":1,"workers":2}}}}',
    '{"spec":{"provider":{"workers":[{"providerConfig":{"spec":1,"spec":2}}]}}}',
    '{"spec":{"extensions":[{"type":"x","providerConfig":{"type":1,"type":2}}]}}',
    '{"spec":{"networking":{"providerConfig":{"backend":"bird","backend":"none"}}}}',
    '{"metadata":{"managedFields":[{"fieldsV1":{"f:spec":{},"f:spec":{}}}]}}',
    '{"metadata":{"annotations":{"a":"1","a":"2"}}}',
  ])('passes elsewhere: %s', (text) => {
    expect(readReview(Buffer.from(body(text))).uid).toBe('x');
    expect(readReview(Buffer.from(body(text, 'oldObject'))).uid).toBe('x');
  });
});

describe('duplicates', () => {
  const SHOOT_CONFIG = ['spec', 'networking', 'providerConfig'];
  const NETWORK_CONFIG = ['spec', 'providerConfig'];
  const body = `{
      "request": {
        "uid": "x",
        "oldObject": {"spec": {"networking": {"providerConfig": {"a": 1, "\\u0061": 2}}, "providerConfig": {"b": 1, "b": 1}}},
        "object": {
          "spec": {
            "networking": {"type": "calico", "providerConfig": {"c": {"d": 1, "d": 2}, "e": [{"f": 1, "f": 2}]}},
            "providerConfig": {"g": 1, "g": 2}
          }
        }
      }
    }`;
  it.each([
    {
      which: 'object',
      below: SHOOT_CONFIG,
      paths: [
        ['c', 'd'],
        ['e', 0, 'f'],
      ],
    },
    { which: 'object', below: NETWORK_CONFIG, paths: [['g']] },
    { which: 'old', below: SHOOT_CONFIG, paths: [['a']] },
    { which: 'old', below: NETWORK_CONFIG, paths: [['b']] },
    { which: 'object', below: ['spec', 'networking'], paths: [] },
  ] as const)('of the $which below $below', ({ which, below, paths }) => {
    expect(readReview(Buffer.from(body)).duplicates(which, below)).toEqual(paths);
  });

  // In Node.js 24 and 26, JSON.parse reads "backen\\u0064" as the key of the first review (nodejs/node#63785).
  it('are read whatever the previous review had, and no key is mistaken for another', () => {
    const readConfig = (config: string) => {
      const spec = `{"networking":{"type":"calico","providerConfig":${config}}}`;
      const each = readReview(Buffer.from(`{"request":{"uid":"u","object":{"spec":${spec}}}}`));
      const written = read(each.object, 'spec', ...SHOOT_CONFIG.slice(1));
      return { config: written, duplicates: each.duplicates('object', SHOOT_CONFIG) };
    };
    const poison = { backend: 'none', 'backen\\': 'x' };
    expect(readConfig(JSON.stringify(poison))).toEqual({ config: poison, duplicates: [] });
    expect(readConfig('{"backend":"none","backen\\u0064":"bird"}')).toEqual({
      config: { backend: 'bird' },
      duplicates: [['backend']],
    });
    expect(readConfig(JSON.stringify({ a: 1, 'overla\\': 1 })).duplicates).toEqual([]);
    expect(readConfig('{"a":1,"overla\\u0079":{}}')).toEqual({
      config: { a: 1, overlay: {} },
      duplicates: [],
    });
  });

  it('are none where there is no configuration', () => {
    const bare = readRequest({ object: { spec: { networking: {} } } });
    expect(bare.duplicates('object', SHOOT_CONFIG)).toEqual([]);
    expect(bare.duplicates('old', SHOOT_CONFIG)).toEqual([]);
  });
});

describe('whatever comes', () => {
  function readOrReject(bytes: Buffer): void {
    let review: Review;
    try {
      review = readReview(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableReviewError);
      expect((error as Error).message.length).toBeLessThan(200);
      return;
    }
    expect(review.uid).not.toBe('');
    review.duplicates('object', ['spec', 'networking', 'providerConfig']);
    review.duplicates('old', ['spec', 'providerConfig']);
  }

  it('bytes: is read or rejected', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readOrReject(Buffer.from(bytes))));
  });

  it('JSON: is read or rejected', () => {
    fc.assert(fc.property(fc.json(), (text) => readOrReject(Buffer.from(text))));
  });

  it('a request of anything: is read or rejected', () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constant({ spec: { networking: null } }));
    const request = fc.record(
      {
        uid: fc.oneof({ weight: 9, arbitrary: fc.constant(UID) }, value),
        operation: value,
        kind: fc.oneof(value, fc.record({ group: value, kind: value }, { requiredKeys: [] })),
        resource: fc.oneof(value, fc.record({ group: value, resource: value }, { requiredKeys: [] })),
        object: fc.oneof(value, fc.record({ apiVersion: value, kind: value, metadata: value, spec: value })),
        oldObject: value,
        name: value,
        namespace: value,
        subResource: value,
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(request, (body) => readOrReject(Buffer.from(JSON.stringify({ request: body })))));
  });

  it('a good one with a byte turned: is read or rejected', () => {
    const good = Buffer.from(
      JSON.stringify(
        toReview({ object: { kind: 'Shoot', spec: { networking: { providerConfig: { a: 1 } } } } }),
      ),
    );
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(good);
        bytes[at] = byte;
        readOrReject(bytes);
      }),
    );
  });
});
