import { randomBytes } from 'node:crypto';

/** A way to break one file on purpose, and the test that has to fail then. */
export interface Breakage {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Broken is what was built of the file, in dist/, which has the same text once. */
  readonly isBuilt?: boolean;
  /** What is replaced by what; the first of each pair is in the file exactly once. */
  readonly replace: readonly (readonly [from: string, to: string])[];
  readonly test: BrokenTest;
}

export interface BrokenTest {
  readonly file: string;
  /** A part of its name; all tests of the file that have it must fail. */
  readonly name: string;
  /** What the first failure says, so that it fails for this reason and no other. */
  readonly says: RegExp;
}

/** Text of random letters, in bytes as a web server compresses it. */
function heavyText(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}

const NEOVIM = {
  file: 'test/editor/neovim.test.ts',
  name: 'shows the finding, applies the correction, and saves a file without one',
};
const LANGUAGE_SERVER = 'test/editor/lsp-protocol.test.ts';
const LIBRARY = 'test/browser/library.test.ts';
const SITE = 'test/browser/site.test.ts';
const PLAYGROUND = 'test/browser/playground.test.ts';
const LAYOUT = 'src/site/pages/_includes/page.njk';

const EDITOR: readonly Breakage[] = [
  {
    name: 'Neovim: columns count from one',
    file: 'src/lsp/positions.ts',
    isBuilt: true,
    replace: [['character: column - 1 }', 'character: column }']],
    test: { ...NEOVIM, says: /"column": 16/ },
  },
  {
    name: 'protocol: the last of several changes is lost',
    file: 'src/lsp/server.ts',
    isBuilt: true,
    replace: [['.update(document, changes, version)', '.update(document, changes.slice(0, -1), version)']],
    test: { file: LANGUAGE_SERVER, name: 'takes changes of parts', says: /calico\/ippool-mode/ },
  },
  {
    name: 'VS Code: a setting is declared and not read',
    file: 'src/lsp/vscode/extension.js',
    replace: [[", 'kopsVersion'", '']],
    test: {
      file: 'test/editor/vscode-extension.test.ts',
      name: 'asks for the settings that it declares',
      says: /kopsVersion/,
    },
  },
];

const EDITOR_MORE: readonly Breakage[] = [
  {
    name: 'Neovim: the correction is not preferred',
    file: 'src/lsp/actions.ts',
    isBuilt: true,
    replace: [['isPreferred: true,', '']],
    test: { ...NEOVIM, says: /'a correction' to be undefined/ },
  },
  {
    name: 'protocol: a closed document still counts as it was typed',
    file: 'src/lsp/server.ts',
    isBuilt: true,
    replace: [['session?.close(document);', '']],
    test: { file: LANGUAGE_SERVER, name: 'goes back to what is on the disk', says: /calico\/ippool-mode/ },
  },
];

const BROWSER: readonly Breakage[] = [
  {
    name: 'library: it is too large',
    file: 'src/index.ts',
    replace: [
      [
        "export { UserError } from './errors.ts';",
        `export { UserError } from './errors.ts';\nObject.assign(globalThis, { weight: '${heavyText(100_000)}' });`,
      ],
    ],
    test: { file: LIBRARY, name: 'is small', says: /to be less than or equal to/ },
  },
  {
    name: 'site: a link leads nowhere',
    file: LAYOUT,
    replace: [['<a href="/guides/"{%', '<a href="/guide/"{%']],
    test: { file: SITE, name: "the site at '/' has no internal link that leads nowhere", says: /\/guide\// },
  },
  {
    name: 'site: pages may connect to where they come from',
    file: LAYOUT,
    replace: [["connect-src 'none'", "connect-src 'self'"]],
    test: {
      file: SITE,
      name: 'lets no page compile anything, or connect to anything',
      says: /connect-src 'none'/,
    },
  },
  {
    name: 'site: a page asks another host for an image',
    file: LAYOUT,
    replace: [
      ["img-src 'self' data:", 'img-src *'],
      ['<footer>', '<footer><img src="https://elsewhere.invalid/counter.png" alt="">'],
    ],
    test: {
      file: SITE,
      name: "shows /'' to all users, 'light'",
      says: /request: https:\/\/elsewhere\.invalid/,
    },
  },
  {
    name: 'site: the footer can hardly be read in the dark',
    file: 'src/site/client/site.css',
    replace: [['--soft: #a5b1bd;', '--soft: #3a4450;']],
    test: { file: SITE, name: "shows /'' to all users, 'dark'", says: /color-contrast/ },
  },
  {
    name: 'site: the page of the playground is too large',
    file: 'src/site/client/playground/main.ts',
    replace: [
      ['\nstart();', `\nObject.assign(globalThis, { weight: '${heavyText(250 * 1024)}' });\nstart();`],
    ],
    test: { file: SITE, name: 'is small', says: /to be less than or equal to/ },
  },
  {
    name: 'site: the search finds words and shows no result',
    file: 'src/site/client/search.ts',
    replace: [['return found.slice(0, MAX_RESULTS)', 'return found.slice(MAX_RESULTS)']],
    test: {
      file: SITE,
      name: "the site at '/' finds a rule by words of its message",
      says: /shoot\/backend/,
    },
  },
  {
    name: 'playground: the worker switches a rule off',
    file: 'src/site/client/playground/evaluate.ts',
    replace: [
      [
        '{ ...policy, notes }',
        "{ ...policy, rules: { ...policy.rules, 'shoot/vpa-mode-needs-vpa': 'off' }, notes }",
      ],
    ],
    test: {
      file: PLAYGROUND,
      name: 'finds that the scaling mode vpa needs the VPA',
      says: /shoot\/vpa-mode-needs-vpa/,
    },
  },
  {
    name: 'playground: the patch of /mutate is not applied',
    file: 'src/site/client/playground/evaluate.ts',
    replace: [['else after = applyEdit(after, edit);', '']],
    test: { file: PLAYGROUND, name: 'shows what /mutate writes on Azure', says: /backend: none/ },
  },
  {
    name: 'playground: a link loses the rules that were switched',
    file: 'src/site/client/playground/link.ts',
    replace: [['JSON.stringify({ text, ...policy })', 'JSON.stringify({ text })']],
    test: {
      file: PLAYGROUND,
      name: 'makes a link that brings text and rules back',
      says: /0 errors, 1 warning/,
    },
  },
];

/** Each of these two stops the playground as a whole. */
const BROWSER_MORE: readonly Breakage[] = [
  {
    name: 'library: it uses what only Node.js has',
    file: 'src/index.ts',
    replace: [
      [
        "export { UserError } from './errors.ts';",
        "export { UserError } from './errors.ts';\nprocess.umask();",
      ],
    ],
    test: { file: LIBRARY, name: 'evaluates in a worker', says: /process is not defined/ },
  },
  {
    name: 'site: below a path, links lead to the root of the host',
    file: 'src/site/build.js',
    replace: [['config.addPlugin(HtmlBasePlugin);', '']],
    test: {
      file: SITE,
      name: "the site at '/x/' has no internal link that leads nowhere",
      says: /404|\/rules\/|\/assets\//,
    },
  },
];

/**
 * What is tried at once, because each run builds the site or starts editors and browsers: breakages that do not keep each
 * other's tests from getting to where they have to fail.
 */
export const BATCHES = [
  { suite: 'test/editor', breakages: EDITOR },
  { suite: 'test/editor', breakages: EDITOR_MORE },
  { suite: 'test/browser', breakages: BROWSER },
  { suite: 'test/browser', breakages: BROWSER_MORE },
] as const;

export const BREAKAGES: readonly Breakage[] = BATCHES.flatMap(({ breakages }) => breakages);

/**
 * @returns the text, broken
 * @throws where the file has changed, so that the breakage has to be written anew
 */
export function breakText(text: string, { name, file, replace }: Breakage): string {
  return replace.reduce((broken, [from, to]) => {
    const count = broken.split(from).length - 1;
    if (count !== 1) {
      throw new Error(`${name}: ${file} holds ${count} times, not once: ${from}; write the breakage anew`);
    }
    return broken.replace(from, () => to);
  }, text);
}
