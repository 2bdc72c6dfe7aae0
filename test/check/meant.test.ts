import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { review } from '../../src/index.ts';
import { checkJson, createRoom, type Room, runCheck, shootWith, summarize } from './command.ts';

let room: Room;
beforeEach(() => {
  room = createRoom();
});
afterEach(() => room.cleanUp());

const pool = (kind: string, apiVersion = 'projectcalico.org/v3', spec = '{cidr: 10.0.0.0/33}') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\nspec: ${spec}\n`;
const shoot = (from: string, to: string, config = 'backend: birdy') => {
  const text = shootWith(config);
  if (!text.includes(from)) throw new Error(`there is no ${from}`);
  return text.replace(from, to);
};
const CIDR = 'error spec.cidr [calico/ippool-cidr]';
const BACKEND = 'error spec.networking.providerConfig.backend [shoot/backend]';
const KIND = 'warning kind [nearly-ours]';
const GROUP = 'warning apiVersion [nearly-ours]';
const TYPE = 'warning spec.networking.type [nearly-ours]';

async function foundIn(text: string, args: readonly string[] = []): Promise<string[]> {
  const found = summarize(await checkJson([...args, '-'], { stdin: text }));
  return found.map((each) => each.replace(/^\S+ /, ''));
}

describe('a document that is nearly ours is reported once, and evaluated as the intended kind', () => {
  it.each([
    ['a plural', pool('IPPools'), [CIDR, KIND]],
    ['a resource', pool('ippools'), [CIDR, KIND]],
    ['another case', pool('ippool'), [CIDR, KIND]],
    ['dashes', pool('ip-pool'), [CIDR, KIND]],
    ['a slip', pool('IPPol'), [CIDR, KIND]],
    ['a plural of the storage group', pool('IPPools', 'crd.projectcalico.org/v1'), [CIDR, KIND]],
    ['a group', pool('IPPool', 'projectcalico.com/v3'), []],
    ['a slip in the group', pool('IPPool', 'projectcalcio.org/v3'), [CIDR, GROUP]],
    ['a kind of another', pool('IPPool', 'loadbalancer.harvesterhci.io/v1beta1'), []],
    ['Shoots', shoot('kind: Shoot', 'kind: Shoots'), [BACKEND, KIND]],
    ['shoot', shoot('kind: Shoot', 'kind: shoot'), [BACKEND, KIND]],
    ['a gardener with a slip', shoot('core.gardener.cloud', 'core.gardner.cloud'), [BACKEND, GROUP]],
    ['a version', shoot('core.gardener.cloud/v1beta1', 'core.gardener.cloud/v1'), [BACKEND, GROUP]],
    ['no version', shoot('core.gardener.cloud/v1beta1', 'core.gardener.cloud/'), [BACKEND, GROUP]],
    [
      'a version of kOps',
      'apiVersion: kops.k8s.io/v1\nkind: Cluster\nspec: {networking: {cilium: {}}}\n',
      [GROUP],
    ],
    ['type Calico', shoot('type: calico', 'type: Calico'), [BACKEND, TYPE]],
    ['type caliko with our configuration', shoot('type: calico', 'type: caliko'), [BACKEND, TYPE]],
    ['type cilium', shoot('type: calico', 'type: cilium'), []],
    [
      'both',
      shoot('kind: Shoot', 'kind: Shoots').replace('type: calico', 'type: CALICO'),
      [BACKEND, TYPE, KIND],
    ],
    [
      'a Network of a seed',
      'apiVersion: extensions.gardener.cloud/v1alpha1\nkind: Networks\nspec: {type: Calico}\n',
      ['warning spec.type [nearly-ours]', KIND].toReversed(),
    ],
    [
      'an old pool of calicoctl',
      'apiVersion: v1\nkind: ipPool\nmetadata: {cidr: 10.0.0.0/33}\nspec: {ipip: {enabled: true, mode: crossSubnet}}\n',
      [GROUP, 'error metadata.cidr [calico/ippool-cidr]', 'error spec.ipip.mode [calico/ippool-mode]'],
    ],
    [
      'an old pool of calicoctl that is right',
      'apiVersion: v1\nkind: ipPool\nmetadata: {cidr: 10.0.0.0/16}\nspec: {ipip: {enabled: true, mode: cross-subnet}, nat-outgoing: true}\n',
      [GROUP],
    ],
    [
      'an old peer of calicoctl',
      'apiVersion: v1\nkind: bgpPeer\nmetadata: {scope: node, node: a, peerIP: 10.0.0.300}\nspec: {asNumber: 64512}\n',
      [GROUP, 'error metadata.peerIP [calico/bgp-peer-address]'],
    ],
    [
      'an old endpoint of a host',
      'apiVersion: v1\nkind: hostEndpoint\nmetadata: {name: eth0, node: a}\nspec: {interfaceName: eth0, expectedIPs: [10.0.0]}\n',
      [GROUP, 'error spec.expectedIPs[0] [calico/host-endpoint-place]'],
    ],
    ['an old endpoint of a pod', 'apiVersion: v1\nkind: workloadEndpoint\nmetadata: {name: a}\n', [GROUP]],
    [
      'a List',
      `apiVersion: v1\nkind: List\nitems:\n- ${pool('IPPools').trim().replaceAll('\n', '\n  ')}\n`,
      [CIDR, KIND],
    ],
    ['a kind of general use', 'apiVersion: apps/v1\nkind: Deployments\nmetadata: {name: calico-typha}\n', []],
    ['a kind that is a number', 'apiVersion: projectcalico.org/v3\nkind: 7\n', []],
  ])('%s', async (_, text, expected) => {
    expect((await foundIn(text)).toSorted()).toEqual(expected.toSorted());
    expect((await runCheck(['-'], { stdin: text })).stdout.includes('nothing about Calico')).toBe(
      expected.length === 0,
    );
  });

  it('and corrected', async () => {
    room.write({
      'a.yaml': shoot('kind: Shoot', 'kind: Shoots', 'backend: none').replace('type: calico', 'type: Calico'),
    });
    const { code, stderr } = await runCheck(['--fix', room.path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { findings } = await checkJson([room.path]);
    expect(findings).toEqual([]);
  });

  it('is the same object as before', async () => {
    room.write({
      'old.yaml': pool('IPPool', undefined, '{cidr: 10.0.0.0/16}'),
      'new.yaml': pool('IPPools', undefined, '{cidr: 10.1.0.0/16}'),
    });
    const found = summarize(await checkJson(['--old', room.at('old.yaml'), room.at('new.yaml')]), room.path);
    expect(found).toContain('new.yaml:1:4:14 error spec.cidr [calico/ippool-immutable]');
  });

  it('and is rejected by no webhook', () => {
    const object = { apiVersion: 'projectcalico.org/v3', kind: 'IPPools', spec: { cidr: '10.0.0.0/33' } };
    const request = {
      uid: '1',
      kind: { group: 'projectcalico.org', version: 'v3', kind: 'IPPools' },
      operation: 'CREATE',
      object,
    };
    const answer = review({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
    expect(answer.response).toEqual({ uid: '1', allowed: true });
  });
});

describe('a kind of Calico that no rule is about', () => {
  it.each(['projectcalico.org/v3', 'crd.projectcalico.org/v1', 'operator.tigera.io/v1'])(
    'is named (%s)',
    async (apiVersion) => {
      const text = pool('ClusterInformation', apiVersion);
      expect(await foundIn(text)).toEqual([]);
      expect(await foundIn(text, ['--notes'])).toEqual(['note kind [no-rules]']);
      const { stdout, stderr, code } = await runCheck(['-'], { stdin: text });
      expect({ stdout, code }).toEqual({ stdout: 'nothing to evaluate in 1 document in 1 file\n', code: 0 });
      expect(stderr).toContain('1 note');
    },
  );

  it('is none of another group', async () => {
    expect(await foundIn(pool('Anything', 'notprojectcalico.org/v3'), ['--notes'])).toEqual([]);
  });
});
