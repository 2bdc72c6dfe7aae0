import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { replaceText } from '../../src/files/write-file.ts';
import { builtRooms } from '../support/built-room.ts';
import { createRandom } from '../support/random.ts';

const ONE = 'one\n'.repeat(400_000);
const TWO = 'two, which is longer\n'.repeat(100_000);

let built: string;
let room: string;
let file: string;
beforeAll(() => {
  built = builtRooms('files');
});
afterAll(() => rmSync(built, { recursive: true }));
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'robust-'));
  file = join(room, 'a.yaml');
  writeFileSync(file, ONE);
});
afterEach(() => rmSync(room, { recursive: true }));

/** A process that does nothing but replace the file's text. */
function startWriter(command: readonly string[] = [], rounds = 'Infinity'): ChildProcess {
  const script = `
    import { replaceText } from ${JSON.stringify(join(built, 'files/write-file.js'))};
    const texts = ['one\\n'.repeat(400_000), 'two, which is longer\\n'.repeat(100_000)];
    console.log('ready');
    for (let round = 0; round < ${rounds}; round += 1) {
      const [before, after] = round % 2 === 0 ? texts : texts.toReversed();
      await replaceText(${JSON.stringify(file)}, before, after).catch((error) => {
        console.log(error.code);
        process.exit(3);
      });
    }`;
  const [program = process.execPath, ...args] = [...command, process.execPath];
  return spawn(program, [...args, '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Kills a writer at any moment. @returns what it has left behind, by name */
async function killWriter(milliseconds: number): Promise<Map<string, string>> {
  const writer = startWriter();
  if (writer.stdout === null) throw new Error('no output');
  await once(writer.stdout, 'data');
  await sleep(milliseconds);
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  return new Map(readdirSync(room).map((name) => [name, readFileSync(join(room, name), 'utf8')]));
}

const isWhole = (text: string | undefined) => text === ONE || text === TWO;

describe('a file whose writer is killed at any moment', () => {
  it('holds the text from before or the one from after', async () => {
    const random = createRandom(42);
    for (let round = 0; round < 15; round += 1) {
      writeFileSync(file, ONE);
      const left = await killWriter(random() * 40);
      expect(isWhole(left.get('a.yaml'))).toBe(true);
      left.delete('a.yaml');
      for (const name of left.keys()) expect(name).toMatch(/^\.a\.yaml\.\d+\.[0-9a-f]{12}\.tmp$/);
    }
  });

  it('may be torn where it has several names, and one of the texts is then beside it', async () => {
    const random = createRandom(43);
    linkSync(file, join(room, 'b.yaml'));
    for (let round = 0; round < 15; round += 1) {
      writeFileSync(file, ONE);
      const left = await killWriter(random() * 40);
      expect([...left.values()].some(isWhole)).toBe(true);
      for (const name of left.keys()) if (name.endsWith('.tmp')) rmSync(join(room, name));
    }
  });
});

it('leaves a file as it was where there is no room for the next text', async () => {
  // In blocks of 1024 bytes.
  const limited = ['bash', '-c', 'trap "" XFSZ; ulimit -f 1000; exec "$@"', '-'];
  for (const names of [['a.yaml'], ['a.yaml', 'b.yaml']]) {
    if (names.length > 1) linkSync(file, join(room, 'b.yaml'));
    const writer = startWriter(limited, '1');
    const output: Buffer[] = [];
    writer.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    expect(await once(writer, 'close')).toEqual([3, null]);
    expect(Buffer.concat(output).toString()).toBe('ready\nEFBIG\n');
    expect(readdirSync(room)).toEqual(names);
    expect(readFileSync(file, 'utf8')).toBe(ONE);
  }
  expect(await replaceText(file, ONE, TWO)).toMatchObject({ isWritten: true });
});
