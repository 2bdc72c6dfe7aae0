import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDirectory, openFiles } from '../../src/tls/directory-source.ts';
import type { Served } from '../../src/tls/source.ts';
import { contentOf, DAY, issueBoth, NOW, put, SANS, temporaryDirectory } from './fixtures.ts';

let time: Date;
beforeEach(() => {
  time = NOW;
});

async function open(dir: string, how: typeof openFiles) {
  const served: Served[] = [];
  const messages: string[] = [];
  const source = await how({
    dir,
    sans: SANS,
    now: () => time,
    events: {
      log: {
        info: (_about, message) => messages.push(message),
        warn: (_about, message) => messages.push(message),
      },
      onServe: (next) => served.push(next),
      onFault: (part) => messages.push(`fault ${part}`),
      onChange: (change) => messages.push(`change ${change}`),
    },
  });
  onTestFinished(() => source.close());
  return { source, served, messages };
}

describe('files of a user', () => {
  it('are served, and what replaces them, and nothing is ever made', async () => {
    const dir = temporaryDirectory();
    await expect(open(dir, openFiles)).rejects.toThrow(/--cert-secret/);
    const [first, second] = [await issueBoth(), await issueBoth()];
    const files = ({ authority, serving }: typeof first) => ({
      'ca.crt': authority.cert,
      'tls.crt': serving.cert,
      'tls.key': serving.key,
    });
    put(dir, files(first));
    const { source, served } = await open(dir, openFiles);
    expect(source.served().cert).toBe(first.serving.cert);
    expect(source.problem()).toBeUndefined();
    put(dir, files(second));
    await vi.waitFor(() => expect(source.served().cert).toBe(second.serving.cert), { timeout: 30_000 });
    expect(served.map(({ cert }) => cert)).toEqual([first.serving.cert, second.serving.cert]);
    expect(contentOf(dir)).toEqual(files(second));
  });
});

describe('private keys', () => {
  const OPEN = 'every user of this machine can read or replace this private key; chmod 600 it';

  it.each([
    { mode: 0o644, file: 'tls.key', warned: true },
    { mode: 0o602, file: 'tls.key', warned: true },
    { mode: 0o644, file: 'ca.key', warned: true },
    // A Secret is mounted for a group.
    { mode: 0o440, file: 'tls.key', warned: false },
    { mode: 0o600, file: 'ca.key', warned: false },
  ])('$file of mode $mode', async ({ mode, file, warned }) => {
    const dir = temporaryDirectory();
    const made = await open(dir, openDirectory);
    expect(made.messages).not.toContain(OPEN);
    chmodSync(join(dir, file), mode);
    for (const how of [openDirectory, openFiles]) {
      const { messages, source } = await open(dir, how);
      expect(messages.filter((each) => each === OPEN)).toEqual(warned ? [OPEN] : []);
      expect(source.problem()).toBeUndefined();
    }
  });
});

describe('a directory of our own', () => {
  it('is renewed by the clock on the wall, although no timer has come so far', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const dir = temporaryDirectory();
    const { source, messages } = await open(dir, openDirectory);
    const first = source.served();
    // A machine that was asleep for 61 days: seconds have passed for its timers.
    time = new Date(NOW.getTime() + 61 * DAY);
    vi.advanceTimersByTime(15_000);
    await vi.waitFor(() => expect(messages).toContain('change sign'), { timeout: 30_000 });
    vi.advanceTimersByTime(10_000);
    await vi.waitFor(() => expect(source.served().cert).not.toBe(first.cert), { timeout: 30_000 });
    expect(source.served().ca).toBe(first.ca);
  });

  it('logs once that it cannot be renewed, and continues serving', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const dir = temporaryDirectory();
    const { source, messages } = await open(dir, openDirectory);
    const first = source.served().cert;
    // As if they had been brought: without the key of their authority they are left alone.
    rmSync(join(dir, 'ca.key'));
    time = new Date(NOW.getTime() + 91 * DAY);
    for (let looks = 1; looks <= 3; looks += 1) {
      vi.advanceTimersByTime(15_000);
      await vi.waitFor(
        () =>
          expect(messages.filter((each) => each === 'fault directory').length).toBeGreaterThanOrEqual(looks),
        { timeout: 30_000 },
      );
    }
    expect(messages.filter((each) => each === 'certificate could not be renewed')).toHaveLength(1);
    expect(source.served().cert).toBe(first);
  });
});
