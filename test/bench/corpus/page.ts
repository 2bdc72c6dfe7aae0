import type { Corpus } from './generate.ts';

export interface CorpusReport {
  readonly corpus: Corpus;
  readonly rounds: number;
  readonly rows: readonly {
    readonly name: string;
    readonly input: 'all' | 'manifests';
    /** Seconds. */
    readonly cpu: number;
    /** MiB. */
    readonly memory: number;
    /** What the tool says of its work. */
    readonly summary: string;
  }[];
}

// An older commit is not built in each run.
const BEFORE =
  '`npm run bench:corpus -- --before DIR` measures a checkout of an older commit in the same run, and fails where `check` is not four times as fast, or takes more than 250 MiB.';

/** The part of docs/performance.md that `npm run bench:corpus` writes. */
export function renderCorpus({ corpus, rounds, rows }: CorpusReport): string {
  const list = rows.map(({ name, input, cpu, memory, summary }) => {
    const files = input === 'all' ? corpus.files : corpus.manifestFiles;
    return `| ${name} | ${files.toLocaleString('en')} | ${cpu.toFixed(1)} | ${((cpu * 1000) / files).toFixed(2)} | ${memory.toFixed(0)} | ${summary} |`;
  });
  return `## Files

Made by \`npm run build && npm run bench:corpus -- --write\`, all in one run: \`check\` of a directory of ${corpus.files.toLocaleString('en')} files, ${(corpus.bytes / 1_000_000).toFixed(0)} MB, that [a generator](../test/bench/corpus/generate.ts) writes, the same in each run. Its mix is that of 113 public repositories: one file in twelve is a template of Helm, one in twenty-five has objects that our rules are about, some are definitions of hundreds of kilobytes. The ${corpus.manifestFiles.toLocaleString('en')} files that are nothing but objects are given to the tools once more, because kube-score ends at the first file that it cannot read. kubeconform passes over the kinds that it has no schema of, and so do we; kube-score evaluates Deployments and Services, which the others do not. CPU is that of the whole process, its start and the kernel's time included, ${rounds === 1 ? 'in one round' : `the median of ${rounds} rounds; memory is the most in any of them`}.

| tool | files | CPU, s | CPU, ms a file | RSS, MiB at most | what it says of its work |
|---|---|---|---|---|---|
${list.join('\n')}

${BEFORE}
`;
}
