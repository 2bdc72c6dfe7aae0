import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UserError } from '../errors.ts';
import { nearest } from '../formats/nearest.ts';
import { quote } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { Environment } from '../serve-settings.ts';

/** The parts of the process that a command may use. */
export interface Io {
  readonly env: Environment;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Whether standard error is a terminal, which gets hints for people. */
  readonly isTerminal: boolean;
  /** Whether standard output is a terminal, which gets colours. */
  readonly isStdoutTerminal?: boolean;
  /**
   * Created where it is left out. A process runs one command; a program that runs many commands needs one registry.
   */
  readonly registry?: Registry;
  /** Reads all of standard input, or somewhat more than `limit` bytes. */
  readStdin(limit?: number): Promise<Buffer>;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  /** @returns the exit code */
  run(args: readonly string[], io: Io): Promise<number>;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Flags of every command that evaluates objects: PolicyFlags of config.ts. */
export const POLICY_OPTIONS = {
  config: { type: 'string' },
  'networking-calico': { type: 'string' },
  'calico-version': { type: 'string' },
  'kops-version': { type: 'string' },
} as const;

/** Flags of every command that reads a directory of manifests. */
export const FILES_OPTIONS = {
  exclude: { type: 'string', multiple: true },
  'no-ignore': { type: 'boolean' },
  'no-inline-config': { type: 'boolean' },
} as const;

/**
 * Parses the flags and arguments of a command line.
 * @throws UserError that names the nearest flag, and the usage
 */
export function parseFlags<const O extends Options>(args: readonly string[], options: O, command: Command) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message.split('. ', 1)[0] : String(error);
    const unknown = /Unknown option '(-[^']*)'/.exec(message ?? '')?.[1];
    if (unknown === undefined) throw new UserError(`${message}; see calico-admission ${command.name} --help`);
    const flag = nearest(unknown.replace(/^-+/, ''), Object.keys(options));
    const hint = flag === undefined ? 'see' : `did you mean --${flag}? See`;
    throw new UserError(`unknown flag ${quote(unknown)}; ${hint} calico-admission ${command.name} --help`);
  }
}

/** @throws UserError where there are more arguments than the command accepts */
export function expectAtMost(positionals: readonly string[], count: number, command: Command): void {
  const extra = positionals[count];
  if (extra !== undefined) {
    throw new UserError(`unexpected argument ${quote(extra)}; see calico-admission ${command.name} --help`);
  }
}
