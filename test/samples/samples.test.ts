import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerSample } from '../docs/answer-sample.ts';
import { listSamples } from '../docs/samples-page.ts';
import { registry } from '../support/registry.ts';
import { send, startServer, type TestServer } from '../support/server.ts';
import { expectSample } from './sample.ts';

describe('the samples', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it.each(listSamples().map((sample) => [`${sample.file} to ${sample.path}`, sample] as const))(
    '%s',
    async (_name, sample) => {
      const file = new URL(sample.file, import.meta.url);
      const reply = await send(server, { path: sample.path, body: readFileSync(file) });
      expectSample(sample, reply.status, reply.text);
      // What the pages show is what the server says.
      expect(JSON.parse(reply.text)).toEqual(answerSample(registry, file, sample.path));
    },
  );
});
