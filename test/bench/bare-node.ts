import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

// What Node.js itself takes: TLS, HTTP, and JSON.parse.
export function run({ args }: { args: readonly string[] }): void {
  const [dir = ''] = args;
  const tls = { cert: readFileSync(`${dir}/tls.crt`), key: readFileSync(`${dir}/tls.key`) };
  const server = https.createServer(tls, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { apiVersion, kind, request: asked } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const answer = JSON.stringify({ apiVersion, kind, response: { uid: asked.uid, allowed: true } });
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(answer),
      });
      response.end(answer);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(
      `${JSON.stringify({ msg: 'ready', port: (server.address() as AddressInfo).port })}\n`,
    );
  });
}

run({ args: process.argv.slice(2) });
