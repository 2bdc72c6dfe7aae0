import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ANSWERED_PAGES } from '../docs/answered-pages.ts';
import { expectSample, type Sample } from '../samples/sample.ts';
import { cli, curl, ROOT, run, type Served, serveBuilt } from './process.ts';

const SAMPLES: readonly Sample[] = JSON.parse(readFileSync(join(ROOT, 'test/samples/index.json'), 'utf8'));

let served: Served;
beforeAll(async () => {
  served = await serveBuilt();
});
afterAll(() => served.cleanUp());

describe('every sample, by curl that verifies the certificate', () => {
  it.each(SAMPLES.map((sample) => [`${sample.file} to ${sample.path}`, sample] as const))(
    '%s',
    async (_name, sample) => {
      const file = join(ROOT, 'test/samples', sample.file);
      const answer = await curl(served, sample.path, [
        '-H',
        'Content-Type: application/json',
        '--data',
        `@${file}`,
      ]);
      expect(answer.stderr).toBe('');
      expectSample(sample, answer.status, answer.text);
    },
  );

  it('fails without the certificate authority', async () => {
    expect((await run('curl', ['-s', `${served.url}/healthz`])).code).toBe(60);
  });

  it('answers by HTTP/1.1, by name and by address', async () => {
    for (const host of ['localhost', '127.0.0.1']) {
      const port = new URL(served.url).port;
      const args = [
        '-sS',
        '--cacert',
        join(served.certDir, 'ca.crt'),
        '-o',
        '/dev/null',
        '-w',
        '%{http_version}',
      ];
      expect((await run('curl', [...args, `https://${host}:${port}/healthz`])).stdout).toBe('1.1');
    }
  });
});

describe('review answers as the server does', () => {
  const reviews = SAMPLES.filter((sample) => sample.expect.status === undefined);
  it.each(reviews.map((sample) => [`${sample.file} to ${sample.path}`, sample] as const))(
    '%s',
    async (_name, sample) => {
      const finished = await cli(['review', '--path', sample.path, join(ROOT, 'test/samples', sample.file)]);
      expect(finished).toMatchObject({ code: 0, stderr: '' });
      expectSample(sample, 200, finished.stdout);
    },
  );
});

describe.each(ANSWERED_PAGES)('the commands of %s', (name) => {
  const page = readFileSync(join(ROOT, name), 'utf8');
  const blocks = [...page.matchAll(/```console\n\$ ([^\n]+)\n([\s\S]*?)```/g)].map((match) => ({
    command: match[1] ?? '',
    output: match[2] ?? '',
  }));

  it('are there', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(2);
  });

  it.each(blocks)('$command', async ({ command, output }) => {
    // Copied and pasted, but for the port and the directory of this run.
    const here = command
      .replace('certs/ca.crt', join(served.certDir, 'ca.crt'))
      .replace('https://127.0.0.1:8443', served.url);
    const finished = await run('bash', ['-c', here]);
    // What it finds is an error, and an error is the exit code; a diff is printed, and no more.
    const code = / check /.test(command) ? 1 : 0;
    expect(finished.code).toBe(code);
    // A terminal shows both; the note about notes comes last.
    expect(`${finished.stdout}${finished.stderr}`.trim()).toBe(output.trim());
  });
});

// What it starts installs, builds and tests, which takes its time on a busy machine.
describe('the README', { timeout: 300_000 }, () => {
  const page = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const find = (start: string): string => {
    const block = blocks.find((each) => each.startsWith(start));
    if (block === undefined) throw new Error(`README.md has no block that begins with ${start}`);
    return block;
  };

  it('installs the command', async () => {
    const room = mkdtempSync(join(tmpdir(), 'calico-admission-'));
    onTestFinished(() => rmSync(room, { recursive: true, force: true }));
    // npm ci installs, which this checkout has done, and builds.
    const here = find('git clone')
      .replace('https://github.com/OWNER/calico-admission.git', `--quiet ${ROOT} calico-admission`)
      .replace('npm ci', `ln -s ${join(ROOT, 'node_modules')} . && npm run --silent build`);
    expect(await run('bash', ['-e', '-c', here], { cwd: room })).toMatchObject({ code: 0, stderr: '' });
    const main = join(room, 'calico-admission/dist/main.js');
    expect((await run(process.execPath, [main, '--version'])).stdout).toMatch(/^calico-admission \d/);
  });

  it('runs the tests of one rule', async () => {
    const finished = await run('bash', ['-c', find('npm test')], { env: { NO_COLOR: '1' } });
    expect(finished.code, finished.stdout + finished.stderr).toBe(0);
    expect(finished.stdout).toMatch(/Tests +\d+ passed/);
  });
});
