import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startServer, type TestServer } from '../support/server.ts';
import { expectSample, type Sample } from './sample.ts';

const SAMPLES: readonly Sample[] = JSON.parse(readFileSync(new URL('./index.json', import.meta.url), 'utf8'));

describe('the samples', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  const rows: string[] = [];
  it.each(SAMPLES.map((sample) => [`${sample.file} to ${sample.path}`, sample] as const))(
    '%s',
    async (_name, sample) => {
      const body = readFileSync(new URL(sample.file, import.meta.url));
      const reply = await send(server, { path: sample.path, body });
      expectSample(sample, reply.status, reply.text);
      const answer = JSON.stringify(JSON.parse(reply.text), null, 2);
      const patch: unknown = JSON.parse(reply.text).response?.patch;
      const decoded =
        typeof patch === 'string' ? `\n\nThe patch, decoded: \`${Buffer.from(patch, 'base64')}\`` : '';
      rows.push(
        `## ${sample.about}\n\n[${sample.file}](${sample.file}) to \`${sample.path}\`${sample.expect.status === 400 ? ', HTTP 400' : ''}\n\n\`\`\`json\n${answer}\n\`\`\`${decoded}\n`,
      );
    },
  );

  it('stand in the README with their answers', async () => {
    const page = `# Samples\n\nReviews to try, and what the server answers to each. This page is made by the tests (\`npm run docs\`).\n\n${rows.join('\n')}`;
    await expect(page).toMatchFileSnapshot('./README.md');
  });
});
