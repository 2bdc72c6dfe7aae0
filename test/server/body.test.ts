import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { BODY_LIMIT, BodyTooLargeError, readBody } from '../../src/server/body.ts';
import { createBodyBudget } from '../../src/server/body-budget.ts';

let held = 0;
let now = 0;
const budget = createBodyBudget(
  () => now++,
  (bytes) => {
    held = bytes;
  },
);
afterEach(() => expect(held).toBe(0));

/** A body as Node hands it on, in these pieces. */
function read(pieces: readonly Buffer[], headers: Record<string, string> = {}, end = true): Promise<Buffer> {
  const payload = Object.assign(new PassThrough(), { headers });
  const body = new Promise<Buffer>((resolve, reject) =>
    readBody(payload as unknown as IncomingMessage, budget, (error, bytes) =>
      bytes === undefined ? reject(error) : resolve(bytes),
    ),
  );
  for (const piece of pieces) payload.write(piece);
  if (end) payload.end();
  else payload.destroy(new Error('aborted'));
  return body;
}

describe('readBody', () => {
  it('puts together what comes in pieces of any size, with or without a length', async () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.boolean(), async (sizes, hasLength) => {
        const all = sizes.map((size, index) => Buffer.alloc(size, index + 1));
        const whole = Buffer.concat(all);
        const headers: Record<string, string> = hasLength ? { 'content-length': String(whole.length) } : {};
        expect((await read(all, headers)).equals(whole)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('reads nothing, and as much as is allowed', async () => {
    expect(await read([])).toHaveLength(0);
    expect(await read([Buffer.alloc(BODY_LIMIT)])).toHaveLength(BODY_LIMIT);
  });

  it.each([
    { name: 'a length', pieces: [], headers: { 'content-length': String(BODY_LIMIT + 1) } },
    {
      name: 'what came',
      pieces: [Buffer.alloc(BODY_LIMIT), Buffer.alloc(1), Buffer.alloc(1000)],
      headers: {},
    },
    // An invalid number is ignored.
    {
      name: 'what came in spite of a length',
      pieces: [Buffer.alloc(BODY_LIMIT + 1)],
      headers: { 'content-length': '5' },
    },
  ])('is rejected by $name', async ({ pieces, headers }) => {
    await expect(read(pieces, headers)).rejects.toThrow(BodyTooLargeError);
  });

  it('ends with its sender', async () => {
    await expect(read([Buffer.alloc(5)], {}, false)).rejects.toMatchObject({ statusCode: 400 });
  });
});
