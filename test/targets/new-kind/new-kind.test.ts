import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Faces } from './faces.ts';
import { ADDED, CHANGED } from './files.ts';

// A copy of the tree with one kind more. A contributor who adds a kind writes its target, its schema, its rules and one line of
// the registry; all else is to follow by itself.

const ROOT = new URL('../../../', import.meta.url).pathname;
const NEEDED = ['README.md', 'docs', 'manifests', 'package.json', 'schemas', 'src', 'test'];

const copy = mkdtempSync(join(tmpdir(), 'calico-admission-new-kind-'));
afterAll(() => rmSync(copy, { recursive: true }));

let faces: Faces;
beforeAll(async () => {
  // What parts with a package.json of their own have installed stays where it is.
  const filter = (path: string) => !path.endsWith('/node_modules');
  for (const name of NEEDED) cpSync(join(ROOT, name), join(copy, name), { recursive: true, filter });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const [path, text] of Object.entries(ADDED)) writeFileSync(join(copy, path), text, { flag: 'wx' });
  for (const [path, change] of Object.entries(CHANGED)) {
    writeFileSync(join(copy, path), insert(readCopy(path), change));
  }
  const [seen] = await Promise.all([
    runNode(
      "import { runTypeScript } from './test/support/run-typescript.js'; await runTypeScript(['test/targets/new-kind/faces'], []);",
    ),
    runNode("await import('./test/docs/start.js');"),
  ]);
  faces = JSON.parse(seen);
}, 300_000);

function readCopy(path: string): string {
  return readFileSync(join(copy, path), 'utf8');
}

function insert(text: string, { first, after = '', line }: (typeof CHANGED)[string]): string {
  const at = after === '' ? text.length : text.indexOf(after) + after.length;
  if (at < after.length) throw new Error(`no place for ${line}`);
  return `${first}${text.slice(0, at)}${line}${text.slice(at)}`;
}

/** Runs a script in the copy. @returns what it says on standard output */
function runNode(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: copy });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`exit code ${code}: ${err}`))));
  });
}

const DENIED = /"allowed": ?false.*\[calico\/gizmo-size\]/s;

describe('a new kind', () => {
  it('is evaluated by the server and by review', () => {
    expect(faces.server.good).toMatch(/"allowed":true/);
    expect(faces.server.bad).toMatch(DENIED);
    expect(faces.review).toMatch(DENIED);
  });

  it('is known by its looks', () => {
    expect(faces.server.unnamed).toMatch(DENIED);
  });

  it('is looked through for keys written twice, and for too much', () => {
    expect(faces.server.twice).toMatch(/request\.object\.spec\.size is written more than once/);
    expect(faces.server.settingsTwice).toMatch(/request\.object\.spec\.settings is written more than once/);
    expect(faces.server.statusTwice).toMatch(/request\.object\.status\.phase is written more than once/);
    expect(faces.server.large).toMatch(/spec\.settings is too large/);
    expect(faces.scan).toEqual([['a']]);
  });

  it('has its clouds as labels of the metrics', () => {
    expect(faces.server.paths).toContain('/mutate/gizmo-cloud');
  });

  it('is evaluated in files, as its API server completes it', () => {
    expect(faces.check.bad).toEqual(['error calico/gizmo-size']);
    expect(faces.check.ofOldGroup).toEqual(['error calico/gizmo-size']);
    // Another cluster may not complete it.
    expect(faces.check.completed).toEqual(['warning calico/gizmo-size']);
    expect(faces.check.template).toEqual(['note template']);
  });

  it('distinguishes clusters', () => {
    expect(faces.check.oneCluster).toEqual(['error calico/ippool-overlap']);
    expect(faces.check.twoClusters).toEqual([]);
  });

  it('has its rule listed and explained', () => {
    expect(faces.rules).toMatch(/^calico\/gizmo-size +deny +a Gizmo has a size of at most 10$/m);
    expect(faces.page).toContain('A larger Gizmo does not fit.');
  });

  it('is listed by audit, in the group that a cluster serves', () => {
    const gizmos = faces.audit.listed.filter((each) => each.includes('gizmos'));
    expect(gizmos).toEqual(['gizmos.gizmos.example.org/v1']);
    expect(faces.audit.evaluated).toEqual({ 'gizmos.gizmos.example.org': 1 });
    expect(faces.audit.rules).toEqual(['calico/gizmo-size']);
  });

  it.each([
    'manifests/base/audit/clusterrole.yaml',
    'manifests/chart/charts/application/templates/clusterrole-audit.yaml',
  ])('may be read by an audit: %s', (path) => {
    expect(readCopy(path)).toContain(
      '  - apiGroups: [gizmos.example.org]\n    resources: [gizmos]\n    verbs: [get, list]\n',
    );
  });

  it('is asked about where its group is', () => {
    expect(faces.manifests).toMatch(/- gizmos\.example\.org\n/);
    expect(faces.manifests).not.toContain('old-gizmos');
    expect(faces.manifestsWithoutGroup).not.toContain('gizmos');
    expect(faces.manifestsHelp).toMatch(/\bbgp \([^)]*\bGizmo\b/);
    expect(readCopy('manifests/README.md')).toMatch(/^\| `bgp` \| .*\bGizmo\b.* \|$/m);
    expect(readCopy('manifests/chart/charts/application/templates/_kinds.tpl')).toContain(`\
- apiGroups: [gizmos.example.org]
  apiVersions: [v1]
  resources: [gizmos]
  operations: [CREATE, UPDATE]
  scope: Namespaced
`);
  });

  it('has its pages', () => {
    expect(readCopy('docs/rules/calico/gizmo-size.md')).toContain('A larger Gizmo does not fit.');
    expect(readCopy('docs/rules/README.md')).toContain(
      '## Gizmo (gizmos.example.org, old-gizmos.example.org)\n',
    );
    expect(readCopy('docs/messages.md')).toContain('not a size of at most 10 (got 11); use 10');
    expect(readCopy('schemas/config.json')).toContain('"calico/gizmo-size"');
    expect(JSON.parse(readCopy('schemas/gizmo.json'))).toMatchObject({ $id: 'gizmo.json', title: 'A Gizmo' });
    expect(readCopy('manifests/overlays/trial/config.yaml')).toContain('calico/gizmo-size: warn\n');
  });

  it('has bombs of its own, and bounds', () => {
    const names = faces.bombs.map(({ name }) => name).join('\n');
    expect(names).toMatch(/^spec\.parts: \d+ /m);
    expect(names).toMatch(/^spec\.settings: \d+ keys$/m);
    const lists = faces.bombs.filter(({ name }) => name.startsWith('spec.parts: 140000 '));
    expect(lists.length).toBeGreaterThan(0);
    for (const { name, rules } of lists) expect(rules, name).toContain('calico/too-many-items');
  });
});
