// The Markdown files of the repository that become pages.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * @typedef {object} Page
 * @property {string} source path of its Markdown, from the root of the repository
 * @property {string} path of the page, from the base of the site
 * @property {string} title
 * @property {'guide' | 'rule'} kind
 */

/** In the order for a new reader. Other guides come after these. */
const GUIDES = [
  'README.md',
  'docs/check.md',
  'docs/webhooks.md',
  'docs/configuration.md',
  'docs/operations.md',
  'manifests/README.md',
  'docs/gitops.md',
  'docs/platforms.md',
  'docs/troubleshooting.md',
  'docs/messages.md',
  'docs/editors.md',
  'docs/site.md',
  'docs/library.md',
  'docs/upgrade.md',
  'docs/uninstall.md',
  'docs/reliability.md',
  'docs/performance.md',
  'SECURITY.md',
  'docs/versioning.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'docs/testing.md',
  'docs/mutation-testing.md',
  'test/samples/README.md',
];

/** Pages whose first heading says too little in a list of all. @type {Readonly<Record<string, string>>} */
const TITLES = { 'README.md': 'Getting started' };

/** @param {string} root @returns {readonly Page[]} */
export function listPages(root) {
  const docs = readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const rules = readdirSync(join(root, 'docs/rules'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => `docs/rules/${name}`)
    .sort();
  return [
    ...[...new Set([...GUIDES, ...docs])].map((source) => toPage(root, source, 'guide')),
    ...rules.map((source) => toPage(root, source, 'rule')),
  ];
}

/** @param {string} root @param {string} source @param {Page['kind']} kind @returns {Page} */
function toPage(root, source, kind) {
  const [, heading] = /^# (.+)$/m.exec(readFileSync(join(root, source), 'utf8')) ?? [];
  if (heading === undefined) throw new Error(`${source} has no heading of the first level; write "# ..."`);
  return { source, path: pathOf(source, kind), title: TITLES[source] ?? heading, kind };
}

/** @param {string} source @param {Page['kind']} kind */
function pathOf(source, kind) {
  if (kind === 'rule') return source.replace(/^docs\//, '').replace(/\.md$/, '.html');
  const folder = source.replace(/\/?README\.md$/, '');
  const name = source.startsWith('docs/') ? basename(source, '.md') : folder.replace(/\.md$/, '') || 'start';
  return `guides/${name.toLowerCase().replaceAll('/', '-')}.html`;
}
