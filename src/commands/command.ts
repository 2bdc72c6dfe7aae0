import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UserError } from '../errors.ts';
import { nearest } from '../formats/nearest.ts';
import { quote } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { Environment } from '../serve-settings.ts';

/** What a command may touch of the process. */
export interface Io {
  readonly env: Environment;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Whether standard error is a terminal, where hints for people may go. */
  readonly isTerminal: boolean;
  /** Whether standard output is a terminal, which understands colours. */
  readonly isStdoutTerminal?: boolean;
  /** Made where it is left out: a process runs one command, and programs that run many need it only once. */
  readonly registry?: Registry;
  /** All of standard input; of more than `limit` bytes only somewhat more than these. */
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

/** Of every command that evaluates objects: PolicyFlags of config.ts. */
export const POLICY_OPTIONS = {
  config: { type: 'string' },
  'networking-calico': { type: 'string' },
  'calico-version': { type: 'string' },
  'kops-version': { type: 'string' },
} as const;

/** Of every command that reads a directory of manifests. */
export const FILES_OPTIONS = {
  exclude: { type: 'string', multiple: true },
  'no-ignore': { type: 'boolean' },
  'no-inline-config': { type: 'boolean' },
} as const;

/**
 * The flags and the other words of a command line.
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

/** @throws UserError where there are more words than the command takes */
export function expectAtMost(positionals: readonly string[], count: number, command: Command): void {
  const extra = positionals[count];
  if (extra !== undefined) {
    throw new UserError(`unexpected argument ${quote(extra)}; see calico-admission ${command.name} --help`);
  }
}
