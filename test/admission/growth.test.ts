import { expect, it } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import { readReview } from '../../src/admission/read.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { loadRegistry } from '../../src/registry.ts';
import { parseMegabyte, timesAsMuch } from '../support/pace.ts';
import { toReview } from '../support/review.ts';

it('7,000 unknown fields, as many as a providerConfig can hold, are answered in little time', () => {
  const registry = loadRegistry();
  const providerConfig = Object.fromEntries(Array.from({ length: 7000 }, (_, at) => [`backend${at}`, 1]));
  const object = { kind: 'Shoot', spec: { networking: { type: 'calico', providerConfig } } };
  const body = Buffer.from(JSON.stringify(toReview({ object })));
  const answer = () => {
    const decision = decide(
      readReview(body),
      { purpose: 'validate' },
      { registry, settings: DEFAULT_SETTINGS, checkpoint: () => {} },
    );
    expect(decision.answer.response.status?.details?.causes).toHaveLength(100);
  };
  expect(timesAsMuch(answer, parseMegabyte)).toBeLessThan(20);
});
