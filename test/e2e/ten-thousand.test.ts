import { readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import fc from 'fast-check';
import { applyPatch, type Operation } from 'rfc6902';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdmissionReview } from '../../src/admission/answer.ts';
import { SHOOT_CASE } from '../support/arbitrary-shoot.ts';
import type { Judged } from '../support/judge.ts';
import { decodePatch, expectWellFormed, toReview } from '../support/review.ts';
import { send } from '../support/server.ts';
import { type Served, serveBuilt } from './process.ts';

const SHOOTS = 10_000;
const AT_ONCE = 25;
// Printed in a failure, so that the same Shoots can be made again.
const SEED = 20_261_121;

let served: Served;
let agent: https.Agent;
let port: number;
beforeAll(async () => {
  served = await serveBuilt(['--log-level', 'error']);
  agent = new https.Agent({
    ca: readFileSync(join(served.certDir, 'ca.crt')),
    keepAlive: true,
    maxSockets: AT_ONCE,
  });
  port = Number(new URL(served.url).port);
});
afterAll(() => {
  agent.destroy();
  served.cleanUp();
});

async function ask(path: string, judged: Judged, object: unknown): Promise<AdmissionReview> {
  const operation = judged.old === undefined ? 'CREATE' : 'UPDATE';
  const body = JSON.stringify(toReview({ operation, object, oldObject: judged.old ?? null }));
  const reply = await send({ port, agent }, { path, body });
  expect(reply.status, `${path}: ${body}`).toBe(200);
  const answer: AdmissionReview = JSON.parse(reply.text);
  expectWellFormed(answer);
  return answer;
}

/** A field and what lies below or above it are the same place. */
function isAt(field: string, operations: readonly Operation[]): boolean {
  return operations.some(({ path }) => {
    const written = path.slice(1).replaceAll('/', '.');
    return field === written || field.startsWith(`${written}.`);
  });
}

async function judge(judged: Judged): Promise<number> {
  const mutate = judged.pathProvider === undefined ? '/mutate' : `/mutate/${judged.pathProvider}`;
  const operations = decodePatch(await ask(mutate, judged, judged.object));
  const object = structuredClone(judged.object);
  expect(applyPatch(object, structuredClone(operations))).toEqual(operations.map(() => null));
  expect(decodePatch(await ask(mutate, judged, object))).toEqual([]);
  const { status } = (await ask('/validate', judged, object)).response;
  // Where a whole configuration was added, it is nobody's but ours; else only what was written counts.
  const refused = (status?.details.causes ?? []).filter((cause) => isAt(cause.field, operations));
  expect(refused, JSON.stringify(judged)).toEqual([]);
  return operations.length;
}

describe(`${SHOOTS} Shoots over HTTPS`, () => {
  it('mutate twice is once, patches apply, what was written is not refused, nothing is a 5xx', async () => {
    const cases = fc.sample(SHOOT_CASE, { numRuns: SHOOTS, seed: SEED });
    let patched = 0;
    for (let start = 0; start < cases.length; start += AT_ONCE) {
      const counts = await Promise.all(cases.slice(start, start + AT_ONCE).map(judge));
      patched += counts.filter((count) => count > 0).length;
    }
    // The Shoots are no use if nothing happens to them.
    expect(patched).toBeGreaterThan(SHOOTS / 10);
  }, 300_000);
});
