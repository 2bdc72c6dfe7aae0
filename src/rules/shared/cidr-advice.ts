import { isCidr, type SpellingProblem, strictCidrProblem, strictIpProblem } from '../../formats/cidr.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import type { Explanation } from '../../policy/message.ts';
import type { Finding } from '../../policy/types.ts';

/** The finding for a range that Go's net.ParseCIDR cannot parse. Values that are not strings are ignored. */
export function checkCidr(path: FieldPath, value: unknown): Finding[] {
  if (typeof value !== 'string' || isCidr(value)) return [];
  const explanation = adviseCidr(value, strictCidrProblem(value) ?? { kind: 'unparsable' });
  return [{ path, reason: 'FieldValueInvalid', ...explanation, got: value }];
}

/** What is wrong with a range, and what to write instead. */
export function adviseCidr(text: string, problem: SpellingProblem): Explanation {
  if (problem.kind !== 'unparsable') return adviseSpelling('the range', problem);
  if (text === '')
    return { problem: 'the range is empty', advice: 'remove it, or write a range such as 10.0.0.0/16' };
  if (text.includes(','))
    return { problem: 'only one CIDR range is allowed', advice: 'write a single range, such as 10.0.0.0/16' };
  if (strictIpProblem(text) === undefined) {
    return { problem: 'the prefix length is missing', advice: 'append a prefix length, such as /16' };
  }
  return { problem: 'not a CIDR range', advice: 'write an address and a prefix length, such as 10.0.0.0/16' };
}

/** What is wrong with the spelling of a range or an address that can be parsed. */
export function adviseSpelling(what: string, { kind, canonical }: SpellingProblem): Explanation {
  const advice = canonical === undefined ? 'write it in canonical form' : `write ${canonical}`;
  switch (kind) {
    case 'leading-zeros':
      return {
        problem: `${what} has leading zeros`,
        advice: canonical === undefined ? 'remove the leading zeros' : advice,
      };
    case 'ipv4-mapped':
      return { problem: `${what} is an IPv4 range in IPv6 notation`, advice };
    case 'host-bits':
      return { problem: `${what} has bits set beyond its prefix`, advice };
    default:
      return { problem: `${what} is not written in canonical form`, advice };
  }
}
