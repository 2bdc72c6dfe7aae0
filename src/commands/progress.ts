import type { Io } from './command.ts';

/** Milliseconds without a word that a person does not mind. */
const PATIENCE = 1000;
/** Milliseconds between two words. */
const INTERVAL = 250;

export interface Progress {
  show(text: string): void;
  /** Takes the line away again, before anything else is printed. */
  clear(): void;
}

/** A line on standard error that tells somebody at a terminal how far a long run has come. */
export function createProgress(io: Pick<Io, 'isTerminal' | 'stderr'>, now: () => number): Progress {
  let next = now() + PATIENCE;
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

/** What is printed in the midst of a run must not stand behind the line of its progress. */
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
