import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificates } from './certificates.ts';

/** One fault, once, in the next page of a collection. */
export interface Fault {
  readonly path: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface PagingApi {
  readonly url: string;
  /** PEM of the certificate authority to trust. */
  readonly ca: string;
  /** The paths of the requests, in order. */
  readonly requests: readonly string[];
  /** The largest number of objects in one answer so far. */
  readonly largestPage: () => number;
  fail(fault: Fault): void;
  close(): Promise<void>;
}

/** An API server that only lists, page by page, and answers errors as a real one does. */
export async function startPagingApi(
  collections: Readonly<Record<string, { readonly kind: string; readonly items: readonly object[] }>>,
): Promise<PagingApi> {
  const requests: string[] = [];
  const faults: Fault[] = [];
  let largest = 0;
  const certificates = await makeCertificates();
  const server = https.createServer(
    { cert: certificates.cert, key: certificates.key },
    (request, response) => {
      const url = new URL(request.url ?? '', 'http://api');
      requests.push(`${url.pathname}${url.search}`);
      const reply = (status: number, body: unknown, headers = {}) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      };
      const at = faults.findIndex((fault) => fault.path === url.pathname);
      const [fault] = at < 0 ? [] : faults.splice(at, 1);
      if (fault) return reply(fault.status, fault.body ?? { kind: 'Status', message: 'no' }, fault.headers);
      const found = collections[url.pathname];
      if (found === undefined) return reply(404, { kind: 'Status', message: 'the server could not find it' });
      const start = Number(url.searchParams.get('continue') ?? 0);
      const limit = Number(url.searchParams.get('limit') ?? found.items.length);
      const items = found.items.slice(start, start + limit);
      largest = Math.max(largest, items.length);
      const next = start + limit < found.items.length ? { continue: String(start + limit) } : {};
      reply(200, { kind: `${found.kind}List`, apiVersion: 'v1', metadata: next, items });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    ca: certificates.ca,
    requests,
    largestPage: () => largest,
    fail: (fault) => faults.push(fault),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
