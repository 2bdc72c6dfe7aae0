import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Ends processes and removes a directory, also when whoever started them was killed and could not. */
export interface Reaper {
  watch(child: ChildProcess): void;
  /** Ends all of them now. */
  reap(): Promise<void>;
}

// A process of its own: its standard input ends when ours does, however that comes about.
const SCRIPT = `
pids=
while read -r pid; do pids="$pids $pid"; done
[ -z "$pids" ] || kill -KILL $pids 2>/dev/null
rm -rf "$0" 2>/dev/null || { sleep 1; rm -rf "$0"; }
`;

export function startReaper(directory: string): Reaper {
  // detached: Ctrl-C is sent to the whole process group, and this one has to outlive it.
  const script = spawn('sh', ['-c', SCRIPT, directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  script.unref();
  const ended = once(script, 'exit');
  return {
    watch: (child) => {
      script.stdin.write(`${child.pid}\n`);
    },
    reap: async () => {
      script.stdin.end();
      script.ref();
      await ended;
    },
  };
}
