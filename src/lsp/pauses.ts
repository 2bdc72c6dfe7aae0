/** How long a task may run before other tasks run, in milliseconds: less than the time between two keys. */
const TASK_MS = 10;

/** Lets other tasks run, but not more often than needed. */
export function createPauses(now: () => number): () => Promise<void> {
  let began = now();
  return async () => {
    if (now() - began < TASK_MS) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    began = now();
  };
}

const MIN_WAIT = 20;
const MAX_WAIT = 500;

/** Runs a task soon after it is requested, once for all requests until then; later where the task takes longer. */
export interface Debounced {
  ask(): void;
  /** Runs it now, if it was requested. */
  flush(): void;
  stop(): void;
}

export function createDebounced(task: () => void, now: () => number): Debounced {
  let timer: NodeJS.Timeout | undefined;
  let wait = MIN_WAIT;
  return {
    ask: () => {
      timer ??= setTimeout(run, wait);
    },
    flush: () => {
      if (timer !== undefined) run();
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };

  function run(): void {
    clearTimeout(timer);
    timer = undefined;
    const began = now();
    task();
    wait = Math.min(Math.max(2 * (now() - began), MIN_WAIT), MAX_WAIT);
  }
}
