import { protocolNames } from '../../src/formats/protocol.ts';
import type { JsonObject } from '../../src/policy/json.ts';
import { CLOUD_WORDS } from '../../src/targets/kops-cluster.ts';

// What the formats of src/kinds mean to an editor. A keyword of JSON Schema cannot say all that a rule knows, so each
// takes at least what the rules take: test/schema/editor-formats.test.ts holds them against the rules' own readers.

/** @throws where the format is not known */
export function constraintOf(format: string | undefined): JsonObject {
  if (format === undefined) return {};
  const constraint = FORMATS[format];
  if (constraint === undefined) {
    throw new Error(`no such format (got ${format}); add it to test/docs/editor-formats.ts`);
  }
  return constraint;
}

function text(pattern: string, patternErrorMessage: string, examples?: readonly string[]): JsonObject {
  return { pattern: `^(?:${pattern})$`, patternErrorMessage, ...(examples && { examples }) };
}

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
/** Not whether the groups are as many as there must be. */
const IPV6 = '[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*';
/** IPv4 written as IPv6. */
const MAPPED = '[0:]*:[fF]{4}:[0-9A-Fa-f:.]+';
const IPV4_RANGE = `${IPV4}/0*(?:3[0-2]|[12]?[0-9])`;
const IPV6_RANGE = `${IPV6}/0*(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])`;
const CIDR = `${IPV4_RANGE}|${IPV6_RANGE}`;
const NET = `${IPV4}|${IPV6}|${CIDR}`;
const ANYTHING = '[\\s\\S]+';

const NO_CIDR = 'Not a CIDR range, such as 10.244.0.0/16.';
const NO_NET = 'Neither an address nor a range, such as 192.0.2.0/24.';
const NO_METHOD = 'Not an autodetection method.';

/** A number and a unit, and one after the other. */
const DURATION = '[+-]?(?:0|(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)';
const WHOLE_DURATION = '(?:[0-9]+(?:ms|s|m|h))+';
const NO_DURATION = 'Not a duration, such as 90s or 1m30s.';

// As characters: Go, which kubeconform is written in, has no other way to write them.
const BLANKS = '[ \u0085\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]*';
const QUANTITY = '\\+?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?';

const PORT_NUMBER =
  '0*(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})';
const AS_NUMBER = '0*[0-9]{1,10}|0*[0-9]{1,5}\\.0*[0-9]{1,5}';
const INTERFACE = '[a-zA-Z0-9_.-]{1,15}';

const BLOCK_SIZES: readonly JsonObject[] = [
  { minimum: 20, maximum: 32 },
  { minimum: 116, maximum: 128 },
];

const FORMATS: Readonly<Record<string, JsonObject>> = {
  cidr: text(CIDR, NO_CIDR),
  'cidr-or-empty': text(`${CIDR}|`, NO_CIDR),
  'cidr-list': text(`(?:${BLANKS}(?:${CIDR})${BLANKS},)*${BLANKS}(?:${CIDR})${BLANKS}|`, NO_CIDR),
  net: text(NET, NO_NET),
  ip: text(`${IPV4}|${IPV6}`, 'Not an IP address.'),
  'ipv4-net': text(`${IPV4}|${IPV4_RANGE}|${MAPPED}(?:/[0-9]+)?`, NO_NET),
  'ipv4-or-empty': text(`${IPV4}|${MAPPED}|`, 'Not an IPv4 address.'),
  'ipv6-or-empty': text(`${IPV6}|`, 'Not an IPv6 address.'),
  'peer-address': text(
    `${IPV4}|${IPV6}|(?:${IPV4}|\\[${IPV6}\\]):${PORT_NUMBER}|`,
    'Not the address of a peer.',
  ),

  duration: text(DURATION, NO_DURATION),
  'felix-duration': text(WHOLE_DURATION, 'Not a duration without fractions, such as 90s or 1500ms.'),
  'felix-timeout': text(
    'Auto|(?:[0-9]*(?:\\.[0-9]*)?(?:us|[smh]))+',
    'Neither a duration such as 90s, nor Auto.',
    ['Auto'],
  ),

  mtu: { minimum: 0, maximum: 2_147_483_647 },
  'mtu-text': text('\\+?[0-9]+|-0+', 'Not a whole number, such as "1440".'),
  'block-size': { anyOf: [...BLOCK_SIZES, { minimum: 0, maximum: 0 }] },
  'installation-block-size': { anyOf: BLOCK_SIZES },
  'quantity-above-zero': {
    exclusiveMinimum: 0,
    ...text(`${BLANKS}${QUANTITY}${BLANKS}`, 'Not a quantity above zero, such as 100m or 128Mi.'),
  },
  'cpu-and-memory': { propertyNames: { enum: ['cpu', 'memory'] } },
  'port-range': {
    minimum: 1,
    maximum: 65_535,
    ...text(`${PORT_NUMBER}(?::${PORT_NUMBER})?`, 'Not a range of ports, such as 30000:32767.'),
  },
  'as-number': {
    minimum: 0,
    maximum: 4_294_967_295,
    ...text(AS_NUMBER, 'Not an AS number: 0 to 4294967295.'),
  },

  protocol: {
    minimum: 1,
    maximum: 255,
    ...text(
      `${protocolNames.join('|')}|0*[0-9]{1,3}`,
      `Not a protocol: ${protocolNames.join(', ')}, or 1 to 255.`,
      protocolNames,
    ),
  },
  'policy-port': {
    minimum: 1,
    maximum: 65_535,
    ...text('[a-zA-Z0-9_.:-]{1,128}', 'Neither a port, a range such as 8000:8999, nor the name of a port.'),
  },
  'prefix-length': { minimum: 0, maximum: 128 },

  set: { uniqueItems: true },
  'at-most-seven': { maxItems: 7 },
  pool: { required: ['cidr'] },

  'gardener-config-version': text(
    'calico\\.networking\\.extensions\\.gardener\\.cloud/(?:v1alpha1)?|/|',
    "Not a version of Calico's configuration: calico.networking.extensions.gardener.cloud/v1alpha1.",
    ['calico.networking.extensions.gardener.cloud/v1alpha1'],
  ),
  'ipam-cidr': text(
    `${CIDR}|[uU][sS][eE][pP][oO][dD][cC][iI][dD][rR]`,
    'Neither usePodCIDR nor a CIDR range.',
    ['usePodCIDR'],
  ),
  'gardener-autodetection-method': text(
    `first-found|kubernetes-internal-ip|cidr=(?:${CIDR})|(?:can-reach|interface|skip-interface)=${ANYTHING}|`,
    NO_METHOD,
    [
      'first-found',
      'kubernetes-internal-ip',
      'interface=eth.*',
      'skip-interface=docker.*',
      'can-reach=8.8.8.8',
      'cidr=10.250.0.0/16',
    ],
  ),
  'kops-autodetection-method': text('first-found|(?:can-reach|interface|skip-interface)=[^=]+|', NO_METHOD, [
    'first-found',
    'interface=eth.*',
    'skip-interface=docker.*',
    'can-reach=8.8.8.8',
  ]),
  'kops-log-level': text(
    `${inAnyCase(['none', 'trace', 'debug', 'info', 'warning', 'error', 'fatal'])}|`,
    'Value is not accepted. Valid values: debug, info, warning, error, fatal.',
    ['debug', 'info', 'warning', 'error', 'fatal'],
  ),
  'kops-cloud': text(`${CLOUD_WORDS.v1alpha2.join('|')}|`, 'Not a cloud of kOps.', CLOUD_WORDS.v1alpha2),

  'felix-component': text('[a-zA-Z0-9_ -]+', 'Not a name of a component of Felix.'),
  'felix-features': text(
    '(?:[a-zA-Z0-9_-]+=(?:true|false|),)*(?:[a-zA-Z0-9_-]+=(?:true|false|))?',
    'Not a list of features, such as SNATFullyRandom=true.',
  ),
  'felix-feature-gates': text(
    '(?:[a-zA-Z0-9_-]+=[^=,]+,)*(?:[a-zA-Z0-9_-]+=[^=]+)?',
    'Not a list of feature gates, such as A=true,B=false.',
  ),
  'felix-interface': text(`${INTERFACE}|`, 'Not a name of an interface.'),
  'felix-interface-filter': text('[a-zA-Z0-9:._+-]{1,15}|', 'Not an interface in the form of iptables.'),
  'felix-rate': text('[1-9][0-9]{0,3}/(?:second|minute|hour|day)', 'Not a rate, such as 10/second.'),
  'felix-log-prefix': text('[a-zA-Z0-9%: /_-]*', 'A prefix of log lines with other characters.'),
  'felix-region': text('[a-z0-9](?:[a-z0-9-]{0,44}[a-z0-9])?|', 'Not a DNS label of at most 46 characters.'),
  'felix-host': text('[a-zA-Z0-9:._+-]{1,64}|', 'Not a host.'),
  'felix-client-auth': text(
    'RequireAndVerifyClientCert|RequireAnyClientCert|VerifyClientCertIfGiven|RequestClientCert|NoClientCert|',
    'Not a way of asking clients for certificates.',
    [
      'NoClientCert',
      'RequestClientCert',
      'RequireAnyClientCert',
      'VerifyClientCertIfGiven',
      'RequireAndVerifyClientCert',
    ],
  ),
  'bgp-interface': text('[a-zA-Z0-9_.*-]{2,15}|[a-zA-Z0-9_.-]', 'Not a name of an interface.'),
};

function inAnyCase(words: readonly string[]): string {
  return words
    .map((word) => word.replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`))
    .join('|');
}
