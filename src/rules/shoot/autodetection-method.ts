// By the autodetection method, calico-node selects the address of a node that it announces. calico-node does not start
// with a method that it cannot parse, and the extension rejects such a method earlier. The patterns of interface= and
// skip-interface= are RE2, as in Go. Gardener does not accept Calico's lists of CIDRs.
import {
  AUTODETECTION_METHODS,
  type AutodetectionProblem,
  autodetectionProblem,
} from '../../formats/autodetection.ts';
import type { SpellingProblem } from '../../formats/cidr.ts';
import { isDns1123Subdomain } from '../../formats/dns.ts';
import { MAX_PATTERN_LENGTH } from '../../formats/re2.ts';
import { read } from '../../policy/json.ts';
import { type Explanation, listAlternatives, truncate } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';
import { adviseCidr, adviseSpelling } from '../shared/cidr-advice.ts';
import { tooLong } from '../shared/too-long.ts';

const WITHOUT_PARAMETER: readonly string[] = ['first-found', 'kubernetes-internal-ip'];
const EXAMPLES = {
  'first-found': 'first-found',
  'kubernetes-internal-ip': 'kubernetes-internal-ip',
  cidr: 'cidr=10.250.0.0/16',
  'can-reach': 'can-reach=8.8.8.8',
  interface: 'interface=eth.*',
  'skip-interface': 'skip-interface=docker.*',
};

export const autodetectionMethod: Rule<NetworkConfigInput> = {
  id: 'shoot/autodetection-method',
  title: 'an autodetection method must be one that Calico has, with a valid parameter',
  action: 'deny',
  docs: {
    why: 'calico-node cannot choose an address of its node with an unknown method, and the extension rejects the whole configuration. A pattern of more than 800 characters is not checked; that is a warning.',
    fix: 'Write `first-found`, `kubernetes-internal-ip`, `cidr=<one range>`, `can-reach=<address or DNS name>`, `interface=<RE2>` or `skip-interface=<RE2>`, in lower case and without spaces.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      ipv4:
        autoDetectionMethod: interface=eth.*
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      ipv4:
        autoDetectionMethod: interface=(?!docker).*
`,
    source:
      'gardener-extension-networking-calico, validation of the NetworkConfig; Calico, IP autodetection methods of calico-node',
    since: '0.1.0',
  },
  *check({ config, configPath }) {
    const fields = [
      { at: ['ipv4', 'autoDetectionMethod'], mayBeEmpty: true },
      { at: ['ipv6', 'autoDetectionMethod'], mayBeEmpty: true },
      { at: ['ipAutodetectionMethod'], mayBeEmpty: false },
    ];
    for (const { at, mayBeEmpty } of fields) {
      const value = read(config, ...at);
      if (typeof value !== 'string' || (value === '' && mayBeEmpty)) continue;
      const mistake = autodetectionProblem(value);
      if (mistake === undefined) continue;
      const path = [...configPath, ...at];
      if (mistake.kind === 'too-long') {
        yield tooLong(path, MAX_PATTERN_LENGTH);
        continue;
      }
      const reason = mistake.kind === 'unknown-method' ? 'FieldValueNotSupported' : 'FieldValueInvalid';
      yield { path, reason, ...advise(value, mistake), got: value };
    }
  },
};

function advise(value: string, problem: Exclude<AutodetectionProblem, { kind: 'too-long' }>): Explanation {
  switch (problem.kind) {
    case 'unknown-method':
      return adviseMethod(value, problem.suggestion);
    case 'parameter-not-allowed':
      return { problem: `${problem.method} takes no parameter`, advice: `write only ${problem.method}` };
    case 'parameter-missing':
      return {
        problem: `${problem.method} needs a parameter`,
        advice: `append a parameter, such as ${EXAMPLES[problem.method]}`,
      };
    case 'bad-cidr':
      if (problem.isList) {
        return {
          problem: 'only one range is allowed',
          advice: 'keep one of them, because Gardener does not accept lists',
        };
      }
      return adviseCidr(problem.parameter, withMethod(problem.method, problem.problem));
    case 'bad-destination':
      return adviseDestination(problem.parameter, problem.ip && withMethod(problem.method, problem.ip));
    case 'bad-regex':
      return {
        problem: `invalid RE2 pattern: ${truncate(problem.detail, 45)}`,
        advice: 'correct the pattern (RE2 has no lookaround and no backreferences)',
      };
  }
}

function adviseMethod(value: string, suggestion: string | undefined): Explanation {
  const problem = value === '' ? 'the method is empty' : 'unknown method';
  if (suggestion !== undefined)
    return { problem, advice: `did you mean ${spell(suggestion)}? Case and spaces matter` };
  return { problem, advice: `use ${listAlternatives(AUTODETECTION_METHODS.map(spell))}` };
}

function spell(method: string): string {
  return WITHOUT_PARAMETER.includes(method) ? method : `${method}=`;
}

/** The advice can then be copied as it is. */
function withMethod(method: string, problem: SpellingProblem): SpellingProblem {
  const { kind, canonical } = problem;
  return canonical === undefined ? problem : { kind, canonical: `${method}=${canonical}` };
}

function adviseDestination(parameter: string, ip: SpellingProblem | undefined): Explanation {
  if (ip !== undefined) return adviseSpelling('the address', ip);
  const problem = 'neither an IP address nor a DNS name';
  const isOnlyCase = isDns1123Subdomain(parameter.toLowerCase());
  return {
    problem,
    advice: isOnlyCase
      ? 'write it in lower case'
      : 'write a host without port, such as 8.8.8.8 or example.com',
  };
}
