import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  fingerprintsOf,
  patchBundles,
  trustedBy,
  type WebhookConfiguration,
} from '../../src/cluster/bundle-patch.ts';
import { issueAuthority } from '../../src/tls/issue.ts';

let one: string;
let two: string;
beforeAll(async () => {
  const now = (): Date => new Date();
  [one, two] = [(await issueAuthority({ now })).cert, (await issueAuthority({ now })).cert];
});

const base64 = (pem: string) => Buffer.from(pem).toString('base64');

function configuration(entries: readonly { name: string; caBundle?: string }[]): WebhookConfiguration {
  return {
    metadata: { name: 'calico-admission', resourceVersion: '7' },
    webhooks: entries.map(({ name, caBundle }) => ({
      name,
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      clientConfig: { url: `https://${name}`, ...(caBundle !== undefined && { caBundle }) },
    })),
  };
}

const OURS = 'validate.calico-admission.gardener.cloud';
const ALL_OURS = [
  OURS,
  'mutate.calico-admission.gardener.cloud',
  'validate.calico-admission.calico.gardener.cloud',
];

describe('patchBundles', () => {
  it.each([
    ['no caBundle', () => undefined, true],
    ['an empty one', () => '', true],
    ['garbage', () => 'x', true],
    ['another authority', () => base64(two), true],
    ['one authority too many', () => base64(one + two), true],
    ['the same', () => base64(one), false],
    [
      'the same twice, with other line ends',
      () => base64(`${one}\r\n${one.replaceAll('\n', '\r\n')}`),
      false,
    ],
  ])('with %s: changes it %s', (_name, caBundle, changes) => {
    const value = caBundle();
    const operations = patchBundles(
      configuration([{ name: OURS, ...(value !== undefined && { caBundle: value }) }]),
      one,
    );
    expect(operations.length > 0).toBe(changes);
    if (changes) expect(operations[0]).toEqual({ op: 'test', path: '/metadata/resourceVersion', value: '7' });
  });

  it('does not depend on the order of what is there', () => {
    expect(patchBundles(configuration([{ name: OURS, caBundle: base64(two + one) }]), one + two)).toEqual([]);
  });

  it('changes the caBundle of our entries, and nothing else', () => {
    const entry = fc.record({
      name: fc.constantFrom(
        ...ALL_OURS,
        'calico-admission.gardener.cloud',
        'validate.calico-admission.other.gardener.cloud',
        'evil-calico-admission.gardener.cloud',
        'calico-admission.gardener.cloud.example.org',
        'a.example.org',
      ),
      caBundle: fc.constantFrom('', 'Zm9v', 'x'),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        const before = configuration(entries);
        const after = structuredClone(before);
        expect(applyPatch(after, patchBundles(before, one)).every((each) => each === null)).toBe(true);
        for (const [index, { name, caBundle }] of entries.entries()) {
          const isOurs = ALL_OURS.includes(name);
          expect(after.webhooks?.[index]?.clientConfig.caBundle).toBe(isOurs ? base64(one) : caBundle);
        }
        const strip = ({ webhooks, ...rest }: WebhookConfiguration) => ({
          ...rest,
          webhooks: webhooks?.map(({ clientConfig: { caBundle: _bundle, ...client }, ...each }) => ({
            ...each,
            client,
          })),
        });
        expect(strip(after)).toEqual(strip(before));
        expect(patchBundles(after, one)).toEqual([]);
      }),
    );
  });

  it('does nothing to what has changed since it was read', () => {
    const before = configuration([{ name: OURS }]);
    const changed = {
      ...structuredClone(before),
      metadata: { name: 'calico-admission', resourceVersion: '8' },
    };
    expect(applyPatch(changed, patchBundles(before, one)).some((each) => each !== null)).toBe(true);
  });
});

describe('trustedBy', () => {
  it('is what all our entries hold', () => {
    const both = configuration([
      { name: OURS, caBundle: base64(one + two) },
      { name: `b.${OURS}`, caBundle: base64(two) },
      { name: 'other.example.org', caBundle: '' },
    ]);
    expect(trustedBy(both)).toEqual(fingerprintsOf(two));
    expect(trustedBy(configuration([{ name: OURS }]))).toEqual(new Set());
  });

  it('is undefined where no entry is ours, so that no API server calls', () => {
    expect(trustedBy(configuration([{ name: 'other.example.org', caBundle: base64(one) }]))).toBeUndefined();
    expect(trustedBy(configuration([]))).toBeUndefined();
  });
});
