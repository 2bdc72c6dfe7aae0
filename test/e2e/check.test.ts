import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shootWith } from '../check/command.ts';
import { cli, MAIN, run } from './process.ts';

let room: string;
beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), 'calico-admission-e2e-check-'));
});
afterAll(() => rmSync(room, { recursive: true }));

describe('check, as it is installed', () => {
  it('says what is wrong, and exits with 1', async () => {
    const finished = await cli(['check', '-'], { input: shootWith('backend: birdy') });
    expect(finished).toMatchObject({ code: 1, stderr: '' });
    expect(finished.stdout).toMatch(
      /^-:19:16: error: not a backend of Calico \(got "birdy"\) \[shoot\/backend\]\n/,
    );
    expect(finished.stdout).toMatch(/\n1 error \(1 object judged, 1 document in 1 file\)\n$/);
  });

  it('exits with 0 and 2 where it should', async () => {
    expect(await cli(['check', '-'], { input: shootWith('backend: none') })).toMatchObject({ code: 0 });
    expect(await cli(['check', join(room, 'nothing')])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `calico-admission: cannot read ${join(room, 'nothing')} (ENOENT); check the path and who may read it\n`,
    });
    expect(await cli(['check'])).toMatchObject({ code: 2 });
  });

  it('does not mind a reader that has seen enough', async () => {
    const bad = Array.from({ length: 300 }, (_, index) => shootWith('backend: birdy', `s${index}`)).join(
      '---\n',
    );
    writeFileSync(join(room, 'many.yaml'), bad);
    const finished = await run('sh', [
      '-c',
      `"${process.execPath}" "${MAIN}" check "${join(room, 'many.yaml')}" | head -n 1`,
    ]);
    expect(finished).toMatchObject({ code: 0, stderr: '' });
  });
});

/** The packages of all that a chunk of dist/ imports before it runs. */
function packagesOf(command: string): Set<string> {
  const dist = dirname(MAIN);
  const chunks = readdirSync(join(dist, 'chunks')).filter((name) =>
    new RegExp(`^${command}-[A-Z0-9]+\\.js$`).test(name),
  );
  expect(chunks).toHaveLength(1);
  const open = [MAIN, ...chunks.map((name) => join(dist, 'chunks', name))];
  const seen = new Set<string>();
  const packages = new Set<string>();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, from = ''] of text.matchAll(/^(?:import|export)\b[^'"`;]*?"(\.[^"]+)"/gm))
      open.push(join(dirname(file), from));
    for (const [, name = ''] of text.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm))
      packages.add(name);
  }
  return packages;
}

describe('check starts at once', () => {
  it('because it loads nothing of the server, the certificates and the cluster', () => {
    const packages = packagesOf('check');
    expect([...packages]).toEqual(expect.arrayContaining(['ajv', 're2js', 'yaml']));
    const heavy = [
      'fastify',
      '@kubernetes/client-node',
      'selfsigned',
      '@peculiar/x509',
      'pino',
      'prom-client',
    ];
    expect(heavy.filter((name) => packages.has(name))).toEqual([]);
    // What the server loads shows that this would be seen.
    expect([...packagesOf('serve')]).toEqual(expect.arrayContaining(['fastify', 'pino', 'prom-client']));
  });
});
