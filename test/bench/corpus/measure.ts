import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A command that is run to its end. */
export interface Tool {
  readonly name: string;
  /** Which files of the corpus it gets. */
  readonly input: 'all' | 'manifests';
  readonly command: string;
  readonly args: readonly string[];
  /** What it says of its work, in short, by its output. */
  summary(output: string): string;
}

export interface Cost {
  /** Seconds of all its threads, the kernel's among them. */
  readonly cpu: number;
  /** The most that was resident, in MiB. */
  readonly memory: number;
  /** Standard output. */
  readonly output: string;
}

/** Of Linux, whatever the machine. */
const TICKS_PER_SECOND = 100;
/** Milliseconds between two looks at the memory. */
const INTERVAL = 20;

/** @throws where it could not do its work: exit code 1 only says that there were findings */
export async function measureCommand({ name, command, args }: Tool): Promise<Cost> {
  const before = readCpuOfChildren();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let memory = 0;
  const look = setInterval(() => {
    memory = Math.max(memory, readPeak(child.pid));
  }, INTERVAL);
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  }
  const code = await new Promise((done, fail) => child.once('error', fail).once('close', done));
  clearInterval(look);
  if (code !== 0 && code !== 1) throw new Error(`${name} ended with ${code}: ${texts.stderr.slice(-1000)}`);
  return { cpu: readCpuOfChildren() - before, memory, output: texts.stdout };
}

/** Seconds that all children took that have ended. */
function readCpuOfChildren(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // Behind the name of the command, which may hold anything: see proc_pid_stat(5), cutime and cstime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

/** VmHWM is the peak so far: a short one between two looks is in the second. */
function readPeak(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    // It has just ended.
    return 0;
  }
}
