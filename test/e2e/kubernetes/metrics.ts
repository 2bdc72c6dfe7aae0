import type { Served } from '../process.ts';

/** A sample of Prometheus' text format. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of one metric; of a histogram name `…_bucket`, `…_sum` or `…_count`. */
export function readSamples(text: string, name: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const match = /^([a-zA-Z_:][\w:]*)\{(.*)\} (\S+)$/.exec(line);
    if (match?.[1] !== name) continue;
    const labels = [...(match[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    samples.push({
      labels: Object.fromEntries(labels.map(([, key = '', value = '']) => [key, value])),
      value: Number(match[3]),
    });
  }
  return samples;
}

/** How many calls a server of ours has had, by its answer. */
export async function countVerdicts({
  healthUrl,
}: Pick<Served, 'healthUrl'>): Promise<Readonly<Record<string, number>>> {
  const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
  const verdicts: Record<string, number> = {};
  for (const { labels, value } of readSamples(metrics, 'calico_admission_review_duration_seconds_count')) {
    const verdict = labels['verdict'] ?? '';
    verdicts[verdict] = (verdicts[verdict] ?? 0) + value;
  }
  return verdicts;
}

/** How many it has answered, with any answer. */
export async function countReviews(served: Pick<Served, 'healthUrl'>): Promise<number> {
  return Object.values(await countVerdicts(served)).reduce((sum, count) => sum + count, 0);
}
