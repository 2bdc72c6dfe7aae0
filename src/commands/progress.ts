import type { Io } from './command.ts';

/** A run without output for so many milliseconds needs no progress line. */
const QUIET_MS = 1000;
/** Milliseconds between two progress lines. */
const INTERVAL = 250;

export interface Progress {
  show(text: string): void;
  /** Removes the line, before other output. */
  clear(): void;
}

/** A progress line on standard error, for a terminal. */
export function createProgress(io: Pick<Io, 'isTerminal' | 'stderr'>, now: () => number): Progress {
  let next = now() + QUIET_MS;
  let isShown = false;
  return {
    show: (text) => {
      const time = now();
      if (!io.isTerminal || time < next) return;
      next = time + INTERVAL;
      isShown = true;
      io.stderr(`\r\u001b[K${text}`);
    },
    clear: () => {
      if (isShown) io.stderr('\r\u001b[K');
      isShown = false;
    },
  };
}

/** Output during a run removes the progress line first. */
export function clearing(io: Io, progress: Progress): Io {
  return {
    ...io,
    stdout: (text) => {
      progress.clear();
      io.stdout(text);
    },
    stderr: (text) => {
      progress.clear();
      io.stderr(text);
    },
  };
}
