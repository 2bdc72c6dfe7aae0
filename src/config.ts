import { parse as parseYaml } from 'yaml';
import { splitDocuments } from './check/split.ts';
import { SyntaxFault } from './check/yaml/fault.ts';
import { parseYaml as parseNodes } from './check/yaml/parse.ts';
import { errorCode, UserError } from './errors.ts';
import { isDns1123Label, isDns1123Subdomain } from './formats/dns.ts';
import { MAX_DEPTH } from './policy/json.ts';
import { escapePath, quote } from './policy/message.ts';
import type { PolicySettings } from './policy/settings.ts';
import { findConfigProblems, type PolicyFile, toPolicySettings } from './policy-file.ts';
import {
  type Environment,
  fromEnvironment,
  pickWritten,
  readServeSettings,
  SERVE_SETTINGS,
  type ServeFileSettings,
  type ServeSettingFlags,
  type ServeValues,
} from './serve-settings.ts';
import { DEFAULT_LIFETIMES, type Lifetimes } from './tls/lifetimes.ts';

/** The configuration file, after schemas/config.json has found nothing wrong with it. */
export interface ConfigFile extends ServeFileSettings, PolicyFile {
  readonly rotation?: {
    readonly authoritySeconds?: number;
    readonly servingSeconds?: number;
    readonly propagationSeconds?: number;
    readonly overlapSeconds?: number;
    readonly pollSeconds?: number;
  };
}

/** The source of the certificates. A Secret without a namespace is in the server's own namespace. */
export type CertificateSettings =
  | { readonly from: 'directory'; readonly dir: string }
  | { readonly from: 'secret'; readonly namespace: string | undefined; readonly name: string };

export interface ServeSettings
  extends Pick<
    ServeValues,
    'host' | 'port' | 'healthPort' | 'kubeconfig' | 'targetKubeconfig' | 'logLevel' | 'drainSeconds'
  > {
  readonly certificates: CertificateSettings;
  /** The ConfigMap with the webhook configurations. Undefined where another tool applies them. */
  readonly registration: { readonly namespace: string; readonly name: string } | undefined;
  readonly sans: readonly string[];
  readonly lifetimes: Lifetimes;
  readonly pollMs: number;
  /** Undefined: clients are not asked for certificates. */
  readonly clients:
    | { readonly required: boolean; readonly caFile: string; readonly names: readonly string[] }
    | undefined;
  readonly policy: PolicySettings;
}

/** Flags of every command that evaluates objects. */
export interface PolicyFlags {
  readonly config?: string | undefined;
  readonly 'networking-calico'?: string | undefined;
  readonly 'calico-version'?: string | undefined;
  readonly 'kops-version'?: string | undefined;
}

export interface ServeFlags extends PolicyFlags, ServeSettingFlags {}

export interface Sources<Flags = ServeFlags> {
  readonly flags: Flags;
  readonly env: Environment;
  /** Reads a text file. Its errors are shown to the user. */
  readonly readFile: (path: string) => string;
}

/**
 * Flag, then environment, then file, then default.
 * @throws UserError that says which of them is wrong
 */
export function loadServeSettings(sources: Sources): ServeSettings {
  const { flags, env } = sources;
  const file = loadConfigFile(flags.config ?? fromEnvironment(env, 'config')?.text, sources.readFile);
  const { host, port, healthPort, kubeconfig, targetKubeconfig, logLevel, drainSeconds, ...values } =
    readServeSettings(flags, env, file);
  const certificates = readCertificateSettings(sources, file);
  return {
    ...{ host, port, healthPort, kubeconfig, targetKubeconfig, logLevel, drainSeconds },
    certificates,
    registration: toRegistration(values.registration, certificates),
    sans: values.san,
    ...toRotation(file),
    clients: toClients(values),
    policy: toPolicySettings(file, findVersions(sources)),
  };
}

function toRotation({ rotation }: ConfigFile): Pick<ServeSettings, 'lifetimes' | 'pollMs'> {
  const seconds = (given: number | undefined, usual: number) => (given === undefined ? usual : given * 1000);
  const authority = seconds(rotation?.authoritySeconds, DEFAULT_LIFETIMES.authority);
  const serving = seconds(rotation?.servingSeconds, DEFAULT_LIFETIMES.serving);
  if (serving > authority / 3) {
    throw new UserError(
      `rotation.servingSeconds must be at most a third of rotation.authoritySeconds (got ${serving / 1000} and ${authority / 1000}); a certificate authority (CA) must be valid for longer than the certificates that it signs`,
    );
  }
  return {
    lifetimes: {
      authority,
      serving,
      // A day of the usual 90 days.
      margin: authority / 90,
      propagation: seconds(rotation?.propagationSeconds, DEFAULT_LIFETIMES.propagation),
      overlap: seconds(rotation?.overlapSeconds, DEFAULT_LIFETIMES.overlap),
    },
    pollMs: seconds(rotation?.pollSeconds, 15_000),
  };
}

function toClients({
  clientAuth,
  clientCa,
  clientName,
}: Pick<ServeValues, 'clientAuth' | 'clientCa' | 'clientName'>): ServeSettings['clients'] {
  if (clientAuth === 'off') {
    const unused =
      clientCa === undefined ? (clientName.length > 0 ? '--client-name' : undefined) : '--client-ca';
    // An operator who sets a certificate authority expects that clients are verified.
    if (unused !== undefined) {
      throw new UserError(
        `${unused} has no effect while --client-auth is off; set it to optional or required`,
      );
    }
    return undefined;
  }
  if (clientCa === undefined) {
    throw new UserError(
      `--client-auth ${clientAuth} needs the certificate authority (CA) of the clients; set it with --client-ca`,
    );
  }
  return { required: clientAuth === 'required', caFile: clientCa, names: clientName };
}

function toRegistration(
  text: string | undefined,
  certificates: CertificateSettings,
): ServeSettings['registration'] {
  if (text === undefined) return undefined;
  const [namespace = '', name = '', ...rest] = text.split('/');
  if (rest.length > 0 || !isDns1123Label(namespace) || !isDns1123Subdomain(name)) {
    throw new UserError(
      `--registration must be like garden/calico-admission-registration (got ${quote(text)}); name a ConfigMap with its namespace`,
    );
  }
  if (certificates.from === 'directory') {
    throw new UserError(
      '--registration needs a certificate authority (CA) that the server manages; name its Secret with --cert-secret',
    );
  }
  return { namespace, name };
}

/**
 * Two settings for the same thing: of the first source that has one of them, the Secret takes precedence (the image
 * sets a directory).
 */
function readCertificateSettings({ flags, env }: Sources, file: ConfigFile): CertificateSettings {
  if (flags['cert-secret'] !== undefined && flags['cert-dir'] !== undefined) {
    throw new UserError(
      '--cert-secret and --cert-dir both name the source of the certificates; leave one of them out',
    );
  }
  const written = (text: string | undefined, source: string) =>
    text === undefined ? undefined : { text, source };
  const places = [
    [written(flags['cert-secret'], '--cert-secret'), written(flags['cert-dir'], '--cert-dir')],
    ['cert-secret', 'cert-dir'].map((flag) => fromEnvironment(env, flag)),
    [written(file.certSecret, 'certSecret'), written(file.certDir, 'certDir')],
  ] as const;
  const [secret, dir] = places.find((place) => place.some((each) => each !== undefined)) ?? [];
  if (secret === undefined) return { from: 'directory', dir: dir?.text ?? SERVE_SETTINGS.certDir.default };
  const slash = secret.text.indexOf('/');
  const namespace = slash < 0 ? undefined : secret.text.slice(0, slash);
  const name = secret.text.slice(slash + 1);
  if (!isDns1123Subdomain(name) || (namespace !== undefined && !isDns1123Label(namespace))) {
    throw new UserError(
      `${secret.source} must be like calico-admission-tls or garden/calico-admission-tls (got ${quote(secret.text)}); name a Secret`,
    );
  }
  return { from: 'secret', namespace, name };
}

/**
 * The settings for findings, for commands other than `serve`. Only the flag names the configuration file.
 * @throws UserError that says what is wrong
 */
export function loadPolicySettings(sources: Sources<PolicyFlags>): PolicySettings {
  return toPolicySettings(loadConfigFile(sources.flags.config, sources.readFile), findVersions(sources));
}

/** Versions from flags or from the environment. */
function findVersions({ flags, env }: Pick<Sources<PolicyFlags>, 'flags' | 'env'>) {
  return {
    networkingCalico: pickWritten('networking-calico', flags['networking-calico'], env),
    calico: pickWritten('calico-version', flags['calico-version'], env),
    kops: pickWritten('kops-version', flags['kops-version'], env),
  };
}

/**
 * The configuration file, YAML or JSON. Without a path it is empty.
 * @throws UserError that lists all mistakes
 */
export function loadConfigFile(path: string | undefined, readFile: (path: string) => string): ConfigFile {
  if (path === undefined) return {};
  const content = parseConfigFile(path, readFile);
  if (content === null || content === undefined) return {};
  const problems = findConfigProblems(content);
  if (problems.length > 0) {
    const lines = problems.map((problem) => `  ${problem}`).join('\n');
    throw new UserError(`the configuration file ${escapePath(path)} is wrong:\n${lines}`);
  }
  return content;
}

function parseConfigFile(path: string, readFile: (path: string) => string): ConfigFile | null | undefined {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error';
    throw new UserError(
      `cannot read the configuration file ${escapePath(path)} (${code}); check the path and its permissions`,
    );
  }
  try {
    limitDepth(text);
    return parseYaml(text, { maxAliasCount: 100, prettyErrors: true });
  } catch (error) {
    // The message of the parser quotes lines of the file. Only its first line says what is wrong.
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : 'not YAML';
    throw new UserError(`the configuration file ${escapePath(path)} is neither YAML nor JSON: ${reason}`);
  }
}

/**
 * The library is recursive. At the end of the stack V8 throws a RangeError, but ends the process where a regular
 * expression has to be compiled there, so that a file of brackets would sometimes end the process.
 */
function limitDepth(text: string): void {
  for (const { start, end } of splitDocuments(text)) {
    try {
      parseNodes(text.slice(start, end), MAX_DEPTH);
    } catch (thrown) {
      // The library reports other errors, because it reads another YAML: in ours `off` is no string.
      if (!(thrown instanceof SyntaxFault)) throw thrown;
      if (thrown.code === 'too-deep') throw new Error(`nested too deeply, more than ${MAX_DEPTH} levels`);
    }
  }
}
