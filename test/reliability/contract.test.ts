import { readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import fc from 'fast-check';
import { applyPatch, type Operation } from 'rfc6902';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdmissionReview } from '../../src/admission/answer.ts';
import { type Served, serveBuilt } from '../e2e/process.ts';
import { SHOOT_CASE } from '../support/arbitrary-shoot.ts';
import type { EvaluationCase } from '../support/evaluate.ts';
import { decodePatch, expectWellFormed, toReview } from '../support/review.ts';
import { send } from '../support/server.ts';
import { record } from './figures.ts';
import { portOf } from './replica.ts';

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
  port = portOf(served.url);
});
afterAll(() => {
  agent.destroy();
  served.cleanUp();
});

async function ask(path: string, subject: EvaluationCase, object: unknown): Promise<AdmissionReview> {
  const operation = subject.old === undefined ? 'CREATE' : 'UPDATE';
  const body = JSON.stringify(toReview({ operation, object, oldObject: subject.old ?? null }));
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

interface Broken {
  /** The second time there was something left to do. */
  twice: number;
  /** What was written is rejected. */
  rejected: number;
}

/** How many operations its patch had. */
async function evaluate(subject: EvaluationCase, broken: Broken): Promise<number> {
  const mutate = subject.pathProvider === undefined ? '/mutate' : `/mutate/${subject.pathProvider}`;
  const operations = decodePatch(await ask(mutate, subject, subject.object));
  const object = structuredClone(subject.object);
  expect(applyPatch(object, structuredClone(operations))).toEqual(operations.map(() => null));
  if (decodePatch(await ask(mutate, subject, object)).length > 0) broken.twice += 1;
  const { status } = (await ask('/validate', subject, object)).response;
  // Where a whole configuration was added, all of it is ours; else only what was written counts.
  const rejected = (status?.details.causes ?? []).filter((cause) => isAt(cause.field, operations));
  if (rejected.length > 0) broken.rejected += 1;
  return operations.length;
}

describe('what API servers and other webhooks may rely on', () => {
  it('mutate twice is once, patches apply, what was written is not rejected, nothing is a 5xx', async () => {
    const shoots = 10_000;
    const cases = fc.sample(SHOOT_CASE, { numRuns: shoots, seed: SEED });
    const broken: Broken = { twice: 0, rejected: 0 };
    let patched = 0;
    let operations = 0;
    const bad: string[] = [];
    for (let start = 0; start < cases.length; start += AT_ONCE) {
      const counts = await Promise.all(
        cases.slice(start, start + AT_ONCE).map((subject) =>
          evaluate(subject, broken).catch((error: unknown) => {
            bad.push(`${JSON.stringify(subject)}: ${String(error)}`);
            return 0;
          }),
        ),
      );
      patched += counts.filter((count) => count > 0).length;
      operations += counts.reduce((sum, count) => sum + count, 0);
    }
    record({
      number: 14,
      test: 'contract',
      promise:
        'every answer is one that kube-apiserver takes, every patch applies, a second time there is nothing to do, and nothing that was written is refused',
      load: `${shoots.toLocaleString('en')} random Shoots, new and changed, over HTTPS: mutated, patched by another library (rfc6902), mutated again, validated`,
      measured: `${bad.length} answers wrong or patches that do not apply, ${broken.twice} patched twice, ${broken.rejected} refused; ${patched.toLocaleString('en')} were patched, by ${operations.toLocaleString('en')} operations`,
      elsewhere: 'not compared',
    });
    expect(bad.slice(0, 5)).toEqual([]);
    expect(broken).toEqual({ twice: 0, rejected: 0 });
    // The Shoots are no use if nothing happens to them.
    expect(patched).toBeGreaterThan(shoots / 10);
  });
});
