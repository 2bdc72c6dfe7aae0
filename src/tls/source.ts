import type { Expiry } from './inspect.ts';

/** What a server serves, PEM. `ca` holds the authorities that vouch for it; undefined where somebody brought none. */
export interface Served {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
  readonly expiry: Expiry;
}

/** What this room says to a log; pino's shape. */
export interface CertificateLog {
  info(obj: object, msg: string): void;
  warn(obj: object, msg: string): void;
}

/** What a source tells whoever serves. */
export interface SourceEvents {
  readonly log: CertificateLog;
  /** A pair to be served from now on, or the same one with other authorities. If it throws, it is offered again. */
  onServe(served: Served): void;
  /** Something could not be read, made, stored or published; `part` is a label of few values. */
  onFault(part: string): void;
  /** A certificate or an authority was made, published or taken back; `change` is a label of few values. */
  onChange(change: string): void;
}

/**
 * Where certificates come from: files that somebody brought, a directory of our own, or a Secret in a cluster. There
 * is a pair to serve from the moment that a source is open, and it never hands out one that could not be served.
 */
export interface CertificateSource {
  served(): Served;
  /** Why those who call may not be able to verify what is served, if that is so. For the start: readiness must not hang on it later. */
  problem(): string | undefined;
  close(): void;
}
