import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { patchBundles } from '../../../src/cluster/bundle-patch.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { openCluster } from '../cluster/access.ts';
import { apply, unregister, waitUntil } from './registration.ts';

// The server's token may patch its webhook configurations as a whole, because RBAC has no rules for fields. With the component
// limit-token a stolen one changes nothing there but the caBundle.

const cluster = openCluster(inject('cluster'));
const ACCOUNT = '--as=system:serviceaccount:garden:calico-admission';
const KINDS = ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'] as const;
const ROLE = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'limit-token' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'calico-admission-ca-bundle' },
  subjects: [{ kind: 'ServiceAccount', name: 'calico-admission', namespace: 'garden' }],
};
const COMPONENT = 'manifests/components/limit-token';

async function patchAs(account: string, kind: string, patch: object, type = 'merge') {
  const args = ['patch', kind, 'calico-admission', `--type=${type}`, '-p', JSON.stringify(patch), account];
  return cluster.kubectl(args);
}

async function read(kind: string) {
  return JSON.parse(await cluster.kubectlOk(['get', kind, 'calico-admission', '-o', 'json']));
}

beforeAll(async () => {
  await cluster.kubectlOk(['apply', '-k', 'manifests/base/registration']);
  await apply(cluster, [ROLE]);
});

afterAll(async () => {
  await cluster.kubectl(['delete', '-f', `${COMPONENT}/validating.yaml`, '-f', `${COMPONENT}/mutating.yaml`]);
  await cluster.kubectl(['delete', 'clusterrolebinding', 'limit-token']);
  await unregister(cluster);
});

const elsewhere = async (kind: string) => {
  const { webhooks } = await read(kind);
  return { webhooks: [{ ...webhooks[0], clientConfig: { url: 'https://192.0.2.1/' } }] };
};

it.each(KINDS)('without the policies the token changes all of %s', async (kind) => {
  const { code, stderr } = await patchAs(ACCOUNT, `${kind}`, { metadata: { labels: { seen: 'yes' } } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

describe('with the policies', () => {
  beforeAll(async () => {
    await cluster.kubectlOk([
      'apply',
      '-f',
      `${COMPONENT}/validating.yaml`,
      '-f',
      `${COMPONENT}/mutating.yaml`,
    ]);
    for (const kind of KINDS) {
      let tries = 0;
      await waitUntil(`the policy for ${kind}`, async () => {
        tries += 1;
        // Another value each time: a patch that changes nothing is allowed.
        return (await patchAs(ACCOUNT, kind, { metadata: { labels: { probe: `${tries}` } } })).code !== 0;
      });
    }
  });

  it.each(KINDS)('the server still keeps the caBundle of %s', async (kind) => {
    const { ca } = await makeCertificates();
    const operations = patchBundles(await read(kind), ca);
    expect(operations.length).toBeGreaterThan(1);
    const { code, stderr } = await patchAs(ACCOUNT, kind, operations, 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.each(
    KINDS.flatMap((kind) => [
      { kind, name: 'another address', patch: elsewhere },
      {
        kind,
        name: 'more objects',
        patch: async () => {
          const { webhooks } = await read(kind);
          const rules = [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }];
          return { webhooks: [{ ...webhooks[0], rules }] };
        },
      },
      {
        kind,
        name: 'one webhook more',
        patch: async () => {
          const { webhooks } = await read(kind);
          return { webhooks: [...webhooks, { ...webhooks[0], name: 'more.example.org' }] };
        },
      },
      { kind, name: 'none', patch: async () => ({ webhooks: null }) },
      {
        kind,
        name: 'a condition',
        patch: async () => {
          const { webhooks } = await read(kind);
          return {
            webhooks: [{ ...webhooks[0], matchConditions: [{ name: 'never', expression: 'false' }] }],
          };
        },
      },
      {
        kind,
        name: 'an owner that is not there',
        patch: async () => ({
          metadata: {
            ownerReferences: [
              { apiVersion: 'v1', kind: 'Node', name: 'x', uid: '00000000-0000-0000-0000-000000000000' },
            ],
          },
        }),
      },
    ]),
  )('$kind: the token writes no $name', async ({ kind, patch }) => {
    const before = await read(kind);
    const { code, stderr } = await patchAs(ACCOUNT, kind, await patch(kind));
    expect(code).toBe(1);
    expect(stderr).toContain('the server of calico-admission may change the caBundle of a webhook only');
    expect(await read(kind)).toEqual(before);
  });

  it.each(KINDS)('all other users change %s as before', async (kind) => {
    const others = '--as-group=system:masters';
    const args = [others, '--as=somebody', '--type=merge', '-p', '{"metadata":{"labels":{"by":"others"}}}'];
    const { code } = await cluster.kubectl(['patch', kind, 'calico-admission', ...args]);
    expect(code).toBe(0);
  });
});
