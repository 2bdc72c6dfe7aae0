/**
 * Milliseconds that a fixed piece of work takes on this machine now, about ten on a quiet one of 2026. Limits of time
 * are multiples of it: what is slow because the machine is busy is no fault.
 */
export function measurePace(): number {
  return fastest(() => {
    let sum = 0;
    for (let step = 0; step < 10_000_000; step += 1) sum = (sum * 31 + step) | 0;
    if (sum === 0.5) throw new Error('never: only so that the loop is not taken out');
  });
}

/** Milliseconds of the fastest of some runs, so that one that was interrupted does not count. */
export function fastest(run: () => void, runs = 3): number {
  let best = Number.POSITIVE_INFINITY;
  for (let left = runs; left > 0; left -= 1) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
