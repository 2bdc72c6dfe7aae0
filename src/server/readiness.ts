/** The reasons why the server is not ready. None means ready. */
export interface Readiness {
  /** The reasons, for the answer of /readyz. */
  reasons(): readonly string[];
  isDraining(): boolean;
  startDraining(): void;
}

/** @param certificateProblem returns what is wrong with the serving certificate now, if anything */
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
