import { isCidr, type SpellingProblem, strictCidrProblem, strictIpProblem } from '../formats/cidr.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { quote } from '../policy/message.ts';
import type { Finding } from '../policy/types.ts';

/** The two halves of a message about a value. */
export interface Advice {
  readonly wrong: string;
  readonly fix: string;
}

/** A range that is read as Go's net.ParseCIDR does; anything that is no string is left alone. */
export function checkCidr(path: FieldPath, value: unknown): Finding[] {
  if (typeof value !== 'string' || isCidr(value)) return [];
  const { wrong, fix } = adviseCidr(value, strictCidrProblem(value) ?? { kind: 'unparsable' });
  return [{ path, reason: 'FieldValueInvalid', message: `${wrong} (got ${quote(value)}); ${fix}` }];
}

/** What is wrong with a range, and what to write instead. */
export function adviseCidr(text: string, problem: SpellingProblem): Advice {
  if (problem.kind !== 'unparsable') return adviseSpelling('the range', problem);
  if (text === '') return { wrong: 'the range is empty', fix: 'remove it or write one, such as 10.0.0.0/16' };
  if (text.includes(','))
    return { wrong: 'not one CIDR range', fix: 'write a single one, such as 10.0.0.0/16' };
  if (strictIpProblem(text) === undefined) {
    return { wrong: 'the prefix length is missing', fix: 'append it, such as /16' };
  }
  return { wrong: 'not a CIDR range', fix: 'write an address and a prefix length, such as 10.0.0.0/16' };
}

/** What is wrong with the spelling of a range or an address that means something. */
export function adviseSpelling(what: string, { kind, canonical }: SpellingProblem): Advice {
  const fix = canonical === undefined ? 'write it in plain form' : `write ${canonical}`;
  switch (kind) {
    case 'leading-zeros':
      return { wrong: `${what} has leading zeros`, fix: canonical === undefined ? 'leave them out' : fix };
    case 'ipv4-mapped':
      return { wrong: `${what} is IPv4 written as IPv6`, fix };
    case 'host-bits':
      return { wrong: `${what} has bits set beyond its prefix`, fix };
    default:
      return { wrong: `${what} is not written in canonical form`, fix };
  }
}
