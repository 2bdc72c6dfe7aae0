/** A rule of ours has thrown: not the document's fault. */
export class CheckFaultError extends Error {
  override name = 'CheckFaultError';
}

/** @throws CheckFaultError where a rule has failed */
export function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new CheckFaultError(`${faults.join(', ')} failed`);
}
