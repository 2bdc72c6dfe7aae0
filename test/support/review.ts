import { applyPatch, type Operation } from 'rfc6902';
import { expect } from 'vitest';
import type { AdmissionReview } from '../../src/admission/answer.ts';

export interface ReviewRequest {
  readonly operation?: string;
  readonly object?: unknown;
  readonly oldObject?: unknown;
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string };
  readonly namespace?: string;
  readonly name?: string;
  readonly [key: string]: unknown;
}

export const UID = '705ab4f5-6393-11e8-b7cc-42010a800002';

/** A whole AdmissionReview as kube-apiserver sends it. */
export function toReview(request: ReviewRequest): object {
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: UID, ...request },
  };
}

/** The ids in brackets at the end of warnings or causes. */
export function ruleIds(texts: readonly string[]): string[] {
  return texts.map((text) => /\[([^\]]+)\]$/.exec(text)?.[1] ?? `no id in ${text}`);
}

/** What kube-apiserver requires of every answer (VerifyAdmissionResponse), and what we promise besides. */
export function expectWellFormed(answer: AdmissionReview, uid = UID): void {
  const { response } = answer;
  expect(answer.kind).toBe('AdmissionReview');
  expect(response.uid).toBe(uid);
  expect(typeof response.allowed).toBe('boolean');
  expect(response.patch === undefined).toBe(response.patchType === undefined);
  if (response.patch !== undefined) {
    expect(response.allowed).toBe(true);
    expect(decodePatch(answer).length).toBeGreaterThan(0);
  }
  expect(response.allowed).toBe(response.status === undefined);
  expect((response.warnings ?? []).length).toBeLessThanOrEqual(8);
  for (const warning of response.warnings ?? []) expect(warning.length).toBeLessThanOrEqual(200);
  expect(response.warnings ?? [''], 'no empty list').not.toHaveLength(0);
  for (const key of Object.keys(response.auditAnnotations ?? {})) expect(key).toMatch(/^[a-z-]{1,63}$/);
  if (response.status) {
    expect(response.status.code).toBe(422);
    expect(response.status.reason).toBe('Invalid');
    expect(response.status.details.causes.length).toBeGreaterThan(0);
    expect(response.status.details.causes.length).toBeLessThanOrEqual(100);
    for (const cause of response.status.details.causes) {
      expect(cause.field).not.toBe('');
      expect(cause.message).toMatch(/ \[[a-z-]+(\/[a-z0-9-]+)?\]$/);
    }
  }
}

export function decodePatch(answer: AdmissionReview): Operation[] {
  const { patch } = answer.response;
  return patch === undefined ? [] : JSON.parse(Buffer.from(patch, 'base64').toString('utf8'));
}

/** The object after the patch, by an independent RFC 6902 implementation. Every operation must apply. */
export function patched<T>(object: T, answer: AdmissionReview): T {
  const copy = structuredClone(object);
  for (const error of applyPatch(copy, decodePatch(answer))) expect(error).toBeNull();
  return copy;
}
