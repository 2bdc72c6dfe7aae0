import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatCidr, parseCidr, strictCidrProblem, strictIpProblem } from '../../src/formats/cidr.ts';
import { isDns1123Subdomain } from '../../src/formats/dns.ts';
import { parseAtoi } from '../../src/formats/mtu.ts';
import { parseQuantity } from '../../src/formats/quantity.ts';
import { re2Problem } from '../../src/formats/re2.ts';

/** The results of Go, written by test/formats/oracle. */
type Row = { value: string; ok: boolean } & Record<string, unknown>;

const directory = process.env.FORMATS_TABLES ?? fileURLToPath(new URL('tables', import.meta.url));

const formats: { name: string; evaluate: (value: string, row: Row) => Record<string, unknown> }[] = [
  {
    name: 'cidr',
    evaluate(value) {
      const cidr = parseCidr(value);
      return { ok: cidr !== undefined, ...(cidr && { network: formatCidr(cidr) }) };
    },
  },
  { name: 'strict-cidr', evaluate: (value) => spelling(strictCidrProblem(value)) },
  { name: 'strict-ip', evaluate: (value) => spelling(strictIpProblem(value)) },
  { name: 'dns1123-subdomain', evaluate: (value) => ({ ok: isDns1123Subdomain(value) }) },
  {
    name: 'quantity',
    evaluate(value, row) {
      const quantity = parseQuantity(value);
      return {
        ok: quantity !== undefined,
        sign: quantity?.sign ?? 0,
        integer: quantity?.isInteger ?? false,
        // The oracle leaves them out for long numbers.
        ...(row.nanos !== undefined && { nanos: String(quantity?.nanos) }),
      };
    },
  },
  {
    name: 'atoi',
    evaluate(value) {
      const number = parseAtoi(value);
      return { ok: number !== undefined, ...(number !== undefined && { number: String(number) }) };
    },
  },
  { name: 'regexp', evaluate: (value) => ({ ok: re2Problem(value) === undefined }) },
];

describe.each(formats)('Go agrees on $name', ({ name, evaluate }) => {
  const rows = readFileSync(`${directory}/${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line): Row => JSON.parse(line));

  it('has enough to compare', () => {
    expect(rows.length).toBeGreaterThanOrEqual(200);
    expect(new Set(rows.map(({ ok }) => ok))).toEqual(new Set([true, false]));
  });

  it('comes to the same results', () => {
    // Go's words for a broken regexp are not compared: one may have several faults.
    const wanted = rows.map(({ code: _, ...row }) => row);
    const got = rows.map((row) => ({ value: row.value, ...evaluate(row.value, row) }));
    expect(got).toEqual(wanted);
  });
});

function spelling(problem: { kind: string } | undefined): Record<string, unknown> {
  return problem === undefined ? { ok: true } : { ok: false, kind: problem.kind };
}
