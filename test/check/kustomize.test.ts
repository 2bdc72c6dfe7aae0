import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkJson, createRoom, type Room } from './command.ts';

let room: Room;
beforeAll(() => {
  room = createRoom();
});
afterAll(() => room.cleanUp());

const POOL = `apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: default
spec:
  cidr: 10.244.0.0/16
  natOutgoing: true
`;
const PATCH = `apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: default
spec:
  ipipMode: Always
`;

async function noteOf(name: string, more: string): Promise<string> {
  const kustomization = `resources:\n- pool.yaml\npatches:\n- path: patch.yaml\n${more}`;
  room.write({
    [`${name}/kustomization.yaml`]: kustomization,
    [`${name}/pool.yaml`]: POOL,
    [`${name}/patch.yaml`]: PATCH,
  });
  const { findings } = await checkJson(['--notes', room.at(name)]);
  expect(findings.map(({ severity, rule }) => [severity, rule])).toEqual([['note', 'kustomize']]);
  return findings[0]?.message ?? '';
}

it('reports what was done with patches', async () => {
  expect(await noteOf('plain', '')).toMatch(
    /^patches of this kustomization: 1 combined with its resource; to evaluate the result: kubectl/,
  );
});

it('names what of the kustomization was not followed, in its order', async () => {
  const more = `namespace: kube-system
namePrefix: prod-
replacements:
- source: {kind: ConfigMap, name: net}
configMapGenerator:
- name: net
  literals: [a=b]
`;
  expect(await noteOf('more', more)).toMatch(
    /1 combined with its resource, without namePrefix, replacements and configMapGenerator, which were not applied; to/,
  );
});
