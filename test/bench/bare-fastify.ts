import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';

// The yardstick: Fastify with its own parser, which answers every review with yes.
export async function run({ args }: { args: readonly string[] }): Promise<void> {
  const [dir = ''] = args;
  const app = Fastify({
    https: { cert: readFileSync(`${dir}/tls.crt`), key: readFileSync(`${dir}/tls.key`) },
    bodyLimit: 8 * 1024 * 1024,
  });
  app.post('*', (request) => {
    const {
      apiVersion,
      kind,
      request: asked,
    } = request.body as {
      apiVersion: string;
      kind: string;
      request: { uid: string };
    };
    return { apiVersion, kind, response: { uid: asked.uid, allowed: true } };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  process.stdout.write(
    `${JSON.stringify({ msg: 'ready', port: (app.server.address() as AddressInfo).port })}\n`,
  );
}

await run({ args: process.argv.slice(2) });
