import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openStdout } from '../../src/observe/stdout.ts';

const MIB = 1024 * 1024;
/** A pipe holds 64 KiB; somewhat more is waiting in any case. */
const MORE_THAN_A_PIPE = 200_000;

const open = new Set<number>();
const directories: string[] = [];
afterEach(() => {
  for (const fd of open) closeSync(fd);
  open.clear();
  for (const dir of directories.splice(0)) rmSync(dir, { recursive: true });
});

/** Both ends of a pipe, neither of which blocks. */
function pipe() {
  const dir = mkdtempSync(join(tmpdir(), 'calico-stdout-'));
  directories.push(dir);
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  const reader = openSync(join(dir, 'pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(join(dir, 'pipe'), constants.O_WRONLY | constants.O_NONBLOCK);
  open.add(reader).add(writer);
  return {
    writer,
    leave: () => {
      closeSync(reader);
      open.delete(reader);
    },
    /** What has come since the last time. */
    read: (): Buffer => {
      const buffer = Buffer.alloc(MIB);
      try {
        return buffer.subarray(0, readSync(reader, buffer));
      } catch {
        return buffer.subarray(0, 0);
      }
    },
  };
}

describe('standard output', () => {
  it('has all lines in order, also where the reader is slower than who writes', async () => {
    const { writer, read } = pipe();
    const stdout = openStdout(writer);
    const lines = Array.from({ length: 5000 }, (_, index) => `${index} ${'ä€😀'.repeat(20)}\n`);
    for (const line of lines) stdout.write(line);
    let isOver = false;
    void stdout.end(30_000).then(() => {
      isOver = true;
    });
    const parts: Buffer[] = [];
    for (let isLast = false; !isLast; await sleep(2)) {
      isLast = isOver;
      parts.push(read());
    }
    expect(Buffer.concat(parts).toString() === lines.join('')).toBe(true);
  });

  it('writes a line soon, and at once on request', async () => {
    const { writer, read } = pipe();
    const stdout = openStdout(writer);
    stdout.write('soon\n');
    await vi.waitFor(() => expect(read().toString()).toBe('soon\n'), 30_000);
    stdout.write('now\n');
    stdout.flush();
    await vi.waitFor(() => expect(read().toString()).toBe('now\n'), 30_000);
    await stdout.end(1000);
  });

  it('drops what is too much for a reader that is stuck, continues with it later, and ends without it', async () => {
    const { writer, read } = pipe();
    const stdout = openStdout(writer);
    const line = `${'x'.repeat(1023)}\n`;
    for (let count = 0; count < 10 * 1024; count += 1) stdout.write(line);
    await sleep(200);
    let bytes = 0;
    await vi.waitFor(
      () => {
        for (let part = read(); part.length > 0; part = read()) bytes += part.length;
        expect(bytes).toBeGreaterThan(4 * MIB - 1024);
      },
      { timeout: 30_000, interval: 5 },
    );
    // Those of the first write, and as much as may wait.
    expect(bytes).toBeLessThanOrEqual(4 * MIB + MORE_THAN_A_PIPE);
    stdout.write(line.repeat(MORE_THAN_A_PIPE / 1000));
    await stdout.end(100);
    stdout.write('too late');
  });

  it('ends at once for a reader that has gone', async () => {
    const { writer, leave } = pipe();
    const stdout = openStdout(writer);
    leave();
    stdout.write('x'.repeat(100_000));
    await stdout.end(60_000);
    const other = openStdout(writer);
    other.write('a line that nobody has been asked to take yet');
    await other.end(60_000);
    other.write('and one more');
    await other.end(60_000);
  });
});
