import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface ClientPair {
  readonly cert: string;
  readonly key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;

/** A certificate authority that signs client certificates for tests, valid or invalid. */
export async function makeClientAuthority(name = 'clients') {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const authority = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${name}`,
      notBefore: new Date(Date.now() - 10 * DAY),
      notAfter: new Date(Date.now() + DAY),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );

  async function sign(options: {
    readonly subject: string;
    readonly dnsNames?: readonly string[];
    /** Days from now. Negative: it has expired. */
    readonly days?: number;
    readonly usage?: string;
  }): Promise<ClientPair> {
    const own = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const names = (options.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value }));
    const certificate = await x509.X509CertificateGenerator.create(
      {
        subject: options.subject,
        issuer: authority.subjectName,
        notBefore: new Date(Date.now() - 5 * DAY),
        notAfter: new Date(Date.now() + (options.days ?? 1) * DAY),
        signingAlgorithm: ALGORITHM,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new x509.ExtendedKeyUsageExtension([options.usage ?? x509.ExtendedKeyUsage.clientAuth]),
          ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
        ],
      },
      webcrypto,
    );
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey));
    const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`;
    return { cert: certificate.toString('pem'), key };
  }

  return { ca: authority.toString('pem'), sign };
}
