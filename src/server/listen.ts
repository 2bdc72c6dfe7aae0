import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { errorCode, UserError } from '../errors.ts';

/** @returns the bound port, and host and port in the form of a URL */
export async function listenOn(
  server: Pick<FastifyInstance, 'listen'> & { server: { address(): unknown } },
  host: string,
  port: number,
  flag: string,
): Promise<{ readonly port: number; readonly hostPort: string }> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'EADDRINUSE')
      throw new UserError(`port ${port} is in use; stop what uses it or choose another with ${flag}`);
    if (code === 'EACCES')
      throw new UserError(`port ${port} may not be used (EACCES); choose one from 1024 up with ${flag}`);
    if (code !== '')
      throw new UserError(
        `cannot listen on ${host} (${code}); choose an address of this machine with --host`,
      );
    throw error;
  }
  const address = server.server.address();
  const bound =
    typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : port;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return { port: bound, hostPort: `${isIP(name) === 6 ? `[${name}]` : name}:${bound}` };
}
