import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfigFile } from '../../src/config.ts';
import { check } from '../../src/index.ts';
import { readList, readMap, readString } from '../../src/policy/json.ts';

// What a page shows to be copied is run by a test. Those that need a server or a cluster are run end to end.

const ROOT = new URL('../../', import.meta.url);
const SAMPLES = 'test/e2e/samples.test.ts';
const START = 'test/e2e/life-cycle.test.ts';
const CLUSTER = 'test/e2e/kubernetes/readme.test.ts';
const RENDERED = 'test/manifests/rendered-check.test.ts';

/** How a block begins, and the test that runs it; of YAML that is this file. */
const RUN_BY: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  'README.md': new Map([
    ['git clone ', SAMPLES],
    ['$ ', SAMPLES],
    ['npm start\n', START],
    ['npm test -- ', SAMPLES],
    ['node dist/main.js audit ', CLUSTER],
    ['node dist/main.js doctor ', CLUSTER],
    ['# yaml-language-server: ', 'here'],
  ]),
  'docs/webhooks.md': new Map([
    ['npm ci && npm start\n', START],
    ['$ ', SAMPLES],
    ['npm start -- ', CLUSTER],
    ['kubectl ', CLUSTER],
    ['Warning: ', CLUSTER],
    ['spec:\n', 'here'],
  ]),
  'docs/check.md': new Map([
    ['$ ', SAMPLES],
    ['helm template ', RENDERED],
    ['spec:\n', 'here'],
    ['# .pre-commit-config.yaml\n', 'here'],
    ['steps:\n', 'here'],
  ]),
  'docs/library.md': new Map([
    ['import ', 'test/library/library.test.ts'],
    ['4: ', 'test/library/library.test.ts'],
  ]),
};

function readRoot(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

function listBlocks(page: string): string[] {
  return Array.from(readRoot(page).matchAll(/^```\w*\n([\s\S]*?)^```$/gm), ([, block = '']) => block);
}

function blockOf(page: string, start: string): string {
  return listBlocks(page).find((block) => block.startsWith(start)) ?? '';
}

describe.each(Object.entries(RUN_BY))('%s', (page, runBy) => {
  it('shows nothing that no test runs', () => {
    const starts = [...runBy.keys()];
    expect(listBlocks(page).filter((block) => !starts.some((start) => block.startsWith(start)))).toEqual([]);
    expect(starts.filter((start) => blockOf(page, start) === '')).toEqual([]);
  });

  it('is read by the tests that run it', () => {
    const files = [...new Set(runBy.values())].filter(
      (file) => file !== 'here' && !file.includes('life-cycle'),
    );
    for (const file of files) {
      const isAnswered = file === SAMPLES && readRoot('test/docs/answered-pages.ts').includes(`'${page}'`);
      expect(isAnswered || readRoot(file).includes(page), file).toBe(true);
    }
  });
});

it('the configuration of README.md is one that the server accepts', () => {
  const config = loadConfigFile('README.md', () => blockOf('README.md', '# yaml-language-server: '));
  expect(config.exempt).toHaveLength(1);
  expect(config.rules?.['shoot/network-type']).toBe('audit');
});

it('the corrected Shoot of docs/webhooks.md has no mistake', () => {
  const head =
    'apiVersion: core.gardener.cloud/v1beta1\nkind: Shoot\nmetadata: {name: dev, namespace: garden-dev}\n';
  const { findings, summary } = check([
    { name: 'shoot.yaml', text: head + blockOf('docs/webhooks.md', 'spec:\n') },
  ]);
  expect(findings).toEqual([]);
  expect(summary.objects).toBe(1);
});

it('the comments of docs/check.md ignore a finding each', () => {
  const head = 'apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: pods}\n';
  const { findings, suppressed } = check([
    { name: 'pool.yaml', text: head + blockOf('docs/check.md', 'spec:\n') },
  ]);
  expect(findings).toEqual([]);
  expect(suppressed.map(({ rule }) => rule)).toEqual(['calico/ippool-cidr', 'calico/ippool-mode']);
});

it('the hook of docs/check.md is one of this repository', () => {
  const config: unknown = parse(blockOf('docs/check.md', '# .pre-commit-config.yaml'));
  const [repository] = readList(config, 'repos') ?? [];
  const ids = (readList(repository, 'hooks') ?? []).map((hook) => readString(hook, 'id'));
  const hooks: { readonly id: string }[] = parse(readRoot('.pre-commit-hooks.yaml'));
  expect(ids).toHaveLength(1);
  expect(hooks.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  for (const { id } of hooks) expect(readRoot('docs/check.md')).toContain(id);
});

it('the inputs of docs/check.md are those of the action', () => {
  const [, step] = readList(parse(blockOf('docs/check.md', 'steps:\n')), 'steps') ?? [];
  const inputs = Object.keys(readMap(parse(readRoot('action.yml')), 'inputs') ?? {});
  const given = Object.keys(readMap(step, 'with') ?? {});
  expect(given).toEqual(['paths']);
  expect(inputs).toEqual(expect.arrayContaining([...given, 'since', 'ignore', 'inline-config']));
});
