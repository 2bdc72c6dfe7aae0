import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { UserError } from '../../src/errors.ts';
import { type PagingApi, startPagingApi } from '../support/paging-api.ts';
import { checkJson, createRoom, type Room, runCheck, summarize } from './command.ts';

const POOLS = '/apis/projectcalico.org/v3/ippools';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/kube-system/deployments';

const SERVICES = '/api/v1/namespaces/kube-system/services';

let room: Room;
let api: PagingApi | undefined;
beforeEach(() => {
  room = createRoom();
});
afterEach(async () => {
  room.cleanUp();
  await api?.close();
});

type Held = Parameters<typeof startPagingApi>[0];

/** A cluster that holds these objects; `check` then sees it by its kubeconfig. */
async function start(held: Held): Promise<PagingApi> {
  const started = await startPagingApi(held);
  api = started;
  const ca = Buffer.from(started.ca).toString('base64');
  writeFileSync(
    room.at('kubeconfig'),
    `apiVersion: v1
kind: Config
current-context: here
clusters: [{name: here, cluster: {server: "${started.url}", certificate-authority-data: ${ca}}}]
users: [{name: me, user: {token: secret-token}}]
contexts: [{name: here, context: {cluster: here, user: me}}]
`,
  );
  return started;
}

async function foundIn(files: Readonly<Record<string, string>>, args: readonly string[] = []) {
  room.write(Object.fromEntries(Object.entries(files).map(([name, text]) => [`files/${name}`, text])));
  const report = await checkJson(['--kubeconfig', room.at('kubeconfig'), ...args, room.at('files')]);
  return summarize(report, room.at('files/'));
}

const pool = (name: string, spec: object) => ({
  apiVersion: 'projectcalico.org/v3',
  kind: 'IPPool',
  metadata: { name },
  spec: { natOutgoing: true, ...spec },
});
const file = (name: string, cidr: string, more = '') =>
  `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: ${name}}\nspec: {cidr: ${cidr}, natOutgoing: true${more}}\n`;
const typhaFile = (name: string) =>
  readFileSync(new URL(`../cases/found/typha/split/${name}.yaml`, import.meta.url), 'utf8');
const pools = (...items: readonly object[]): Held => ({ [POOLS]: { kind: 'IPPool', items } });

describe('files against a cluster', () => {
  it('are evaluated with the objects of the cluster', async () => {
    await start(pools(pool('all', { cidr: '10.0.0.0/8' })));
    expect(await foundIn({ 'a.yaml': file('part', '10.1.0.0/16') })).toEqual([
      'a.yaml:1:4:14 error spec.cidr [calico/ippool-overlap]',
    ]);
    expect(await foundIn({ 'a.yaml': file('part', '10.1.0.0/16') }, ['--each'])).toHaveLength(1);
    expect(await foundIn({ 'a.yaml': file('other', '11.0.0.0/16') })).toEqual([]);
  });

  it('are updates of what it has, and keep what they leave unset', async () => {
    await start(pools(pool('p', { cidr: '10.0.0.0/16', blockSize: 28 }), pool('q', { cidr: '10.1.0.0/33' })));
    expect(await foundIn({ 'a.yaml': file('p', '10.0.0.0/16', ', nodeSelector: all()') })).toEqual([]);
    expect(await foundIn({ 'a.yaml': file('p', '10.2.0.0/16') })).toEqual([
      'a.yaml:1:4:14 error spec.cidr [calico/ippool-immutable]',
    ]);
    // What it has already is a warning.
    expect(await foundIn({ 'a.yaml': file('q', '10.1.0.0/33', ', nodeSelector: all()') })).toEqual([
      'a.yaml:1:4:14 warning spec.cidr [calico/ippool-cidr]',
    ]);
  });

  it('miss what is neither there nor in the cluster, and nothing else', async () => {
    const [typha = {}, service = {}]: object[] = typhaFile('typha')
      .split('\n---\n')
      .map((each) => parse(each));
    const node = { 'node.yaml': typhaFile('node') };
    const server = await start(pools());
    expect(await foundIn(node, ['--each'])).toEqual([expect.stringContaining('error')]);
    expect(server.requests).toContain(`${DEPLOYMENTS}?limit=100`);
    // What may not be listed is unknown.
    server.fail({ path: DEPLOYMENTS, status: 403, body: { kind: 'Status', message: 'forbidden: no' } });
    const forbidden = await runCheck(['--kubeconfig', room.at('kubeconfig'), room.at('files')]);
    expect(forbidden.code).toBe(0);
    expect(forbidden.stderr).toBe(
      'calico-admission: not compared with deployments.apps of the cluster: forbidden: no\n',
    );
    await server.close();
    await start({
      [DEPLOYMENTS]: { kind: 'Deployment', items: [typha] },
      [SERVICES]: { kind: 'Service', items: [service] },
    });
    expect(await foundIn(node)).toEqual([]);
  });
});

describe('it is rejected with advice', () => {
  it.each([
    { args: ['--since', 'HEAD'], message: 'leave --old and --since out' },
    { args: ['--old', 'x'], message: 'leave --old and --since out' },
  ])('with $args', async ({ args, message }) => {
    const run = runCheck(['--kubeconfig', 'k', ...args, room.path]);
    await expect(run).rejects.toThrow(UserError);
    await expect(run).rejects.toThrow(message);
  });

  it('where there is no kubeconfig, or no server', async () => {
    await expect(runCheck(['--kubeconfig', room.at('none'), room.path])).rejects.toThrow(
      /ENOENT.*check --kubeconfig/,
    );
    const server = await start(pools());
    await server.close();
    await expect(runCheck(['--kubeconfig', room.at('kubeconfig'), room.path])).rejects.toThrow(
      /cannot read from https:.*ECONNREFUSED/,
    );
    api = undefined;
  });
});
