// Apart from the rotation, which loads the cryptography of Node.js: commands that only read settings do not need it.

/** The lifetimes of self-managed certificates, all in milliseconds. */
export interface Lifetimes {
  readonly authority: number;
  readonly serving: number;
  /** A serving certificate expires at least so long before its certificate authority. */
  readonly margin: number;
  /** How long every caBundle must have had a certificate authority before it signs the serving certificate. */
  readonly propagation: number;
  /** The minimum time that an old certificate authority stays in the caBundles. */
  readonly overlap: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const DEFAULT_LIFETIMES: Lifetimes = {
  authority: 90 * DAY,
  serving: 14 * DAY,
  margin: DAY,
  propagation: 300_000,
  overlap: DAY,
};
