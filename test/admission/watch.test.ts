import { describe, expect, it } from 'vitest';
import { watchReview } from '../../src/admission/watch.ts';
import type { TargetInfo } from '../../src/policy/types.ts';
import { scanJson } from '../../src/schema/scan.ts';
import { fakeTarget } from '../support/fake-policy.ts';

// Which keys of a review may not be written twice, and the bytes of which values are wanted, kind by kind.

const CONFIGURED: TargetInfo = fakeTarget({
  config: { path: ['spec', 'config'], typeMeta: {} },
  schema: () => ({
    properties: {
      spec: { properties: { size: { type: 'string' }, inner: { properties: { deep: {} } }, config: {} } },
    },
  }),
  readPaths: [
    ['spec', 'size', 'more'],
    ['status', 'phase', 'type'],
  ],
});
const BARE: TargetInfo = fakeTarget({
  kind: 'Bare',
  config: undefined,
  schema: () => ({ properties: { spec: { properties: { ignored: {} } } } }),
  readPaths: [['spec', 'unread']],
});
const NO_SCHEMA: TargetInfo = fakeTarget({ kind: 'Other', config: { path: ['spec', 'own'], typeMeta: {} } });

/** A body in which the key at the end of a path is there twice. */
function twice(path: readonly string[]): string {
  const [last, ...outer] = path.toReversed();
  return outer.reduce((below, name) => `{"${name}":${below}}`, `{"${last}":1,"${last}":2}`);
}

function scan(text: string, targets: readonly TargetInfo[] = [CONFIGURED, BARE, NO_SCHEMA]) {
  return scanJson(Buffer.from(text), watchReview(targets), 100);
}

const REVIEW = ['apiVersion', 'kind', 'request'];
const REQUEST = [
  ...['uid', 'operation', 'name', 'namespace', 'subResource', 'object', 'oldObject', 'kind', 'resource'],
  ...['kind.group', 'kind.kind', 'resource.group', 'resource.resource'],
];
const OBJECT = [
  ...['apiVersion', 'kind', 'metadata', 'spec', 'status', 'metadata.name', 'metadata.namespace'],
  ...['metadata.deletionTimestamp', 'metadata.managedFields', 'metadata.annotations'],
  ...['spec.size', 'spec.size.more', 'spec.inner', 'spec.inner.deep', 'spec.config', 'spec.own'],
  ...['status.phase', 'status.phase.type'],
];
const WATCHED = [
  ...REVIEW,
  ...REQUEST.map((path) => `request.${path}`),
  ...OBJECT.map((path) => `request.object.${path}`),
  ...OBJECT.map((path) => `request.oldObject.${path}`),
];

describe('a key that is read', () => {
  it.each(WATCHED)('is found where it is written twice: %s', (path) => {
    expect(scan(twice(path.split('.'))).repeated).toEqual(path.split('.'));
  });
});

describe('a key that is not read', () => {
  it.each([
    ...['dryRun', 'request.options', 'request.kind.version', 'request.userInfo', 'request.resource.version'],
    ...['metadata.labels', 'metadata.annotations.a', 'spec.ignored', 'spec.unread', 'spec.config.a'].map(
      (path) => `request.object.${path}`,
    ),
    'request.object.spec.inner.deep.er',
    'request.object.status.phase.other',
  ])('may be written twice: %s', (path) => {
    expect(scan(twice(path.split('.'))).repeated).toBeUndefined();
  });
});

it('has the bytes of unread parts and of the configurations', () => {
  const object = (mark: string) =>
    `{"metadata":{"deletionTimestamp":"d${mark}","managedFields":["m${mark}"],"annotations":{"a":"${mark}"}},` +
    `"spec":{"size":"s","config":{"c":"${mark}"},"own":{"o":"${mark}"}},"status":{"t":"${mark}"}}`;
  const text = `{"request":{"object":${object('1')},"oldObject":${object('2')}}}`;
  const found = [...scan(text).ranges].map(([name, { start, end }]) => [name, text.slice(start, end)]);
  const of = (which: string, mark: string) => ({
    [which]: object(mark),
    [`${which} metadata.deletionTimestamp`]: `"d${mark}"`,
    [`${which} metadata.managedFields`]: `["m${mark}"]`,
    [`${which} metadata.annotations`]: `{"a":"${mark}"}`,
    [`${which} spec`]: `{"size":"s","config":{"c":"${mark}"},"own":{"o":"${mark}"}}`,
    [`${which} spec.config`]: `{"c":"${mark}"}`,
    [`${which} spec.own`]: `{"o":"${mark}"}`,
    [`${which} status`]: `{"t":"${mark}"}`,
  });
  expect(Object.fromEntries(found)).toEqual({ ...of('object', '1'), ...of('old', '2') });
});

it('has no configuration where no kind has one', () => {
  const text = '{"request":{"object":{"spec":{"config":{},"size":{"more":1,"more":2}}}}}';
  const { ranges, repeated } = scan(text, [BARE]);
  expect([...ranges.keys()]).toEqual(['object spec', 'object']);
  expect(repeated).toBeUndefined();
});
