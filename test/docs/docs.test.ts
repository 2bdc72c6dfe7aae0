import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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

describe('the pages for people', () => {
  const markdown = ['docs', 'manifests', 'test/samples'].flatMap((dir) =>
    readdirSync(new URL(dir, ROOT), { recursive: true, encoding: 'utf8' }).map((file) => `${dir}/${file}`),
  );
  const files = [...readdirSync(ROOT), ...markdown].filter((file) => file.endsWith('.md'));
  const links = files.flatMap((file) =>
    [...readRoot(file).matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]*))?\)/g)].map(([, link = '', anchor]) => ({
      file,
      target: link === '' ? file : new URL(link, new URL(file, ROOT)).pathname.slice(ROOT.pathname.length),
      anchor,
    })),
  );

  it('link only to files that exist', () => {
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter(({ target }) => !existsSync(new URL(target, ROOT)))).toEqual([]);
  });

  it('link only to headings that exist', () => {
    const anchored = links.filter(({ target, anchor }) => anchor !== undefined && target.endsWith('.md'));
    expect(anchored.length).toBeGreaterThan(50);
    const headings = new Map(files.map((file) => [file, listAnchors(readRoot(file))]));
    const lost = anchored.filter(({ target, anchor }) => !headings.get(target)?.has(anchor ?? ''));
    expect(lost).toEqual([]);
  });

  it('lead from the README to every page of docs/', () => {
    const linked = new Set(links.filter(({ file }) => file === 'README.md').map(({ target }) => target));
    const guides = readdirSync(new URL('docs', ROOT)).filter((name) => name.endsWith('.md'));
    expect(guides.filter((name) => !linked.has(`docs/${name}`))).toEqual([]);
  });

  it('begin with a README of at most 250 lines', () => {
    expect(readRoot('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(250);
  });
});

/** The anchors of the headings of a page, as GitHub and the site make them. */
function listAnchors(page: string): ReadonlySet<string> {
  const text = page.replaceAll(/^```[\s\S]*?^```/gm, '');
  const slugs = Array.from(text.matchAll(/^#+ +(.+)$/gm), ([, heading = '']) =>
    slugify(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')),
  );
  // GitHub numbers headings that are written twice.
  return new Set(slugs.map((slug, at) => numbered(slug, slugs.slice(0, at))));
}

function numbered(slug: string, before: readonly string[]): string {
  const count = before.filter((each) => each === slug).length;
  return count === 0 ? slug : `${slug}-${count}`;
}

function slugify(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}
