import type { Expiry } from './inspect.ts';

/**
 * The certificates of a server, PEM. `ca` has its certificate authorities. Undefined where the operator's files have
 * none.
 */
export interface Served {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
  readonly expiry: Expiry;
}

/** The log of this folder, in the form of pino. */
export interface CertificateLog {
  info(obj: object, msg: string): void;
  warn(obj: object, msg: string): void;
}

/** The events of a source. */
export interface SourceEvents {
  readonly log: CertificateLog;
  /**
   * A pair to serve from now on, or the same pair with other certificate authorities. If it throws, it is called
   * again.
   */
  onServe(served: Served): void;
  /** Something could not be read, made, stored or published. `part` is a label with few values. */
  onFault(part: string): void;
  /** A certificate or a certificate authority was made, published or removed. `change` is a label with few values. */
  onChange(change: string): void;
}

/**
 * A source of certificates: files of the operator, a directory of our own, or a Secret in a cluster. From the moment
 * that a source is open it has a pair to serve, and it never returns one that cannot be served.
 */
export interface CertificateSource {
  served(): Served;
  /**
   * Why API servers may not be able to verify the served certificate. For the start only: readiness must not depend
   * on it later.
   */
  problem(): string | undefined;
  close(): void;
}
