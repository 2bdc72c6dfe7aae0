import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

// The one way through the house: bytes -> server -> admission -> policy -> answer. A room may import only what is
// listed here; `.` is what lies directly in src/, and `../` what lies beside it: data that a bundle carries.
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  formats: ['re2js'],
  policy: [],
  schema: ['policy', 'formats', 'ajv'],
  // What each kind holds, as data.
  kinds: [],
  targets: ['policy', 'schema', 'formats', 'kinds'],
  rules: ['policy', 'formats', 'schema', 'targets', 'kinds'],
  mutations: ['policy', 'formats', 'schema', 'targets'],
  admission: ['policy', 'schema', 'formats'],
  observe: ['policy', 'pino', 'prom-client', 'node:fs'],
  server: ['errors', 'admission', 'policy', 'observe', 'tls', '.', 'fastify', 'node:*'],
  tls: ['errors', 'files', 'selfsigned', '@peculiar/x509', 'yaml', 'node:*'],
  check: ['policy', 'formats'],
  files: ['errors', 'check', 'policy', 'node:*'],
  cluster: ['errors', 'check', 'policy', 'tls', '@kubernetes/client-node', 'yaml', 'node:*'],
  lsp: [
    'errors',
    'check',
    'files',
    'policy',
    'schema',
    'vscode-languageserver',
    'vscode-languageserver/node',
    'vscode-languageserver-textdocument',
    'node:*',
  ],
  // The playground and its worker; what makes the pages is JavaScript of the build.
  site: [
    'check',
    'policy',
    '.',
    'minisearch',
    'site:sections',
    '@codemirror/commands',
    '@codemirror/lang-yaml',
    '@codemirror/language',
    '@codemirror/lint',
    '@codemirror/state',
    '@codemirror/view',
    '@lezer/highlight',
  ],
  commands: [
    'errors',
    'admission',
    'check',
    'cluster',
    'files',
    'formats',
    'lsp',
    'observe',
    'policy',
    'server',
    'tls',
    '.',
    'fastify',
    'yaml',
    'node:*',
  ],
  '.': [
    'admission',
    'errors',
    'check',
    'cluster',
    'commands',
    'formats',
    'kinds',
    'mutations',
    'observe',
    'policy',
    'rules',
    'schema',
    'targets',
    'tls',
    'yaml',
    'node:os',
    '../package.json',
    '../schemas',
  ],
};

const SRC = new URL('../src/', import.meta.url).pathname;

/** But for the packages that the site and the extension for VS Code are made with, where they are installed. */
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.includes('node_modules/'),
);

interface Import {
  readonly file: string;
  readonly room: string;
  readonly from: string;
}

/** What every room may use: errors that the user can correct, and texts of thrown errors. */
const ERRORS = 'errors.ts';

function roomOf(path: string): string {
  if (path === ERRORS) return 'errors';
  if (path.startsWith('../')) return path.split('/', 2).join('/');
  return path.includes('/') ? (path.split('/', 1)[0] ?? '') : '.';
}

function listImports(): Import[] {
  return FILES.flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    const specifiers = [...text.matchAll(/(?:^|[^.\w])(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
      (match) => match[1] ?? '',
    );
    return specifiers.map((specifier) => {
      const inner = specifier.startsWith('.') ? roomOf(normalize(join(dirname(file), specifier))) : specifier;
      return { file, room: roomOf(file), from: inner };
    });
  });
}

const imports = listImports();

/** Without comments. */
function codeOf(file: string): string {
  return readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

describe('the house', () => {
  it('has no unlisted folder', () => {
    expect(Object.keys(MAY_IMPORT)).toEqual(
      expect.arrayContaining([...new Set(imports.map((each) => each.room))]),
    );
  });

  it('has one way through it', () => {
    const wrong = imports.filter(({ room, from }) => {
      const allowed = [room, ...(MAY_IMPORT[room] ?? [])];
      return !allowed.includes(from) && !(from.startsWith('node:') && allowed.includes('node:*'));
    });
    expect(wrong).toEqual([]);
  });

  it('has no room that needs itself by way of another', () => {
    const needs = (room: string, seen: ReadonlySet<string>): Set<string> => {
      const next = (MAY_IMPORT[room] ?? []).filter((other) => other in MAY_IMPORT && !seen.has(other));
      return new Set(next.flatMap((other) => [other, ...needs(other, new Set([...seen, other]))]));
    };
    // What lies directly in src/ wires the rooms together, and so does commands.
    for (const room of Object.keys(MAY_IMPORT).filter(
      (each) => !['.', 'commands', 'server'].includes(each),
    )) {
      expect([...needs(room, new Set())], room).not.toContain(room);
    }
  });

  it('needs Node.js only where it must', () => {
    const withoutNode = [
      'admission',
      'check',
      'formats',
      'mutations',
      'policy',
      'rules',
      'schema',
      'site',
      'targets',
    ];
    const found = imports
      .filter(({ room, from }) => withoutNode.includes(room) && from.startsWith('node:'))
      .map(({ file, from }) => `${file}: ${from}`);
    const files = FILES.filter((file) => withoutNode.includes(roomOf(file)));
    const using = files.filter((file) => /\b(?:Buffer|process)\b(?! of)/.test(codeOf(file)));
    expect([...found, ...using]).toEqual([]);
  });

  it('reaches nothing of Node.js from the library', () => {
    const seen = new Set<string>();
    const open = ['index.ts'];
    const outside = new Set<string>();
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      const code = codeOf(file);
      for (const [, head = '', specifier = ''] of code.matchAll(
        /^(?:import|export)\b(?! type\b)((?:[^;'"]*?\bfrom)?) '([^']+)'/gm,
      )) {
        // What is only a type is gone when it runs.
        if (/^ \{(?:\s*type \w+,?)+\s*\} from$/.test(head)) continue;
        if (!specifier.startsWith('.')) outside.add(specifier);
        else if (specifier.endsWith('.ts')) open.push(normalize(join(dirname(file), specifier)));
      }
      expect(code, file).not.toMatch(/\b(?:Buffer|process|setImmediate|__dirname)\b(?! of)/);
    }
    expect(seen.size).toBeGreaterThan(200);
    expect([...outside].sort()).toEqual(['ajv', 're2js']);
  });

  it('has an index for each target, which lists the rules of its folder', () => {
    const folders = readdirSync(join(SRC, 'rules'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
      .map(({ name }) => name);
    for (const folder of folders) {
      const files = readdirSync(join(SRC, 'rules', folder)).filter(
        (file) => file.endsWith('.ts') && !['index.ts', 'too-many-items.ts'].includes(file),
      );
      const index = codeOf(`rules/${folder}/index.ts`);
      expect(
        files.filter((file) => !index.includes(`'./${file}'`)),
        folder,
      ).toEqual([]);
    }
  });

  it('keeps rules and mutations pure', () => {
    const impure =
      /\b(process|console|fetch|setTimeout|Date\.now|new Date|performance|Math\.random|new RegExp)\b/;
    for (const file of FILES.filter((each) => /^(rules|mutations|policy)\//.test(each))) {
      const code = codeOf(file);
      expect(impure.exec(code)?.[0], file).toBeUndefined();
    }
  });

  it('makes the text of a finding in one place', () => {
    const files = FILES.filter((file) => /^(?:check|mutations|policy|rules|schema|targets)\//.test(file));
    const making = files.filter((file) => {
      const code = readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      return /\(got (?:\$\{|[\w "]+\))/.test(code);
    });
    expect(making).toEqual(['policy/message.ts']);
  });

  it('has words where nothing is written', () => {
    const messages = readFileSync(join(SRC, '../docs/messages.md'), 'utf8');
    expect(messages).not.toMatch(/\(got (?:nothing|undefined|none|both|several|\d+ [a-z])/);
    expect(messages.split('\n').filter((line) => line.includes(' (got '))).not.toEqual([]);
  });

  it('loads the Kubernetes client by one file alone, which is asked for when it is needed', () => {
    const files = [...new Set(imports.map(({ file }) => file))];
    const loading = files.filter((file) =>
      /^(?:import (?!type)|export )[^;]*'@kubernetes\/client-node'/m.test(
        readFileSync(join(SRC, file), 'utf8'),
      ),
    );
    expect(loading).toEqual(['cluster/libraries.ts']);
    const asking = files.filter((file) =>
      /from '[^']*\/cluster\/libraries\.ts'/.test(readFileSync(join(SRC, file), 'utf8')),
    );
    expect(asking).toEqual([]);
  });
});

describe('npm test', () => {
  it('measures no time, so that it passes on a busy machine as well', () => {
    const test = new URL('.', import.meta.url).pathname;
    const config = readFileSync(join(test, 'vitest.config.ts'), 'utf8');
    const isElsewhere = (file: string) =>
      [`test/${dirname(file).split('/', 1)[0]}/**`, `test/${file}`, `test/**/${basename(file)}`].some(
        (pattern) => config.includes(`'${pattern}'`),
      );
    const measuring = readdirSync(test, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts') && !isElsewhere(file) && file !== 'house.test.ts')
      .filter((file) =>
        /\bperformance\.now\b|\bhrtime\b|\bcpuUsage\b|support\/pace/.test(
          readFileSync(join(test, file), 'utf8'),
        ),
      );
    expect(measuring).toEqual([]);
  });
});
