import { UserError } from './errors.ts';
import { wrapHelp } from './help.ts';
import { LOG_LEVELS } from './observe/log-level.ts';
import { describe, listAlternatives, quote } from './policy/message.ts';

interface SettingBase {
  /** The word after the flag in the help: `PORT`. */
  readonly argument: string;
  /** One or two sentences for the help, docs/configuration.md and editors. */
  readonly description: string;
}

interface TextSetting extends SettingBase {
  readonly kind: 'text';
  readonly default: string | undefined;
}

interface NumberSetting extends SettingBase {
  readonly kind: 'number';
  /** The limit of a whole number, from 0. */
  readonly max: number;
  readonly default: number;
}

interface ChoiceSetting<Word extends string = string> extends SettingBase {
  readonly kind: 'choice';
  readonly words: readonly Word[];
  readonly default: Word;
}

interface ListSetting extends SettingBase {
  readonly kind: 'list';
}

type Setting = TextSetting | NumberSetting | ChoiceSetting | ListSetting;
type Settings = Readonly<Record<string, Setting>>;

type ValueOf<S> = S extends { kind: 'text'; default: infer Default }
  ? string | Default
  : S extends { kind: 'number' }
    ? number
    : S extends { kind: 'choice'; words: readonly (infer Word)[] }
      ? Word
      : readonly string[];

type KebabCase<Key extends string> = Key extends `${infer First}${infer Rest}`
  ? `${First extends Uppercase<First> ? `-${Lowercase<First>}` : First}${KebabCase<Rest>}`
  : '';

/** The flags as they were written: a text, or a list of texts. */
type FlagsOf<S extends Settings> = {
  readonly [Key in keyof S & string as KebabCase<Key>]?:
    | (S[Key] extends ListSetting ? readonly string[] : string)
    | undefined;
};
type ValuesOf<S extends Settings> = { readonly [Key in keyof S]: ValueOf<S[Key]> };
type OptionsOf<S extends Settings> = {
  readonly [Key in keyof S & string as KebabCase<Key>]: S[Key] extends ListSetting
    ? { readonly type: 'string'; readonly multiple: true }
    : { readonly type: 'string' };
};
type FileOf<S extends Settings> = { readonly [Key in keyof S]?: NonNullable<ValueOf<S[Key]>> };

/**
 * The settings of `serve`, by their keys in the configuration file. The flag (`healthPort` is --health-port), the
 * variable (CALICO_ADMISSION_HEALTH_PORT), the help, the type, the default and, by `npm run docs`,
 * schemas/config.json and docs/configuration.md are made from here.
 */
export const SERVE_SETTINGS = {
  host: {
    kind: 'text',
    argument: 'ADDRESS',
    default: '127.0.0.1',
    description: 'Address to listen on.',
  },
  port: {
    kind: 'number',
    argument: 'PORT',
    max: 65_535,
    default: 8443,
    description: 'Port of the webhooks (HTTPS); 0 selects a free port.',
  },
  healthPort: {
    kind: 'number',
    argument: 'PORT',
    max: 65_535,
    default: 8081,
    description: 'Port of /healthz, /readyz and /metrics (HTTP); 0 selects a free port.',
  },
  certDir: {
    kind: 'text',
    argument: 'DIR',
    default: 'certs',
    description:
      'Directory with ca.crt, ca.key, tls.crt and tls.key. The server creates them if they are missing.',
  },
  san: {
    kind: 'list',
    argument: 'NAME',
    description: 'More names and addresses for a certificate that the server creates.',
  },
  certSecret: {
    kind: 'text',
    argument: 'NAME',
    default: undefined,
    description:
      'Secret `NAME` or `NAMESPACE/NAME` for the certificates, instead of `certDir`. The server creates and renews them there and shares them with its other replicas. It also keeps the caBundle of the webhook configurations up to date.',
  },
  kubeconfig: {
    kind: 'text',
    argument: 'FILE',
    default: undefined,
    description:
      'Kubeconfig of the cluster that has the Secret. By default the cluster that the server runs in, otherwise the default of kubectl.',
  },
  targetKubeconfig: {
    kind: 'text',
    argument: 'FILE',
    default: undefined,
    description:
      'Kubeconfig of the cluster that has the webhook configurations, if that is a different cluster.',
  },
  registration: {
    kind: 'text',
    argument: 'NAME',
    default: undefined,
    description:
      'ConfigMap `NAMESPACE/NAME` with the webhook configurations, in the cluster that has them: the server creates them, follows changes of the ConfigMap, and makes its namespace their owner. Only with `certSecret`.',
  },
  clientAuth: {
    kind: 'choice',
    argument: 'MODE',
    words: ['off', 'optional', 'required'],
    default: 'off',
    description:
      'Whether clients must send a certificate: `optional` checks one that is sent, `required` rejects clients without one. Health and metrics never need one.',
  },
  clientCa: {
    kind: 'text',
    argument: 'FILE',
    default: undefined,
    description:
      'File with the certificate authorities of client certificates (PEM). The server reads it again when it changes.',
  },
  clientName: {
    kind: 'list',
    argument: 'NAME',
    description:
      'Common names or DNS names. A client certificate must have one of them. By default every certificate of the certificate authorities in `clientCa` is accepted.',
  },
  logLevel: {
    kind: 'choice',
    argument: 'LEVEL',
    words: LOG_LEVELS,
    default: 'info',
    description: 'Lowest level of the messages in the log.',
  },
  drainSeconds: {
    kind: 'number',
    argument: 'SECONDS',
    max: 600,
    default: 10,
    description:
      'How long the server still accepts connections after SIGTERM, in seconds: the time until the endpoints are removed.',
  },
} as const satisfies Settings;

export type ServeValues = ValuesOf<typeof SERVE_SETTINGS>;
export type ServeSettingFlags = FlagsOf<typeof SERVE_SETTINGS>;
export type ServeFileSettings = FileOf<typeof SERVE_SETTINGS>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** A value as text, and its source. */
export interface Written {
  readonly text: string;
  /** The flag, the variable or the key, for messages. */
  readonly source: string;
}

/**
 * Each setting from its flag, otherwise its variable, otherwise the file, otherwise its default.
 * @throws UserError that names the wrong flag or variable
 */
export function readServeSettings(
  flags: ServeSettingFlags,
  env: Environment,
  file: ServeFileSettings,
): ServeValues {
  const values = Object.entries<Setting>(SERVE_SETTINGS).map(([key, setting]): [string, unknown] => {
    const value =
      readWritten(key, setting, flags, env) ??
      (file as Readonly<Record<string, unknown>>)[key] ??
      (setting.kind === 'list' ? [] : setting.default);
    return [key, value];
  });
  return Object.fromEntries(values) as ServeValues;
}

function readWritten(key: string, setting: Setting, flags: object, env: Environment): unknown {
  const flag = flagOf(key);
  const value = (flags as Readonly<Record<string, unknown>>)[flag];
  if (setting.kind === 'list') {
    if (value !== undefined) return value;
    return fromEnvironment(env, flag)
      ?.text.split(',')
      .map((each) => each.trim());
  }
  const written = pickWritten(flag, value, env);
  if (written === undefined) return undefined;
  if (setting.kind === 'number') return toNumber(written, setting.max);
  if (setting.kind === 'choice') return toChoice(written, setting.words);
  if (written.text !== '') return written.text;
  throw new UserError(`${written.source} must not be empty; leave it out for the default`);
}

/** `healthPort` is `health-port`. */
export function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `health-port` is `CALICO_ADMISSION_HEALTH_PORT`. */
export function variableOf(flag: string): string {
  return `CALICO_ADMISSION_${flag.replaceAll('-', '_').toUpperCase()}`;
}

/**
 * For a Service named calico-admission, the kubelet sets CALICO_ADMISSION_PORT=tcp://10.0.0.1:443 and similar
 * variables, which are no settings. An empty variable counts as unset.
 */
export function fromEnvironment(env: Environment, flag: string): Written | undefined {
  const source = variableOf(flag);
  const text = env[source];
  return text === undefined || text === '' || text.startsWith('tcp://') ? undefined : { text, source };
}

/** The flag, otherwise its variable. */
export function pickWritten(flag: string, value: unknown, env: Environment): Written | undefined {
  return typeof value === 'string' ? { text: value, source: `--${flag}` } : fromEnvironment(env, flag);
}

function toNumber({ text, source }: Written, max: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number <= max) return number;
  throw new UserError(`${source} must be a whole number from 0 to ${max} (got ${describe(text)})`);
}

function toChoice({ text, source }: Written, words: readonly string[]): string {
  if (words.includes(text)) return text;
  throw new UserError(`${source} must be ${listAlternatives(words)} (got ${quote(text)})`);
}

/** The options of the flags for `parseArgs`. */
export function serveOptions(): OptionsOf<typeof SERVE_SETTINGS> {
  return Object.fromEntries(
    Object.entries<Setting>(SERVE_SETTINGS).map(([key, { kind }]): [string, object] => [
      flagOf(key),
      { type: 'string', ...(kind === 'list' && { multiple: true }) },
    ]),
  ) as OptionsOf<typeof SERVE_SETTINGS>;
}

const HELP_INDENT = 28;

/** Lines of the help for some settings: the flag, its description, its default. */
export function describeSettings(keys: readonly (keyof typeof SERVE_SETTINGS)[]): string {
  return keys.map((key) => describeSetting(key, SERVE_SETTINGS[key])).join('\n');
}

function describeSetting(key: string, setting: Setting): string {
  const facts = [
    ...(setting.kind === 'choice' ? [setting.words.join(', ')] : []),
    ...(setting.kind === 'list' ? ['may be repeated'] : []),
    ...(setting.kind !== 'list' && setting.default !== undefined ? [`default: ${setting.default}`] : []),
  ];
  const suffix = facts.length === 0 ? '' : ` (${facts.join('; ')})`;
  const text = `${setting.description.replaceAll('`', '').replace(/\.$/, '')}${suffix}`;
  const label = `  --${flagOf(key)} ${setting.argument}`.padEnd(HELP_INDENT);
  return `${label}${wrapHelp(text, HELP_INDENT)}`;
}

/** The settings as properties of a JSON Schema, in the form of schemas/config.json. */
export function serveSchemaProperties(): Record<string, object> {
  return Object.fromEntries(
    Object.entries<Setting>(SERVE_SETTINGS).map(([key, setting]) => [key, schemaOf(setting)]),
  );
}

function schemaOf(setting: Setting): object {
  const { description } = setting;
  const text = { type: 'string', minLength: 1 };
  switch (setting.kind) {
    case 'number':
      return { type: 'integer', minimum: 0, maximum: setting.max, description, default: setting.default };
    case 'choice':
      return { type: 'string', enum: setting.words, description, default: setting.default };
    case 'list':
      return { type: 'array', items: text, description, default: [] };
    case 'text':
      return { ...text, description, ...(setting.default !== undefined && { default: setting.default }) };
  }
}
