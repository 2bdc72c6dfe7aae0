import { readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { type Container, pidInside, spawnInside } from './sandbox.ts';

/** A server inside of a container that is ready. */
export interface Started {
  readonly pid: number;
  readonly url: string;
  readonly healthUrl: string;
  readonly ended: Promise<number | null>;
  stderr(): string;
  kill(): void;
}

/** As a runtime starts it. @param words the entry point and the command of the image */
export function startImage(container: Container, words: readonly string[]): Promise<Started> {
  const child = spawnInside(container, words);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let stdout = '';
  let stderr = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
      const line = stdout.split('\n').find((each) => each.includes('"msg":"ready"') && each.endsWith('}'));
      if (line === undefined) return;
      const { url, healthUrl } = JSON.parse(line);
      const pid = pidInside(child, container.walls);
      resolve({ pid, url, healthUrl, ended, stderr: () => stderr, kill: () => child.kill('SIGKILL') });
    });
    child.on('error', reject);
    void ended.then((code) =>
      reject(new Error(`ended with ${code} before it was ready: ${stdout}${stderr}`)),
    );
  });
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly connection: string | undefined;
}

/** With the certificate verified, as the API server does. @param certs directory with ca.crt */
export function post(url: string, body: Buffer, certs: string): Promise<Answer> {
  const ca = readFileSync(join(certs, 'ca.crt'));
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method: 'POST', ca, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, connection: response.headers.connection }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
