import { describe, expect, it } from 'vitest';
import { renderMessage } from '../../../src/policy/message.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { judgeDocuments } from '../../support/bundle.ts';
import { findAll } from '../../support/found.ts';

export interface Row {
  readonly name: string;
  readonly documents: readonly object[];
  /** One file for each document, where they are not all in one. */
  readonly files?: readonly string[];
  /** All that is found, as `<document> <action> <rule> <path>`; `kubeadm/` may be left out. */
  readonly found?: readonly string[];
  /** A part of some message. */
  readonly says?: string;
}

const registry = loadRegistry();

/** All that is found is compared, so that nothing else may be said; in the other order the same is found. */
export function testTable(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => {
      const options = row.files === undefined ? {} : { files: row.files };
      const found = findAll(registry, row.documents, options);
      const expected = (row.found ?? []).map((each) => {
        const [document, action, rule = '', path] = each.split(' ');
        return [document, action, rule.includes('/') ? rule : `kubeadm/${rule}`, path].join(' ');
      });
      expect(found).toEqual(expected.toSorted());
      const reversed = findAll(registry, row.documents.toReversed(), {
        ...(row.files && { files: row.files.toReversed() }),
      });
      const withoutPlace = (list: readonly string[]) =>
        list.map((each) => each.replace(/^\d+ /, '')).toSorted();
      expect(withoutPlace(reversed)).toEqual(withoutPlace(found));
      if (row.says === undefined) return;
      const messages = judgeDocuments(registry, row.documents, options).map(renderMessage);
      expect(messages.join('\n')).toContain(row.says);
    });
  });
}
