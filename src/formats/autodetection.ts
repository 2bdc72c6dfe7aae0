import { type SpellingProblem, strictCidrProblem, strictIpProblem } from './cidr.ts';
import { isDns1123Subdomain } from './dns.ts';
import { nearest } from './nearest.ts';
import { isTooLong, re2Problem } from './re2.ts';

/** The methods of networking-calico, and the form of a value with a parameter. */
export const AUTODETECTION_METHODS = [
  'first-found',
  'kubernetes-internal-ip',
  'cidr',
  'can-reach',
  'interface',
  'skip-interface',
] as const;

export type AutodetectionMethod = (typeof AUTODETECTION_METHODS)[number];

export type AutodetectionProblem =
  /** `method` is the text before the first "=". */
  | { kind: 'unknown-method'; method: string; suggestion?: string }
  | { kind: 'parameter-not-allowed'; method: AutodetectionMethod }
  | { kind: 'parameter-missing'; method: AutodetectionMethod }
  /** `isList`: several CIDRs, which Calico accepts and Gardener rejects. */
  | { kind: 'bad-cidr'; method: 'cidr'; parameter: string; problem: SpellingProblem; isList: boolean }
  /** `ip` is set when the parameter is an IP address that only needs another spelling. */
  | { kind: 'bad-destination'; method: 'can-reach'; parameter: string; ip?: SpellingProblem }
  /** A pattern that was not parsed. */
  | { kind: 'too-long'; method: 'interface' | 'skip-interface' }
  /** `detail` is the error of regexp.Compile. */
  | { kind: 'bad-regex'; method: 'interface' | 'skip-interface'; parameter: string; detail: string };

/**
 * networking-calico's check of an autodetection method. Undefined when it accepts the text. Long patterns are
 * accepted.
 */
export function autodetectionProblem(text: string): AutodetectionProblem | undefined {
  const equals = text.indexOf('=');
  const written = equals < 0 ? text : text.slice(0, equals);
  const method = AUTODETECTION_METHODS.find((known) => known === written);
  if (method === undefined) {
    const suggestion = nearest(written.trim(), AUTODETECTION_METHODS);
    return { kind: 'unknown-method', method: written, ...(suggestion !== undefined && { suggestion }) };
  }
  if (method === 'first-found' || method === 'kubernetes-internal-ip') {
    return equals < 0 ? undefined : { kind: 'parameter-not-allowed', method };
  }
  const parameter = equals < 0 ? '' : text.slice(equals + 1);
  if (parameter === '') return { kind: 'parameter-missing', method };
  if (method === 'cidr') return cidrProblem(parameter);
  if (method === 'can-reach') return destinationProblem(parameter);
  if (isTooLong(parameter)) return { kind: 'too-long', method };
  const detail = re2Problem(parameter);
  return detail === undefined ? undefined : { kind: 'bad-regex', method, parameter, detail };
}

function cidrProblem(parameter: string): AutodetectionProblem | undefined {
  const problem = strictCidrProblem(parameter);
  if (problem === undefined) return undefined;
  return { kind: 'bad-cidr', method: 'cidr', parameter, problem, isList: parameter.includes(',') };
}

/** An octet with a leading zero and `290.8.8.8` are no IP addresses, but valid host names. */
function destinationProblem(parameter: string): AutodetectionProblem | undefined {
  const problem = strictIpProblem(parameter);
  if (problem === undefined || isDns1123Subdomain(parameter)) return undefined;
  const ip = problem.kind === 'unparsable' ? undefined : problem;
  return { kind: 'bad-destination', method: 'can-reach', parameter, ...(ip !== undefined && { ip }) };
}
