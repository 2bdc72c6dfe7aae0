import { describe, expect, it } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import { createReviewReader } from '../../src/admission/read.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { parseMegabyte, timesAsMuch } from '../support/pace.ts';
import { registry } from '../support/registry.ts';
import { toReview } from '../support/review.ts';

// What one review may cost (SECURITY.md, Limits), whatever is in it.

const readReview = createReviewReader(registry);

function evaluate(bytes: Buffer): void {
  decide(
    readReview(bytes),
    { purpose: 'validate' },
    { registry, settings: DEFAULT_SETTINGS, checkpoint: () => {} },
  );
}

function toBytes(object: object): Buffer {
  return Buffer.from(JSON.stringify(toReview({ operation: 'CREATE', object })));
}

/** A Shoot as people write them, with so many workers that its review is as long. */
function plainShoot(length: number): Buffer {
  const machine = {
    type: 'm5.large',
    image: { name: 'gardenlinux', version: '1592.10.0' },
    architecture: 'amd64',
  };
  const zones = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];
  const worker = { name: 'worker-pool-01', minimum: 1, maximum: 2, maxSurge: '10%', machine, zones };
  const workers = Array(Math.ceil(length / JSON.stringify(worker).length)).fill(worker);
  const networking = { type: 'calico', nodes: '10.250.0.0/16', providerConfig: { backend: 'bird' } };
  const spec = { kubernetes: { version: '1.34.0' }, provider: { type: 'gcp', workers }, networking };
  return toBytes({ apiVersion: 'core.gardener.cloud/v1beta1', kind: 'Shoot', spec });
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const installation = (ipPools: readonly unknown[]) => ({
  apiVersion: 'operator.tigera.io/v1',
  kind: 'Installation',
  metadata: { name: 'default' },
  spec: { calicoNetwork: { ipPools } },
});
const calicoNode = (env: readonly unknown[]) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'calico-node', namespace: 'kube-system' },
  spec: { template: { spec: { containers: [{ name: 'calico-node', env }] } } },
});

/** What is compiled at the first reviews, by ajv and by V8, is no cost of a review: the first four take twice as much. */
const RUNS = 12;

describe('one review costs at most ten times a plain Shoot of its size, and 250 ms of CPU:', () => {
  it.each([
    { name: '74,000 empty pools', object: installation(many(74_000, () => ({}))) },
    {
      name: '60,000 pools with ranges',
      object: installation(many(60_000, (index) => ({ cidr: `10.${index >> 8}.${index & 255}.0/24` }))),
    },
    { name: '144,000 numbers', object: installation(many(144_000, (index) => 10_000 + (index % 80_000))) },
    {
      name: '46,000 variables',
      object: calicoNode(many(46_000, (index) => ({ name: `N${index}`, value: 'v' }))),
    },
  ])('$name', ({ object }) => {
    const bytes = toBytes(object);
    const plain = plainShoot(bytes.length);
    expect(
      timesAsMuch(
        () => evaluate(bytes),
        () => evaluate(plain),
        RUNS,
      ),
    ).toBeLessThan(10);
    // Of which JSON.parse of a megabyte takes 5.5 ms.
    expect(timesAsMuch(() => evaluate(bytes), parseMegabyte, RUNS)).toBeLessThan(45);
  });
});
