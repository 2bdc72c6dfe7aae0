// `npm run site [-- --base /x/] [-- --out DIR] [-- --repository URL]`: the site, which any web server can serve as it is.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import Eleventy, { HtmlBasePlugin } from '@11ty/eleventy';
import { build } from 'esbuild';
import { bundleLibrary } from '../../esbuild.library.js';
import { createMarkdown } from './markdown.js';
import { listSections } from './search-data.js';
import { listPages } from './sources.js';

/** @typedef {import('./sources.js').Page} Page */

const ROOT = join(import.meta.dirname, '../..');
const PAGES = join(import.meta.dirname, 'pages');
const CLIENT = join(import.meta.dirname, 'client');

/**
 * @typedef {object} SiteOptions
 * @property {string} base path below which the site is served, from / to /
 * @property {string} out
 * @property {string | undefined} repository
 */

/** @returns {SiteOptions} */
function readOptions() {
  const { values } = parseArgs({
    options: {
      base: { type: 'string', default: '/' },
      out: { type: 'string', default: join(ROOT, 'dist/site') },
      repository: { type: 'string' },
    },
  });
  const { base, repository } = values;
  if (!/^\/(?:[\w.~-]+\/)*$/.test(base)) {
    throw new Error(
      `--base must be a path from / to / (got "${base}"); write one such as /calico-admission/`,
    );
  }
  if (repository !== undefined && !/^https?:\/\/[^/]+\/[\w.-]+\/[\w.-]+$/.test(repository)) {
    const example = 'https://HOST/OWNER/NAME';
    throw new Error(
      `--repository must be the address of a repository (got "${repository}"); write ${example}`,
    );
  }
  return { base, out: resolve(values.out), repository };
}

/** @param {SiteOptions} options */
async function buildSite({ base, out, repository }) {
  const pages = listPages(ROOT);
  const texts = new Map(pages.map((page) => [page, readMarkdown(page, repository)]));
  const isSite =
    !existsSync(out) || readdirSync(out).length === 0 || existsSync(join(out, 'assets/site.css'));
  if (!isSite) throw new Error(`${out} has other files than a site of ours; give --out an empty folder`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const sections = [...texts].flatMap(([page, text]) => listSections(page, text));
  // First, so that a build that was stopped is known for one of ours by the next.
  await bundleClient(out, sections);
  await renderPages({ base, out, repository }, texts);
}

/** The documents name the repository's owner only by this word. @param {Page} page @param {string | undefined} repository */
function readMarkdown({ source }, repository) {
  const text = readFileSync(join(ROOT, source), 'utf8');
  const name = repository && new URL(repository).pathname.slice(1);
  return name ? text.replaceAll('OWNER/calico-admission', name) : text;
}

/** @param {SiteOptions} options @param {ReadonlyMap<Page, string>} texts */
async function renderPages({ base, out, repository }, texts) {
  const pages = [...texts.keys()];
  const groups = await listEntryGroups();
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const eleventy = new Eleventy(PAGES, out, {
    quietMode: true,
    pathPrefix: base,
    config: (config) => {
      config.addPlugin(HtmlBasePlugin);
      config.setLibrary('md', { disable: () => {}, render: renderMarkdown(pages, repository) });
      for (const name of ['groups', 'guides', 'repository', 'version', 'numbers']) {
        config.addGlobalData(name, () => globals[name]);
      }
      for (const [page, text] of texts) {
        config.addTemplate(`${page.path.replace(/\.html$/, '')}.md`, text, {
          layout: 'page.njk',
          permalink: page.path,
          title: page.title,
          kind: page.kind,
          source: page.source,
          templateEngineOverride: 'md',
        });
      }
      for (const image of readdirSync(join(ROOT, 'docs')).filter((name) => /\.(?:svg|png)$/.test(name))) {
        config.addPassthroughCopy({ [join(ROOT, 'docs', image)]: `images/${image}` });
      }
      config.addPassthroughCopy({ [join(CLIENT, 'icon.svg')]: 'icon.svg' });
    },
  });
  /** @type {Record<string, unknown>} */
  const globals = {
    groups,
    guides: pages.filter(({ kind }) => kind === 'guide'),
    repository,
    version,
    numbers: countEntries(groups),
  };
  await eleventy.write();
}

/** @param {readonly Page[]} pages @param {string | undefined} repository */
function renderMarkdown(pages, repository) {
  const markdown = createMarkdown({ pages, repository });
  return (/** @type {string} */ text, /** @type {{ source: string }} */ { source }) =>
    markdown.render(text, { source });
}

/** @returns {Promise<readonly import('./data.ts').EntryGroup[]>} */
async function listEntryGroups() {
  const code = await bundleLibrary(ROOT, { entry: 'src/site/data.ts' });
  const { listEntryGroups: list } = await import(
    `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
  );
  return list();
}

/** @param {readonly import('./data.ts').EntryGroup[]} groups */
function countEntries(groups) {
  const entries = groups.flatMap((group) => group.entries);
  const rules = entries.filter(({ action }) => action !== 'mutation');
  return { rules: new Set(rules.map(({ id }) => id)).size, kinds: groups.length - 2 };
}

/** @param {string} out @param {readonly import('./search-data.js').Entry[]} sections */
async function bundleClient(out, sections) {
  const assets = join(out, 'assets');
  await build({
    absWorkingDir: ROOT,
    entryPoints: {
      site: join(CLIENT, 'site.css'),
      rules: join(CLIENT, 'rules.ts'),
      search: join(CLIENT, 'search.ts'),
      playground: join(CLIENT, 'playground/main.ts'),
    },
    outdir: assets,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    loader: { '.yaml': 'text' },
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [bundledSections(sections)],
  });
  const worker = await bundleLibrary(ROOT, { entry: 'src/site/client/playground/worker.ts', minify: true });
  writeFileSync(join(assets, 'worker.js'), worker);
}

/** @param {readonly import('./search-data.js').Entry[]} sections @returns {import('esbuild').Plugin} */
function bundledSections(sections) {
  return {
    name: 'sections',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^site:sections$/ }, ({ path }) => ({ path, namespace: 'site' }));
      onLoad({ filter: /./, namespace: 'site' }, () => ({
        loader: 'json',
        contents: JSON.stringify(sections),
      }));
    },
  };
}

try {
  await buildSite(readOptions());
} catch (error) {
  process.stderr.write(`site: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
