import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { loadRegistry } from '../../../src/registry.ts';
import { openCluster } from '../cluster/access.ts';
import type { Served } from '../process.ts';
import { completeShoot, SHOOTS } from './objects.ts';
import { registerOurs, removeOurs } from './webhook.ts';

// What the documentation of a rule or mutation calls good, Gardener has to take as well.

const { cluster: access } = inject('garden');
const cluster = openCluster(access);

const documented = loadRegistry()
  .policies.filter(({ target }) => target.id === 'shoot')
  .flatMap(({ rules, mutations }) => [...rules, ...mutations])
  .map(({ id, docs }, index) => ({ id, name: `example-${index}`, docs }));

let served: Served | undefined;
beforeAll(async () => {
  served = await registerOurs(cluster);
});
afterAll(() => removeOurs(cluster, served));

describe('the good example of', () => {
  it.each(documented)('$id', async ({ name, docs }) => {
    // Where it names no cloud it is good on one that has no defaults of its own.
    const { spec, ...rest } = parse(docs.good);
    // With workers, which an example mostly leaves out, the clouds want the range of their nodes as well.
    const nodes = spec.provider !== undefined && { nodes: '10.250.0.0/16' };
    const sparse = { ...rest, spec: { ...spec, networking: { ...nodes, ...spec.networking } } };
    const body = completeShoot(name, sparse, 'local');
    const { status, body: answer, warnings } = await cluster.api('POST', `${SHOOTS}?dryRun=All`, { body });
    expect([status, answer.message, warnings]).toEqual([201, undefined, []]);
  });
});
