import { parse as parseYaml } from 'yaml';
import { errorCode, UserError } from './errors.ts';
import { LOG_LEVELS, type LogLevel } from './observe/log-level.ts';
import { formatPath } from './policy/field-path.ts';
import { describe, listAlternatives, quote } from './policy/message.ts';
import type { PolicySettings } from './policy/settings.ts';
import type { Action } from './policy/types.ts';
import { loadSchema } from './schema/load.ts';
import { compileShape, VALUE_KEYWORDS } from './schema/shape.ts';

/** The configuration file, once schemas/config.json has found nothing wrong with it. */
export interface ConfigFile {
  readonly host?: string;
  readonly port?: number;
  readonly healthPort?: number;
  readonly certDir?: string;
  readonly san?: readonly string[];
  readonly logLevel?: LogLevel;
  readonly drainSeconds?: number;
  readonly rules?: Readonly<Record<string, Action>>;
  readonly mutations?: Readonly<Record<string, 'on' | 'off'>>;
  readonly exempt?: PolicySettings['exempt'];
  readonly openstack?: { readonly enableOverlayAsDefaultForCalico?: boolean };
}

export interface ServeSettings {
  readonly host: string;
  readonly port: number;
  readonly healthPort: number;
  readonly certDir: string;
  readonly sans: readonly string[];
  readonly logLevel: LogLevel;
  readonly drainSeconds: number;
  readonly policy: PolicySettings;
}

/** Flags as they were written: all text, `san` more than once. */
export interface ServeFlags {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly 'health-port'?: string | undefined;
  readonly 'cert-dir'?: string | undefined;
  readonly san?: readonly string[] | undefined;
  readonly config?: string | undefined;
  readonly 'log-level'?: string | undefined;
  readonly 'drain-seconds'?: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Sources {
  readonly flags: ServeFlags;
  readonly env: Environment;
  /** Reads a text file; what it throws is told to the user. */
  readonly readFile: (path: string) => string;
}

/**
 * Flag, then environment, then file, then default.
 * @throws UserError that says which of them is wrong
 */
export function loadServeSettings(sources: Sources): ServeSettings {
  const { flags, env } = sources;
  const file = loadConfigFile(flags.config ?? fromEnvironment(env, 'CONFIG'), sources.readFile);
  const pick = (flag: keyof ServeFlags & string, name: string): Written | undefined => {
    const written = flags[flag];
    if (typeof written === 'string') return { text: written, source: `--${flag}` };
    const text = fromEnvironment(env, name);
    return text === undefined ? undefined : { text, source: `CALICO_ADMISSION_${name}` };
  };
  return {
    host: readText(pick('host', 'HOST')) ?? file.host ?? '127.0.0.1',
    port: readNumber(pick('port', 'PORT'), 65_535) ?? file.port ?? 8443,
    healthPort: readNumber(pick('health-port', 'HEALTH_PORT'), 65_535) ?? file.healthPort ?? 8081,
    certDir: readText(pick('cert-dir', 'CERT_DIR')) ?? file.certDir ?? 'certs',
    sans:
      flags.san ??
      fromEnvironment(env, 'SAN')
        ?.split(',')
        .map((san) => san.trim()) ??
      file.san ??
      [],
    logLevel: readLogLevel(pick('log-level', 'LOG_LEVEL')) ?? file.logLevel ?? 'info',
    drainSeconds: readNumber(pick('drain-seconds', 'DRAIN_SECONDS'), 600) ?? file.drainSeconds ?? 10,
    policy: toPolicySettings(file),
  };
}

export function toPolicySettings(file: ConfigFile): PolicySettings {
  return {
    rules: file.rules ?? {},
    mutations: file.mutations ?? {},
    exempt: file.exempt ?? [],
    options: { openstackOverlayDefault: file.openstack?.enableOverlayAsDefaultForCalico ?? true },
  };
}

/**
 * The configuration file, YAML or JSON; no path is an empty one.
 * @throws UserError that lists everything that is wrong with it
 */
export function loadConfigFile(path: string | undefined, readFile: (path: string) => string): ConfigFile {
  if (path === undefined) return {};
  const content = parseConfigFile(path, readFile);
  if (content === null || content === undefined) return {};
  const problems = compileShape(loadSchema('config'), [], VALUE_KEYWORDS)(content);
  if (problems.length > 0) {
    const lines = problems
      .slice(0, 20)
      .map(({ path: at, message }) => `  ${formatPath(at) || '(file)'}: ${message}`);
    const more = problems.length > 20 ? `\n  and ${problems.length - 20} more` : '';
    throw new UserError(`the configuration file ${path} is wrong:\n${lines.join('\n')}${more}`);
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
      `cannot read the configuration file ${path} (${code}); check the path and who may read it`,
    );
  }
  try {
    return parseYaml(text, { maxAliasCount: 100, prettyErrors: true });
  } catch (error) {
    // The parser's message quotes lines of the file; only its first line is about what is wrong.
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : 'not YAML';
    throw new UserError(`the configuration file ${path} is neither YAML nor JSON: ${reason}`);
  }
}

interface Written {
  readonly text: string;
  /** The flag or the variable, for messages. */
  readonly source: string;
}

/**
 * A Service named calico-admission makes the kubelet inject CALICO_ADMISSION_PORT=tcp://10.0.0.1:443 and the like;
 * those are not settings. An empty variable is one that somebody meant to leave out.
 */
function fromEnvironment(env: Environment, name: string): string | undefined {
  const value = env[`CALICO_ADMISSION_${name}`];
  return value === undefined || value === '' || value.startsWith('tcp://') ? undefined : value;
}

function readText(written: Written | undefined): string | undefined {
  if (written?.text === '')
    throw new UserError(`${written.source} must not be empty; leave it out for the default`);
  return written?.text;
}

function readNumber(written: Written | undefined, max: number): number | undefined {
  if (written === undefined) return undefined;
  const number = Number(written.text);
  if (!/^\d{1,9}$/.test(written.text) || number > max) {
    throw new UserError(
      `${written.source} must be a whole number from 0 to ${max} (got ${describe(written.text)})`,
    );
  }
  return number;
}

function readLogLevel(written: Written | undefined): LogLevel | undefined {
  if (written === undefined) return undefined;
  const level = LOG_LEVELS.find((known) => known === written.text);
  if (level === undefined) {
    throw new UserError(
      `${written.source} must be ${listAlternatives(LOG_LEVELS)} (got ${quote(written.text)})`,
    );
  }
  return level;
}
