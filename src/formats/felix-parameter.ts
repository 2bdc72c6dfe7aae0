import { parseCidr } from './cidr.ts';
import { parseIp } from './ip.ts';
import { isTooLong, re2Problem } from './re2.ts';

/** A parameter of Felix or Typha, from its tag in {@link FELIX_PARAMETERS}. */
export interface Parameter {
  /** The type of its value, such as `bool`, `int(0:65535)` or `oneof(insert,append)`. */
  readonly kind: string;
  /** The program stops at a value that it cannot parse. Otherwise it uses the default. */
  readonly isFatal: boolean;
}

export function readTag(tag: string): Parameter {
  const [kind = '', ...marks] = tag.split(' ');
  return { kind, isFatal: marks.includes('die-on-fail') };
}

const IS_SWITCH = /^(true|1|yes|y|t|false|0|no|n|f)$/i;
/** Go's strconv.ParseFloat, without infinities and hexadecimal. */
const IS_FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Go's strconv.ParseInt with base 0. */
const IS_INTEGER = /^[+-]?(0x[0-9a-f]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/i;

/**
 * Advice for a value that the program cannot parse (felix/config/param_types.go). Undefined where it can. Any file,
 * host name or text is valid.
 */
export function adviseParameter({ kind }: Parameter, value: string): string | undefined {
  const [, name = '', options = ''] = /^\*?([\w-]+)(?:\((.*)\))?$/.exec(kind) ?? [];
  switch (name) {
    case 'bool':
      return IS_SWITCH.test(value) ? undefined : 'write true or false';
    case 'int':
      return adviseInteger(value, options);
    case 'seconds':
    case 'millis':
      return IS_FLOAT.test(value) ? undefined : adviseTime(name, value);
    case 'oneof':
      return adviseWord(value, options.split(','));
    case 'regexp':
      if (isTooLong(value) || re2Problem(value) === undefined) return undefined;
      return value === '*' ? 'write .* for all' : 'write a pattern in RE2, such as ^eth.*';
    case 'ipv4':
      return parseIp(value)?.family === 'IPv4' ? undefined : 'write an IPv4 address';
    case 'ipv6':
      return parseIp(value)?.family === 'IPv6' ? undefined : 'write an IPv6 address';
    case 'cidr-list':
      return isEach(value, (each) => parseCidr(each) !== undefined || parseIp(each) !== undefined)
        ? undefined
        : 'write ranges, separated by commas';
    case 'portrange':
    case 'portrange-list':
      return isEach(value, (each) => /^\d{1,5}(:\d{1,5})?$/.test(each))
        ? undefined
        : 'write a port, or a range with a colon such as 32768:65535';
    case 'port-list':
      return isEach(value, (each) => /^((tcp|udp):)?(.+:)?\d{1,5}$/i.test(each))
        ? undefined
        : 'write protocol and port, such as tcp:22,udp:68';
    case 'mark-bitmask':
      return IS_INTEGER.test(value) ? undefined : 'write a mask such as 0xffff0000';
    default:
      return undefined;
  }
}

function isEach(list: string, test: (item: string) => boolean): boolean {
  return list
    .split(',')
    .map((each) => each.trim())
    .every((each) => each === '' || test(each));
}

function adviseInteger(value: string, options: string): string | undefined {
  const [, low, high] = /^(-?\d+)(?:[:,](\d*))?$/.exec(options) ?? [];
  const least = low === undefined ? undefined : Number(low);
  const most = high === undefined || high === '' ? undefined : Number(high);
  const number = Number(value);
  const isWithin = (least === undefined || number >= least) && (most === undefined || number <= most);
  // Number parses hexadecimal as Go does. It parses octal numbers differently: these are not checked.
  if (IS_INTEGER.test(value) && (isWithin || /^[+-]?0\d/.test(value))) return undefined;
  if (least === undefined) return 'write a whole number';
  return most === undefined
    ? `write a whole number of at least ${least}`
    : `write a whole number, ${least} to ${most}`;
}

function adviseTime(unit: 'seconds' | 'millis', value: string): string {
  const digits = /^(\d+)[a-z]*$/i.exec(value)?.[1] ?? '90';
  return unit === 'seconds'
    ? `write seconds without a unit, such as ${digits}`
    : 'write milliseconds without a unit';
}

function adviseWord(value: string, words: readonly string[]): string | undefined {
  if (words.some((word) => word.toLowerCase() === value.toLowerCase())) return undefined;
  return `write ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
