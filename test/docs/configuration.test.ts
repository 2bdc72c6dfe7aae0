import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfigFile } from '../../src/config.ts';
import { listMutations, listRules } from '../../src/policy/registry.ts';
import { registry } from '../support/registry.ts';
import { CONFIGURATION_EXAMPLE } from './configuration-page.ts';

const ROOT = new URL('../../', import.meta.url);

function readRoot(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

describe('docs/configuration.md', () => {
  it('has an example that the server accepts', () => {
    const config = loadConfigFile('example', () => CONFIGURATION_EXAMPLE);
    expect(config.rules?.['shoot/unknown-field']).toBe('warn');
    expect(config.mutations?.['mtu-string']).toBe('off');
  });
});

describe.each(['docs/operations.md', 'docs/configuration.md', 'docs/versioning.md', 'CHANGELOG.md'])(
  '%s',
  (name) => {
    it('links only to files that exist', () => {
      const links = [...readRoot(name).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map((match) => match[1] ?? '');
      expect(links.length).toBeGreaterThan(0);
      expect(links.filter((link) => !existsSync(new URL(link, new URL(name, ROOT))))).toEqual([]);
    });

    it('names only files of the repository that exist', () => {
      const files = [
        ...readRoot(name).matchAll(/(?<![\w./-])(?:manifests|test|schemas|docs)\/[\w./-]*\w/g),
      ].map(([file]) => file);
      // These the reader makes.
      const theirs = /^manifests\/(mine|example\/tls\/)/;
      expect(files.filter((file) => !theirs.test(file) && !existsSync(new URL(file, ROOT)))).toEqual([]);
    });

    it('names only rules and mutations that exist', () => {
      const known = [...listRules(registry), ...listMutations(registry)].map(({ id }) => id);
      const ids = [...readRoot(name).matchAll(/`((?:shoot|network)\/[a-z0-9-]+)`/g)].map(
        (match) => match[1] ?? '',
      );
      expect(ids.filter((id) => !known.includes(id))).toEqual([]);
    });
  },
);
