import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../src/cluster/api.ts';
import { listCollection } from '../../src/cluster/list-objects.ts';
import { audit } from '../../src/commands/audit.ts';
import { UserError } from '../../src/errors.ts';
import { shoot } from '../support/evaluate.ts';
import { type PagingApi, startPagingApi } from '../support/paging-api.ts';

const SHOOTS = '/apis/core.gardener.cloud/v1beta1/shoots';

const GOOD = shoot({ overlay: { enabled: false } }, {}, { nodes: '10.250.0.0/16' });
const BAD = shoot({ vethMtu: '1440' });

function named(object: object, name: string, namespace = 'garden-dev'): object {
  return { ...object, metadata: { name, namespace } };
}

let room: string;
let api: PagingApi | undefined;
beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterAll(() => rmSync(room, { recursive: true }));
afterEach(() => api?.close());

async function start(shoots: readonly object[], more: Parameters<typeof startPagingApi>[0] = {}) {
  api = await startPagingApi({ [SHOOTS]: { kind: 'Shoot', items: shoots }, ...more });
  const kubeconfig = join(room, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    `apiVersion: v1
kind: Config
current-context: here
clusters: [{name: here, cluster: {server: "${api.url}", certificate-authority-data: ${Buffer.from(api.ca).toString('base64')}}}]
users: [{name: me, user: {token: secret-token}}]
contexts: [{name: here, context: {cluster: here, user: me}}, {name: nowhere, context: {cluster: gone, user: me}}]
`,
  );
  return { api, kubeconfig };
}

async function run(args: readonly string[]) {
  const result = { code: -1, out: '', err: '' };
  result.code = await audit.run(args, {
    env: {},
    stdout: (text) => {
      result.out += text;
    },
    stderr: (text) => {
      result.err += text;
    },
    isTerminal: false,
    readStdin: async () => Buffer.alloc(0),
  });
  return result;
}

describe('audit', () => {
  it('counts the objects that would be denied, by rule and by namespace', async () => {
    const { kubeconfig } = await start([
      named(GOOD, 'fine'),
      named(BAD, 'broken'),
      named(BAD, 'too', 'garden-other'),
    ]);
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect(code).toBe(1);
    expect(out).toContain('3 objects evaluated\n  3 shoots.core.gardener.cloud\n');
    expect(out).toContain(
      '2 findings that would be denied\n\n  shoot/unknown-field (2)\n    Shoot garden-dev/broken\n',
    );
    expect(out).toContain(
      '      spec.networking.providerConfig.vethMtu: unknown field (got "vethMtu"); did you mean',
    );
    expect(out).toContain(
      'By namespace\n  garden-dev: 1 denied, 0 with a warning\n  garden-other: 1 denied, 0 with a warning\n',
    );
    expect(out).not.toContain('secret-token');
  });

  it('reports that nothing is wrong', async () => {
    const { kubeconfig } = await start([named(GOOD, 'fine')]);
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect({ code, out }).toEqual({
      code: 0,
      out: '1 object evaluated\n  1 shoots.core.gardener.cloud\n\nNothing was found.\n',
    });
  });

  it('reports the same as JSON', async () => {
    const { kubeconfig } = await start([named(BAD, 'broken')]);
    const { code, out } = await run(['--kubeconfig', kubeconfig, '--output', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      findings: [
        {
          namespace: 'garden-dev',
          kind: 'Shoot',
          name: 'broken',
          rule: 'shoot/unknown-field',
          severity: 'error',
          path: 'spec.networking.providerConfig.vethMtu',
          message: expect.stringMatching(/^unknown field \(got "vethMtu"\); did you mean/),
          problem: 'unknown field',
          got: 'vethMtu',
          advice: expect.stringMatching(/^did you mean vethMTU/),
        },
      ],
      summary: { errors: 1, warnings: 0, documents: 1 },
      rules: { 'shoot/unknown-field': { errors: 1, warnings: 0 } },
      namespaces: { 'garden-dev': { errors: 1, warnings: 0 } },
      evaluated: { 'shoots.core.gardener.cloud': 1 },
      unread: [],
    });
  });

  it('prints what it would write', async () => {
    const { kubeconfig } = await start([named(BAD, 'broken')]);
    const { code, out } = await run(['--kubeconfig', kubeconfig, '--output', 'openreports']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'List',
      items: [{ kind: 'Report', scope: { kind: 'Shoot', name: 'broken' }, summary: { fail: 1 } }],
    });
  });

  it('reports that the cluster lacks the kinds that it has to write', async () => {
    const { kubeconfig } = await start([named(BAD, 'broken')]);
    await expect(run(['--kubeconfig', kubeconfig, '--write'])).rejects.toThrow(
      /the cluster has no reports\.openreports\.io; install/,
    );
  });

  it('reads many objects in pages', async () => {
    const many = Array.from({ length: 450 }, (_, number) => named(GOOD, `shoot-${number}`));
    const { api, kubeconfig } = await start([...many, named(BAD, 'last')]);
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect(code).toBe(1);
    expect(out).toContain('451 objects evaluated');
    expect(out).toContain('Shoot garden-dev/last');
    expect(api.largestPage()).toBeLessThanOrEqual(100);
    expect(api.requests.filter((path) => path.startsWith(`${SHOOTS}?`))).toHaveLength(5);
  });

  it('waits for a server that asks for it, and continues where a list has expired', async () => {
    const { api, kubeconfig } = await start(
      Array.from({ length: 250 }, (_, at) => named(GOOD, `shoot-${at}`)),
    );
    api.fail({ path: SHOOTS, status: 429, headers: { 'retry-after': '0' } });
    api.fail({ path: SHOOTS, status: 503, headers: { 'retry-after': '0' } });
    api.fail({ path: SHOOTS, status: 410, body: { kind: 'Status', metadata: { continue: '0' } } });
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect(code).toBe(0);
    expect(out).toContain('250 objects evaluated');
  });

  it('names what it may not read, and does not call that clean', async () => {
    const { api, kubeconfig } = await start([named(GOOD, 'fine')]);
    api.fail({
      path: SHOOTS,
      status: 403,
      body: { kind: 'Status', message: 'shoots is\u001b[31m forbidden' },
    });
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect(code).toBe(2);
    expect(out).toContain('not read: shoots.core.gardener.cloud (shoots is\\u001b[31m forbidden)');
  });

  it('lets a warning count with --strict, and the configuration decide what is one', async () => {
    const { kubeconfig } = await start([named(BAD, 'broken')]);
    const config = join(room, 'config.yaml');
    writeFileSync(config, 'rules: {shoot/unknown-field: warn}\n');
    expect((await run(['--kubeconfig', kubeconfig, '--config', config])).code).toBe(0);
    expect((await run(['--kubeconfig', kubeconfig, '--config', config, '--strict'])).code).toBe(1);
  });

  it('lists one namespace only if the flag names it', async () => {
    const { api, kubeconfig } = await start([]);
    await run(['--kubeconfig', kubeconfig, '-n', 'garden-a/b']);
    expect(api.requests[0]).toBe(
      '/apis/core.gardener.cloud/v1beta1/namespaces/garden-a%2Fb/shoots?limit=100',
    );
  });

  it.each([
    { name: 'another output', args: ['--output', 'xml'] },
    { name: 'no duration', args: ['--every', '6'] },
    { name: 'a duration that is too short', args: ['--every', '1ms'] },
    { name: 'a duration that is too long', args: ['--every', '100000h'] },
    { name: 'an output with an interval', args: ['--every', '6h', '--output', 'json'] },
    { name: 'strictness with an interval', args: ['--every', '6h', '--strict'] },
    { name: 'a port without an interval', args: ['--health-port', '0'] },
    { name: 'a file', args: ['shoot.yaml'] },
    { name: 'a kubeconfig that is not there', args: ['--kubeconfig', '/nowhere/kubeconfig'] },
    { name: 'a kubeconfig that is none', args: ['--kubeconfig', import.meta.filename] },
  ])('reports what is wrong with $name', async ({ args }) => {
    await expect(run(args)).rejects.toThrow(UserError);
  });

  it('reports what is wrong with a context that is not there, or leads nowhere', async () => {
    const { kubeconfig } = await start([]);
    for (const context of ['elsewhere', 'nowhere']) {
      await expect(run(['--kubeconfig', kubeconfig, '--context', context])).rejects.toThrow(UserError);
    }
  });

  it('reports that the cluster cannot be reached', async () => {
    const { api, kubeconfig } = await start([]);
    await api.close();
    await expect(run(['--kubeconfig', kubeconfig])).rejects.toThrow(/cannot read from .* \(ECONNREFUSED\)/);
  });

  it.each([
    { name: 'null', body: 'null' },
    { name: 'a map without items', body: '{}' },
    { name: 'items that are a map', body: '{"kind":"ShootList","items":{"length":5}}' },
    { name: 'items that are lists', body: '{"kind":"ShootList","items":[[1]]}' },
    { name: 'a list', body: '[[1]]' },
    { name: 'a text', body: '"ShootList"' },
  ])('does not call $name a list of objects', async ({ body }) => {
    const { api, kubeconfig } = await start([named(GOOD, 'fine')]);
    api.fail({ path: SHOOTS, status: 200, body });
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect(code).toBe(2);
    expect(out).toContain('not read: shoots.core.gardener.cloud (HTTP 200, and no list of objects)');
  });

  it('accepts null for an empty list, as Go writes one', async () => {
    const { api, kubeconfig } = await start([]);
    api.fail({ path: SHOOTS, status: 200, body: '{"kind":"ShootList","metadata":{},"items":null}' });
    expect((await run(['--kubeconfig', kubeconfig])).code).toBe(0);
  });

  it.each([
    { name: 'the same token again and again', next: () => 'again' },
    { name: 'two in turn', next: (page: number) => `turn-${page % 2}` },
    { name: 'new ones for ever', next: (page: number) => `page-${page}` },
  ])('ends where a list never does: $name', async ({ next }) => {
    const { api, kubeconfig } = await start([]);
    for (let page = 0; page < 30; page += 1) {
      const body = { kind: 'ShootList', metadata: { continue: next(page) }, items: [] };
      api.fail({ path: SHOOTS, status: 200, body });
    }
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect(code).toBe(2);
    expect(out).toContain('not read: shoots.core.gardener.cloud (the list does not continue)');
  });

  it.each([
    {
      name: 'prints something else',
      command: ['echo', '{}'],
      reason: 'printed no ExecCredential',
    },
    { name: 'prints no JSON', command: ['echo', 'secret-token'], reason: 'printed no ExecCredential' },
    { name: 'prints nothing', command: ['true'], reason: 'printed no ExecCredential' },
    {
      name: 'fails',
      command: ['sh', '-c', 'printf "please\\033[31m log in" >&2; exit 1'],
      reason: 'failed: please\\u001b[31m log in',
    },
    { name: 'is not there', command: ['no-such-plugin'], reason: 'cannot be started (ENOENT)' },
  ])('reports what is wrong with a credential plugin that $name', async ({ command, reason }) => {
    const { kubeconfig } = await start([]);
    const [name, ...args] = command;
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: name,
      args,
      interactiveMode: 'Never',
    };
    writeFileSync(
      kubeconfig,
      readFileSync(kubeconfig, 'utf8').replace('{token: secret-token}', JSON.stringify({ exec })),
    );
    const thrown: unknown = await run(['--kubeconfig', kubeconfig]).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(UserError);
    const { message } = thrown as UserError;
    expect(message).toContain(`the credential plugin ${JSON.stringify(name)} ${reason}`);
    expect(message).not.toContain('secret-token');
  });
});

it('waits a minute at most, however long a server asks to wait', async () => {
  const slept: number[] = [];
  let isBusy = true;
  const api = {
    request: async () => {
      if (!isBusy) return { kind: 'ShootList', items: [] };
      isBusy = false;
      throw new ApiError('GET', SHOOTS, 429, { retryAfter: 86_400 });
    },
  };
  const collection = { group: 'core.gardener.cloud', version: 'v1beta1', resource: 'shoots' };
  const sleep = async (ms: number) => void slept.push(ms);
  for await (const _ of listCollection(api, collection, { pageSize: 1, sleep }));
  expect(slept).toEqual([60_000]);
});
