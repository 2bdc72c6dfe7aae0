import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { shoot } from '../support/evaluate.ts';
import { type PagingApi, startPagingApi } from '../support/paging-api.ts';
import { MAIN, run } from './process.ts';

// A landscape does not fit into memory, and need not.
const SHOOTS = '/apis/core.gardener.cloud/v1beta1/shoots';
const NUMBER = 4000;
/** Bytes of each object: as large as a Shoot with its status and managed fields. */
const SIZE = 50_000;

let room: string;
let api: PagingApi | undefined;
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterEach(async () => {
  await api?.close();
  rmSync(room, { recursive: true });
});

it('audits 200 MB of Shoots with 64 MB of heap', { timeout: 300_000 }, async () => {
  const broken = shoot({ vethMtu: '1440' });
  const large = {
    ...broken,
    status: { text: Array.from({ length: SIZE / 50 }, (_, at) => `${at}`.padStart(45)) },
  };
  api = await startPagingApi({
    [SHOOTS]: { kind: 'Shoot', items: Array.from({ length: NUMBER }, () => large) },
  });
  const kubeconfig = join(room, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    `current-context: here
clusters: [{name: here, cluster: {server: "${api.url}", certificate-authority-data: ${Buffer.from(api.ca).toString('base64')}}}]
users: [{name: me, user: {token: secret}}]
contexts: [{name: here, context: {cluster: here, user: me}}]
`,
  );
  const args = ['--max-old-space-size=64', MAIN, 'audit', '--kubeconfig', kubeconfig];
  const { code, stdout, stderr } = await run(process.execPath, args);
  expect(stderr).toBe('');
  expect(stdout).toContain(`${NUMBER} objects evaluated\n  ${NUMBER} shoots.core.gardener.cloud\n`);
  expect(stdout).toContain(`shoot/unknown-field (${NUMBER})`);
  expect(code).toBe(1);
});
