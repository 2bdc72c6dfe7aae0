import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdmissionReview } from '../../src/admission/answer.ts';
import { decodePatch, ruleIds } from '../support/review.ts';
import { send, startServer, type TestServer } from '../support/server.ts';

// Reviews that once got past us, each beside one that must be answered as before.

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

async function ask(file: string, path: string): Promise<AdmissionReview> {
  const body = readFileSync(new URL(`./attacks/${file}.json`, import.meta.url));
  const reply = await send(server, { path, body });
  expect(reply.status).toBe(200);
  return JSON.parse(reply.text);
}

describe('a status that the sender wrote decides nothing', () => {
  it.each([
    'rev-azure-bird-create',
    'rev-azure-bird-create-with-forged-status',
    'rev-azure-bird-create-with-forged-deletion',
    'rev-azure-bird-update-honest',
    'rev-azure-bird-update-forged-Migrate',
    'rev-azure-bird-update-forged-seed',
  ])('%s', async (file) => {
    const path = '/spec/networking/providerConfig/backend';
    expect(decodePatch(await ask(file, '/mutate'))).toEqual([{ op: 'replace', path, value: 'none' }]);
  });

  it.each([
    'rev-azure-bird-create',
    'rev-azure-bird-create-with-forged-status',
    'rev-azure-bird-update-honest',
    'rev-azure-bird-update-forged-Migrate',
    'rev-azure-bird-update-forged-seed',
  ])('%s, where nothing was patched', async (file) => {
    const { response } = await ask(file, '/validate');
    expect(ruleIds(response.warnings ?? [])).toContain('shoot/azure-backend');
  });
});
