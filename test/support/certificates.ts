import { issueAuthority, issueServing } from '../../src/tls/issue.ts';

export interface TestCertificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A real certificate for this machine. */
export async function makeCertificates(): Promise<TestCertificates> {
  const now = (): Date => new Date();
  const authority = await issueAuthority({ now });
  const pair = await issueServing({ authority, sans: ['localhost', '127.0.0.1', '::1'], now });
  return { ca: authority.cert, cert: pair.cert, key: pair.key };
}
