import { expect } from 'vitest';
import type { AdmissionReview } from '../../src/admission/answer.ts';
import { decodePatch, expectWellFormed, ruleIds } from '../support/review.ts';

/** One line of index.json: a review, where it is sent, and what must come back. */
export interface Sample {
  readonly file: string;
  readonly path: string;
  readonly about: string;
  readonly expect: {
    readonly status?: number;
    readonly allowed?: boolean;
    readonly fields?: readonly string[];
    readonly patch?: readonly unknown[];
    readonly warnings?: readonly string[];
  };
}

export function expectSample(sample: Sample, status: number, text: string): void {
  expect(status).toBe(sample.expect.status ?? 200);
  if (status !== 200) {
    expect(JSON.parse(text).error).toMatch(/./);
    return;
  }
  const answer: AdmissionReview = JSON.parse(text);
  expectWellFormed(answer, answer.response.uid);
  expect(answer.response.allowed).toBe(sample.expect.allowed);
  const causes = answer.response.status?.details.causes ?? [];
  expect(causes.map((cause) => cause.field).sort()).toEqual([...(sample.expect.fields ?? [])].sort());
  expect(decodePatch(answer)).toEqual(sample.expect.patch ?? []);
  expect(ruleIds(answer.response.warnings ?? [])).toEqual(sample.expect.warnings ?? []);
}
