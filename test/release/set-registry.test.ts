import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import { run } from './set-registry.ts';

const root = mkdtempSync(join(tmpdir(), 'calico-admission-registry-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const read = (file: string): string => readFileSync(join(root, 'manifests', file), 'utf8');

it('writes the registry into charts, overlays and the Extension, and nothing else', () => {
  const manifests = new URL('../../manifests/', import.meta.url).pathname;
  cpSync(manifests, join(root, 'manifests'), {
    recursive: true,
    filter: (path) => !/\.(crt|key)$/.test(path),
  });
  expect(run({ root, args: ['127.0.0.1:5000/team'] })).toBe(0);
  expect(parse(read('chart/charts/runtime/values.yaml')).image.repository).toBe(
    '127.0.0.1:5000/team/calico-admission',
  );
  const { deployment } = parse(read('gardener/extension.yaml')).spec;
  expect(deployment.extension.helm.ociRepository.ref).toMatch(
    /^127\.0\.0\.1:5000\/team\/charts\/calico-admission:\d/,
  );
  for (const file of readdirSync(join(root, 'manifests'), { recursive: true, encoding: 'utf8' })) {
    if (!/\.(yaml|md|json|tpl|txt)$/.test(file)) continue;
    const before = readFileSync(join(manifests, file), 'utf8');
    expect(read(file), file).toBe(before.replaceAll('registry.example.org', '127.0.0.1:5000/team'));
  }
});

it.each(['', 'ghcr.io/Owner', 'https://ghcr.io/owner', 'ghcr.io/owner/', '-x', 'a b', 'a:b:c', '$(id)'])(
  'rejects %j',
  (registry) => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    onTestFinished(() => write.mockRestore());
    expect(run({ root: '/nowhere', args: [registry] })).toBe(2);
    expect(write).toHaveBeenCalledWith(expect.stringContaining('write it as ghcr.io/owner'));
  },
);
