import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTree } from '../../src/check/tree.ts';
import { findDifferences, parseRows, readValue } from './reading.ts';

const rows = parseRows(readFileSync(new URL('tables/yaml.jsonl', import.meta.url), 'utf8'));

describe('a document is read as Kubernetes reads it', () => {
  it('has enough to compare', () => {
    expect(rows.length).toBeGreaterThan(1800);
    expect(rows.filter(({ ok }) => !ok).length).toBeGreaterThan(300);
    const moved = rows.filter(({ text }) => text.split('\n').length > 10);
    expect(moved.filter(({ ok }) => ok).length).toBeGreaterThan(50);
  });

  it('comes to the same values', () => {
    expect(findDifferences(rows)).toEqual([]);
  });

  it('is compared for real', () => {
    const [row] = rows.filter(({ ok, json }) => ok && json !== null);
    expect(findDifferences([{ text: row?.text ?? '', ok: true, json: 'something else' }])).toHaveLength(1);
    expect(findDifferences([{ text: row?.text ?? '', ok: false }])).toHaveLength(1);
    expect(findDifferences([{ text: 'a: [', ok: true, json: {} }])).toHaveLength(1);
  });
});

describe('a document that begins with a brace', () => {
  // kubectl reads it with a JSON parser.
  it.each(['{"a": "\\/"}', '\n {"a": "\\ud83d\\ude00"}', '{\n\t"a": [1,\n\t2.5e3]}'])('%s', (text) => {
    expect(readValue(readTree(text))).toEqual(JSON.parse(text));
  });

  it.each(['a: "\\/"', 'a: "\\ud83d\\ude00"'])('is another matter than %s', (text) => {
    expect(readTree(text)).toMatchObject({
      problem: 'not YAML: this escape is not allowed in double quotes',
    });
  });
});
