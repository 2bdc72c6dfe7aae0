import { readFileSync } from 'node:fs';
import { decide } from '../../src/admission/decide.ts';
import { createReviewReader } from '../../src/admission/read.ts';
import { UnreadableReviewError } from '../../src/admission/unreadable.ts';
import type { Registry } from '../../src/policy/registry.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';

/** What the server answers to a file, as one value. */
export function answerSample(registry: Registry, file: URL, path: string): unknown {
  const [, purpose, provider] = path.split('/');
  const route = { purpose: purpose === 'validate' ? 'validate' : 'mutate', provider } as const;
  const options = { registry, settings: DEFAULT_SETTINGS, checkpoint: () => {} };
  try {
    return decide(createReviewReader(registry)(readFileSync(file)), route, options).answer;
  } catch (error) {
    if (error instanceof UnreadableReviewError) return { error: error.message };
    throw error;
  }
}
