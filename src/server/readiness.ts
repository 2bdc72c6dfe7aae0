/** What may keep the server from being called; empty means ready. */
export interface Readiness {
  /** Reasons why not, for the answer of /readyz. */
  reasons(): readonly string[];
  isDraining(): boolean;
  startDraining(): void;
}

/** @param certificateProblem what is wrong with the serving certificate now, if anything */
export function createReadiness(certificateProblem: () => string | undefined): Readiness {
  let draining = false;
  return {
    reasons: () => {
      const problem = certificateProblem();
      return [...(draining ? ['draining'] : []), ...(problem === undefined ? [] : [problem])];
    },
    isDraining: () => draining,
    startDraining: () => {
      draining = true;
    },
  };
}
