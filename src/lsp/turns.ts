/** How long something may go on before others have their turn, in milliseconds: less than a key takes. */
const TURN = 10;

/** Gives others their turn, but not more often than is needed. */
export function createTurns(now: () => number): () => Promise<void> {
  let began = now();
  return async () => {
    if (now() - began < TURN) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    began = now();
  };
}

const MIN_WAIT = 20;
const MAX_WAIT = 500;

/** Does something soon after it is asked for, once for all that ask meanwhile; later where it takes longer. */
export interface Debounced {
  ask(): void;
  /** Now, if somebody waits for it. */
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
