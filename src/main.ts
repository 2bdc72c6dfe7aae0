#!/usr/bin/env node
import type { Command, Io } from './commands/command.ts';
import { keepCompiled } from './commands/compile-cache.ts';
import { errorCode, UserError } from './errors.ts';
import { nearest } from './formats/nearest.ts';
import { escapePath, quote } from './policy/message.ts';

// Each is loaded only when it is needed, so that a command does not load the libraries of the others.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  check: async () => (await import('./commands/check.ts')).check,
  lsp: async () => (await import('./commands/lsp.ts')).lsp,
  review: async () => (await import('./commands/review.ts')).review,
  rules: async () => (await import('./commands/rules.ts')).rules,
  certs: async () => (await import('./commands/certs.ts')).certs,
  audit: async () => (await import('./commands/audit.ts')).audit,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  manifests: async () => (await import('./commands/manifests.ts')).manifests,
};

const io: Io = {
  env: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  isStdoutTerminal: process.stdout.isTTY === true,
  readStdin,
};

async function readStdin(limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > limit) break;
  }
  return Buffer.concat(chunks);
}

async function run(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return printHelp(args[0]);
  if (name === '--version' || name === 'version') return printVersion();
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    const meant = nearest(name, Object.keys(COMMANDS));
    const hint = meant === undefined ? 'calico-admission --help lists them' : `did you mean ${meant}?`;
    throw new UserError(`no such command (got ${quote(name)}); ${hint}`);
  }
  const command = await load();
  // After `--` there are only names, which may be anything.
  const end = args.indexOf('--');
  const flags = end === -1 ? args : args.slice(0, end);
  if (flags.includes('--help') || flags.includes('-h')) {
    io.stdout(`${command.usage}\n`);
    return 0;
  }
  return command.run(args, io);
}

async function printHelp(topic: string | undefined): Promise<number> {
  const load = topic !== undefined && Object.hasOwn(COMMANDS, topic) ? COMMANDS[topic] : undefined;
  if (load !== undefined) {
    io.stdout(`${(await load()).usage}\n`);
    return 0;
  }
  const commands = await Promise.all(Object.values(COMMANDS).map((each) => each()));
  const lines = commands.map((command) => `  ${command.name.padEnd(10)} ${command.summary}`);
  io.stdout(`calico-admission: admission webhooks for Calico networking on Gardener

${lines.join('\n')}

calico-admission COMMAND --help explains a command; --version prints the release.
`);
  return 0;
}

async function printVersion(): Promise<number> {
  const { loadVersion } = await import('./version.ts');
  const { version, networkingCalico } = loadVersion();
  io.stdout(`calico-admission ${version} (networking-calico ${networkingCalico})\n`);
  return 0;
}

async function runToExitCode(argv: readonly string[]): Promise<number> {
  try {
    return await run(argv);
  } catch (error) {
    if (error instanceof UserError) {
      io.stderr(`calico-admission: ${error.message.split('\n').map(escapePath).join('\n')}\n`);
      return 2;
    }
    io.stderr(`calico-admission: internal fault: ${error instanceof Error ? error.stack : String(error)}\n`);
    return 70;
  }
}

// The reader may close the pipe, as head does. That ends the command as the signal would, and is no error.
process.stdout.on('error', (error) => {
  if (errorCode(error) !== 'EPIPE') throw error;
  process.exit(141);
});

keepCompiled(process.env);
const code = await runToExitCode(process.argv.slice(2));
// Open sockets and watchers must not keep the process alive. The output must be written first. Where no output waits,
// nothing is written, so that a closed pipe does not matter.
if (process.stdout.writableLength === 0) process.exit(code);
process.stdout.write('', () => process.exit(code));
