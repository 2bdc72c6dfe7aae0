import { isCidr, type SpellingProblem, strictCidrProblem, strictIpProblem } from '../../formats/cidr.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import type { Explanation } from '../../policy/message.ts';
import type { Finding } from '../../policy/types.ts';

/** A range that is read as Go's net.ParseCIDR does; anything that is no string is left alone. */
export function checkCidr(path: FieldPath, value: unknown): Finding[] {
  if (typeof value !== 'string' || isCidr(value)) return [];
  const explanation = adviseCidr(value, strictCidrProblem(value) ?? { kind: 'unparsable' });
  return [{ path, reason: 'FieldValueInvalid', ...explanation, got: value }];
}

/** What is wrong with a range, and what to write instead. */
export function adviseCidr(text: string, problem: SpellingProblem): Explanation {
  if (problem.kind !== 'unparsable') return adviseSpelling('the range', problem);
  if (text === '')
    return { problem: 'the range is empty', advice: 'remove it or write one, such as 10.0.0.0/16' };
  if (text.includes(','))
    return { problem: 'not one CIDR range', advice: 'write a single one, such as 10.0.0.0/16' };
  if (strictIpProblem(text) === undefined) {
    return { problem: 'the prefix length is missing', advice: 'append it, such as /16' };
  }
  return { problem: 'not a CIDR range', advice: 'write an address and a prefix length, such as 10.0.0.0/16' };
}

/** What is wrong with the spelling of a range or an address that means something. */
export function adviseSpelling(what: string, { kind, canonical }: SpellingProblem): Explanation {
  const advice = canonical === undefined ? 'write it in plain form' : `write ${canonical}`;
  switch (kind) {
    case 'leading-zeros':
      return {
        problem: `${what} has leading zeros`,
        advice: canonical === undefined ? 'leave them out' : advice,
      };
    case 'ipv4-mapped':
      return { problem: `${what} is IPv4 written as IPv6`, advice };
    case 'host-bits':
      return { problem: `${what} has bits set beyond its prefix`, advice };
    default:
      return { problem: `${what} is not written in canonical form`, advice };
  }
}
