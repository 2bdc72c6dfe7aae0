/** What is read here is what our Dockerfile uses; anything else throws, so that nothing is taken for what it is not. */
export interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

interface Details {
  readonly copy: {
    readonly from: string | undefined;
    readonly sources: readonly string[];
    readonly to: string;
  };
  readonly run: { readonly command: string };
  readonly workdir: { readonly value: string };
  readonly user: { readonly value: string };
  readonly arg: { readonly values: Readonly<Record<string, string>> };
  readonly env: { readonly values: Readonly<Record<string, string>> };
  readonly label: { readonly values: Readonly<Record<string, string>> };
  readonly expose: { readonly ports: readonly string[] };
  readonly entrypoint: { readonly words: readonly string[] };
  readonly cmd: { readonly words: readonly string[] };
}

export type Kind = keyof Details;
export type Instruction = { [K in Kind]: { readonly kind: K } & Details[K] }[Kind];

export function parseDockerfile(text: string): Stage[] {
  const stages: { base: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of logicalLines(text)) {
    const [, keyword = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === 'FROM') {
      const [, base, name] = /^(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? [];
      if (base === undefined) throw new Error(`not understood: ${line}`);
      stages.push({ base, name, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined) throw new Error(`before the first FROM: ${line}`);
    stage.instructions.push(parseInstruction(keyword, rest, line));
  }
  return stages;
}

function logicalLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function parseInstruction(keyword: string, rest: string, line: string): Instruction {
  switch (keyword) {
    case 'COPY': {
      const words = rest.split(/\s+/);
      const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
      const to = words.pop();
      if (to === undefined || words.length === 0 || words.some((word) => /^--|[*?[\]$"]/.test(word))) break;
      return { kind: 'copy', from, sources: words, to };
    }
    case 'RUN':
      return { kind: 'run', command: rest };
    case 'WORKDIR':
      return { kind: 'workdir', value: rest };
    case 'USER':
      return { kind: 'user', value: rest };
    case 'ARG':
      return { kind: 'arg', values: parsePairs(rest, line) };
    case 'ENV':
      return { kind: 'env', values: parsePairs(rest, line) };
    case 'LABEL':
      return { kind: 'label', values: parsePairs(rest, line) };
    case 'EXPOSE':
      return { kind: 'expose', ports: rest.split(/\s+/) };
    case 'ENTRYPOINT':
      return { kind: 'entrypoint', words: parseWords(rest, line) };
    case 'CMD':
      return { kind: 'cmd', words: parseWords(rest, line) };
  }
  throw new Error(`not understood: ${line}`);
}

function parsePairs(rest: string, line: string): Record<string, string> {
  const pairs = [...rest.matchAll(/([\w.]+)=(?:"([^"\\]*)"|([^\s"\\]*))(?:\s+|$)/g)];
  if (pairs.map((pair) => pair[0]).join('') !== rest) throw new Error(`not understood: ${line}`);
  return Object.fromEntries(pairs.map((pair) => [pair[1] ?? '', pair[2] ?? pair[3] ?? '']));
}

/** Without a shell a line is not split into arguments: only the form in brackets works. */
function parseWords(rest: string, line: string): string[] {
  const words: unknown = JSON.parse(rest);
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  throw new Error(`not understood: ${line}`);
}

/** Whether the file or folder gets to the builder. Each line is `*`, or a path with or without `!`; the last one that fits decides. */
export function isInContext(dockerignore: string, path: string): boolean {
  const lines = dockerignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const name = path.replace(/^\.\//, '');
  let isIn = true;
  for (const line of lines) {
    if (!/^(\*|!?[\w.-]+(\/[\w.-]+)*)$/.test(line)) throw new Error(`.dockerignore: not understood: ${line}`);
    const isException = line.startsWith('!');
    const pattern = isException ? line.slice(1) : line;
    if (pattern === '*' || name === pattern || name.startsWith(`${pattern}/`)) isIn = isException;
  }
  return isIn;
}
