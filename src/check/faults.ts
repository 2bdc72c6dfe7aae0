/** One of our rules has thrown. This is not a mistake in the document. */
export class CheckFaultError extends Error {
  override name = 'CheckFaultError';
}

/** @throws CheckFaultError where a rule has thrown */
export function throwOnFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new CheckFaultError(`${faults.join(', ')} failed`);
}
