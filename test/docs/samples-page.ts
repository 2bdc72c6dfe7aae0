import { readFileSync } from 'node:fs';
import { read } from '../../src/policy/json.ts';
import type { Registry } from '../../src/policy/registry.ts';
import type { Sample } from '../samples/sample.ts';
import { answerSample } from './answer-sample.ts';

const FOLDER = new URL('../samples/', import.meta.url);

export function listSamples(): readonly Sample[] {
  return JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8'));
}

/** test/samples/README.md */
export function renderSamplesPage(registry: Registry): string {
  const sections = listSamples().map((sample) => {
    const answer = answerSample(registry, new URL(sample.file, FOLDER), sample.path);
    const patch = read(answer, 'response', 'patch');
    const decoded =
      typeof patch === 'string' ? `\n\nThe patch, decoded: \`${Buffer.from(patch, 'base64')}\`` : '';
    const status = sample.expect.status === 400 ? ', HTTP 400' : '';
    return `## ${sample.about}\n\n[${sample.file}](${sample.file}) to \`${sample.path}\`${status}\n\n\`\`\`json\n${JSON.stringify(answer, null, 2)}\n\`\`\`${decoded}\n`;
  });
  return `# Samples\n\nReviews to try, and what the server answers to each. This page is made by \`npm run docs\`.\n\n${sections.join('\n')}`;
}
