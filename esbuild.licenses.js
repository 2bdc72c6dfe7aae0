import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ name: string, version: string, license: string, author: string, text: string }} Package */

const PACKAGE = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//;
const LEGAL_FILE = /^(licen[cs]e|copying|copyright|notice)/i;

/**
 * The libraries in a bundle, by name and version.
 * @param {string} root @param {import('esbuild').Metafile} metafile
 */
export function listPackages(root, metafile) {
  const inputs = Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []));
  const found = [...folders].map((folder) => readPackage(join(root, folder)));
  // The same release may lie in several places.
  const packages = [...new Map(found.map((each) => [`${each.name}@${each.version}`, each])).values()];
  packages.sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
  const silent = packages.filter(({ license }) => license === '');
  if (silent.length > 0) {
    throw new Error(
      `no licence is declared by ${silent.map(({ name }) => name).join(', ')}; do not bundle it`,
    );
  }
  return packages;
}

/** A bill of materials in CycloneDX. @param {readonly Package[]} packages */
export function renderBillOfMaterials(packages) {
  const components = packages.map(({ name, version, license }) => ({
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    licenses: [/ (?:AND|OR) /.test(license) ? { expression: license } : { license: { id: license } }],
  }));
  const content = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** What the licences of libraries ask to be handed on with them. @param {readonly Package[]} packages */
export function renderLicenses(packages) {
  return [
    `calico-admission contains these ${packages.length} libraries.\n`,
    ...packages.map(({ name, version, license, author, text }) => {
      const by = text === '' && author !== '' ? `, by ${author}` : '';
      return `${'-'.repeat(80)}\n${name} ${version} (${license}${by})\n${text === '' ? '' : `\n${text}\n`}`;
    }),
  ].join('\n');
}

/** @param {string} a @param {string} b */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @param {string} folder @returns {Package} */
function readPackage(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LEGAL_FILE.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  return {
    name,
    version,
    license: typeof license === 'string' ? license : (license?.type ?? ''),
    author: typeof author === 'string' ? author : (author?.name ?? ''),
    text: files
      .map((file) => readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim())
      .join('\n\n'),
  };
}
