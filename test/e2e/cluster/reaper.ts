import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Ends processes and removes a directory, also if the process that started them was killed. */
export interface Reaper {
  watch(child: ChildProcess): void;
  /** Ends all of them now. */
  reap(): Promise<void>;
}

// A process of its own: its standard input ends when ours does, however that comes about. A process that has ended is
// taken off the list, because its number may be another's by then.
const SCRIPT = `
pids=
while read -r word pid; do
  case $word in
    watch) pids="$pids $pid" ;;
    ended) left=; for each in $pids; do [ "$each" = "$pid" ] || left="$left $each"; done; pids=$left ;;
  esac
done
[ -z "$pids" ] || kill -KILL $pids 2>/dev/null
[ -z "$1" ] || rm -rf "$1" 2>/dev/null || { sleep 1; rm -rf "$1"; }
`;

/** @param directory to be removed in the end, if any */
export function startReaper(directory = ''): Reaper {
  // detached: Ctrl-C is sent to the whole process group, and this one has to outlive it.
  const script = spawn('sh', ['-c', SCRIPT, 'reaper', directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  script.unref();
  const ended = once(script, 'exit');
  const report = (word: string, pid: number | undefined): void => {
    if (pid !== undefined && script.stdin.writable) script.stdin.write(`${word} ${pid}\n`);
  };
  return {
    watch: (child) => {
      report('watch', child.pid);
      child.once('exit', () => report('ended', child.pid));
    },
    reap: async () => {
      script.stdin.end();
      script.ref();
      await ended;
    },
  };
}
