import type { IncomingMessage, ServerResponse } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { AdmissionReview } from '../../../src/admission/answer.ts';
import type { TestCertificates } from '../../support/certificates.ts';

/** One call as it came in. */
export interface Call {
  readonly path: string;
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of the connection. */
  readonly remotePort: number;
  readonly serverName: string | false | null;
  /** Common name of the client's certificate, if it showed one that we asked for and trust. */
  readonly clientName?: string;
  readonly review: {
    readonly request: { readonly uid: string; readonly name?: string; readonly object: unknown };
  };
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string goes out as it is. */
  readonly body?: unknown;
  /** Closes the connection without a word. */
  readonly hangUp?: boolean;
}

export interface Webhook {
  readonly url: string;
  readonly port: number;
  readonly calls: readonly Call[];
  close(): void;
}

export interface WebhookOptions {
  readonly host?: string;
  /** Asks clients for a certificate, and rejects those without one of this authority. */
  readonly clientCa?: string;
  /** Offers HTTP/2 as well. */
  readonly http2?: boolean;
}

type Incoming = IncomingMessage | http2.Http2ServerRequest;
type Outgoing = ServerResponse | http2.Http2ServerResponse;

/** A webhook that is not ours: for what ours never answers, and to see what kube-apiserver sends. */
export async function startWebhook(
  certificates: TestCertificates,
  answer: (call: Call) => Reply,
  { host = '127.0.0.1', clientCa, http2: offersHttp2 = false }: WebhookOptions = {},
): Promise<Webhook> {
  const calls: Call[] = [];
  const tls = clientCa !== undefined && { requestCert: true, rejectUnauthorized: true, ca: clientCa };
  const { cert, key } = certificates;
  const handle = async (request: Incoming, response: Outgoing): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const socket = request.socket as TLSSocket;
    const call: Call = {
      path: request.url ?? '',
      httpVersion: request.httpVersion,
      headers: request.headers,
      remotePort: socket.remotePort ?? 0,
      serverName: socket.servername,
      ...(socket.authorized && { clientName: String(socket.getPeerCertificate().subject.CN) }),
      review: JSON.parse(Buffer.concat(chunks).toString('utf8')),
    };
    calls.push(call);
    const { status = 200, headers = {}, body = null, hangUp = false } = answer(call);
    if (hangUp) {
      socket.destroy();
      return;
    }
    response.statusCode = status;
    const all = { 'content-type': 'application/json', ...headers };
    for (const [name, value] of Object.entries(all)) response.setHeader(name, value);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const server = offersHttp2
    ? http2.createSecureServer({ cert, key, allowHTTP1: true, ...tls }, handle)
    : https.createServer({ cert, key, ...tls }, handle);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `https://${host}:${port}`, port, calls, close: () => server.close() };
}

/** An answer as it should be, but for what is given. */
export function answerTo(call: Call, response: object): AdmissionReview {
  const body = { uid: call.review.request.uid, allowed: true, ...response };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: body } as AdmissionReview;
}
