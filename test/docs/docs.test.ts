import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mutate, validate } from '../support/evaluate.ts';
import { renderLine } from '../support/message.ts';
import { registry } from '../support/registry.ts';
import { listStalePages, renderPages } from './pages.ts';

const ROOT = new URL('../../', import.meta.url);
const pages = await renderPages();

function readRoot(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

describe('npm run docs', () => {
  it.each([...pages.keys()])('has written %s', (path) => {
    expect(readRoot(path)).toBe(pages.get(path));
  });

  it('has removed the pages of rules that are gone', () => {
    expect(listStalePages(pages)).toEqual([]);
  });
});

describe('README.md', () => {
  it('shows what kubectl prints of the Shoot that is to be applied', () => {
    const object: unknown = parse(readRoot('test/samples/shoot.yaml'));
    const [, output = ''] =
      /kubectl apply -f test\/samples\/shoot\.yaml[\s\S]*?```text\n([\s\S]*?)```/.exec(
        readRoot('README.md'),
      ) ?? [];
    const warnings = mutate(registry, { object }).findings.map((each) => `Warning: ${renderLine(each)}`);
    // The backend is what /mutate has made of it by then.
    const denials = validate(registry, { object }).findings.filter((each) => each.action === 'deny');
    const head = 'The Shoot "crazy-botany" is invalid:';
    expect(output.trim().split('\n')).toEqual([
      ...warnings,
      head,
      ...denials.map((each) => `* ${renderLine(each)}`),
    ]);
  });

  it('links only to files that exist', () => {
    const pages = ['docs', 'manifests', 'test/samples'].flatMap((dir) =>
      readdirSync(new URL(dir, ROOT), { recursive: true, encoding: 'utf8' }).map((file) => `${dir}/${file}`),
    );
    const files = [...readdirSync(ROOT), ...pages].filter((file) => file.endsWith('.md'));
    const links = files.flatMap((file) =>
      [...readRoot(file).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map((match) => ({
        file,
        link: match[1] ?? '',
      })),
    );
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter(({ file, link }) => !existsSync(new URL(link, new URL(file, ROOT))))).toEqual([]);
  });
});
