import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReviewReader } from '../../../src/admission/read.ts';
import { ApiError } from '../../../src/cluster/api.ts';
import { auditCluster } from '../../../src/cluster/audit.ts';
import type { Command, Io } from '../../../src/commands/command.ts';
import { manifests } from '../../../src/commands/manifests.ts';
import { review } from '../../../src/commands/review.ts';
import { rules } from '../../../src/commands/rules.ts';
import { readMap } from '../../../src/policy/json.ts';
import { DEFAULT_SETTINGS } from '../../../src/policy/settings.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { createRoom, type JsonReport, runCheck } from '../../check/command.ts';
import { bombsOf } from '../../support/bombs.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { toReview } from '../../support/review.ts';
import { send, startServer } from '../../support/server.ts';

// Runs in the copy that has the kind: what each face of the product does with it, as JSON on standard output.

const GIZMO = { apiVersion: 'gizmos.example.org/v1', kind: 'Gizmo', metadata: { name: 'g' } };

export type Faces = Awaited<ReturnType<typeof lookAtFaces>>;

export async function run(): Promise<number> {
  process.stdout.write(JSON.stringify(await lookAtFaces()));
  return 0;
}

async function lookAtFaces() {
  return {
    server: await lookAtServer(),
    ...(await lookAtCommands()),
    check: await lookAtCheck(),
    audit: await lookAtAudit(),
    scan: lookAtScan(),
    bombs: lookAtBombs(),
  };
}

function textOf(object: object): string {
  return JSON.stringify(toReview({ operation: 'CREATE', object }));
}

const TOO_LARGE = { ...GIZMO, spec: { size: 11 } };

async function lookAtServer() {
  const server = await startServer();
  try {
    const ask = async (body: string, path = '/validate') => (await send(server, { path, body })).text;
    const good = textOf({ ...GIZMO, spec: { size: 1 } });
    await ask(good, '/mutate/gizmo-cloud');
    const { text } = await server.metrics.expose();
    return {
      good: await ask(good),
      bad: await ask(textOf(TOO_LARGE)),
      unnamed: await ask(textOf({ spec: { size: 11, settings: {} } })),
      twice: await ask(good.replace('"size":1', '"size":1,"size":1')),
      settingsTwice: await ask(good.replace('"size":1', '"settings":{},"settings":{}')),
      statusTwice: await ask(good.replace('"spec":', '"status":{"phase":1,"phase":2},"spec":')),
      large: await ask(textOf({ ...GIZMO, spec: { size: 1, settings: { a: 'x'.repeat(200_000) } } })),
      paths: [...text.matchAll(/review_duration_seconds_count\{path="([^"]+)"/g)].map((match) => match[1]),
    };
  } finally {
    await server.close();
  }
}

async function runCommand(command: Command, args: readonly string[], stdin = ''): Promise<string> {
  let out = '';
  const io: Io = {
    env: {},
    stdout: (text) => {
      out += text;
    },
    stderr: () => {},
    isTerminal: false,
    readStdin: async () => Buffer.from(stdin),
  };
  await command.run(args, io);
  return out;
}

async function lookAtCommands() {
  const dir = mkdtempSync(join(tmpdir(), 'new-kind-'));
  try {
    const { ca } = await makeCertificates();
    writeFileSync(join(dir, 'ca.crt'), ca);
    const registered = (...more: readonly string[]) =>
      runCommand(manifests, ['--cluster', 'calico', '--cert-dir', dir, ...more]);
    return {
      review: await runCommand(review, ['-'], textOf(TOO_LARGE)),
      rules: await runCommand(rules, []),
      page: await runCommand(rules, ['calico/gizmo-size']),
      manifests: await registered('--kinds', 'bgp'),
      manifestsWithoutGroup: await registered(),
      manifestsHelp: manifests.usage,
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function pool(name: string): string {
  return `---\napiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: ${name}}\nspec: {cidr: 10.0.0.0/16}\n`;
}

function gizmo(name: string, spec = '{size: 1}', group = 'gizmos.example.org'): string {
  return `---\napiVersion: ${group}/v1\nkind: Gizmo\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
}

async function lookAtCheck() {
  const check = async (files: Readonly<Record<string, string>>): Promise<string[]> => {
    const room = createRoom();
    try {
      room.write(files);
      const { stdout } = await runCheck(['--notes', '--output', 'json', room.path]);
      const { findings }: JsonReport = JSON.parse(stdout);
      return findings.map(({ rule, severity }) => `${severity} ${rule}`);
    } finally {
      room.cleanUp();
    }
  };
  return {
    bad: await check({ 'a.yaml': gizmo('bad', '{size: 11}') }),
    ofOldGroup: await check({ 'a.yaml': gizmo('bad', '{size: 11}', 'old-gizmos.example.org') }),
    completed: await check({ 'a.yaml': gizmo('good', '{}') }),
    template: await check({ 'a.yaml': `{{- if .Values.gizmo }}\n${gizmo('g')}{{- end }}\n` }),
    // Two files with the same range of addresses: of one cluster, or, by what a cluster has once, of two.
    oneCluster: await check({ 'a.yaml': pool('a'), 'b.yaml': pool('b') }),
    twoClusters: await check({ 'a.yaml': pool('a') + gizmo('a'), 'b.yaml': pool('b') + gizmo('b') }),
  };
}

async function lookAtAudit() {
  const listed: string[] = [];
  const options = { registry: loadRegistry(), settings: DEFAULT_SETTINGS };
  // A cluster that has nothing is asked for everything.
  await auditCluster({
    ...options,
    // biome-ignore lint/correctness/useYield: there is nothing in this cluster.
    list: async function* ({ group, version, resource }) {
      listed.push(`${resource}.${group}/${version}`);
      throw new ApiError('GET', '/', 404);
    },
  });
  const { evaluated, findings } = await auditCluster({
    ...options,
    list: async function* ({ resource }) {
      if (resource === 'gizmos') yield TOO_LARGE;
    },
  });
  return { listed, evaluated, rules: findings.map(({ rule }) => rule) };
}

function lookAtScan() {
  const read = createReviewReader(loadRegistry());
  const text = textOf({ ...GIZMO, spec: { size: 1, settings: { a: 1 } } });
  const { duplicates } = read(Buffer.from(text.replace('"a":1', '"a":1,"a":2')));
  return duplicates('object', ['spec', 'settings']);
}

function lookAtBombs() {
  const policy = loadRegistry().find('gizmos.example.org', 'Gizmo');
  const bombs = policy === undefined ? [] : bombsOf(policy);
  const context = { settings: DEFAULT_SETTINGS, namespace: '', checkpoint: () => {} };
  return bombs.map(({ name, object }) => {
    const request = { operation: 'CREATE', object, old: undefined, pathProvider: undefined } as const;
    const outcome = policy?.validate({ ...request, duplicates: () => [] }, context);
    return {
      name,
      parts: readMap(object, 'spec')?.['parts'] !== undefined,
      rules: outcome?.findings.map(({ rule }) => rule),
    };
  });
}
