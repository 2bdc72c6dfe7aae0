import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDiff } from '../../src/check/diff.ts';
import { cutLine } from '../../src/check/excerpt.ts';
import { indexLines } from '../../src/check/lines.ts';
import { splitDocuments } from '../../src/check/split.ts';
import { run } from '../e2e/process.ts';
import { createRoom } from './command.ts';

describe('splitDocuments', () => {
  const parts = (text: string) =>
    [...splitDocuments(text)].map(({ number, start, end }) => `${number} ${text.slice(start, end)}`);

  it.each<{ text: string; documents: string[] }>([
    { text: '', documents: [] },
    { text: 'a', documents: ['1 a'] },
    { text: '---\na\n---\nb', documents: ['1 \na\n', '2 \nb'] },
    { text: '# c\n---\na', documents: ['1 \na'] },
    { text: 'a\n---', documents: ['1 a\n', '2 '] },
    { text: 'a\r\n---\r\nb', documents: ['1 a\r\n', '2 \r\nb'] },
    { text: 'a\n--- # c\nb', documents: ['1 a\n', '2  # c\nb'] },
    { text: 'a: |\n  ---\n  x\n ---\n----\n---x', documents: ['1 a: |\n  ---\n  x\n ---\n----\n---x'] },
    { text: '{"a":"}{"} {"b":1}\n{"c":2}', documents: ['1 {"a":"}{"}', '2  {"b":1}', '3 \n{"c":2}'] },
    { text: '{a: 1} # c', documents: ['1 {a: 1} # c'] },
    { text: '{"a": "\\"}"}', documents: ['1 {"a": "\\"}"}'] },
  ])('$text', ({ text, documents }) => {
    expect(parts(text)).toEqual(documents);
  });
});

describe('indexLines', () => {
  it('finds every place again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '😀'), { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const lines = indexLines(text);
        const starts = text.split('\n');
        for (let offset = 0; offset <= text.length; offset += 1) {
          const { line, column } = lines.at(offset);
          const before = starts.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
          expect(before + column - 1).toBe(offset);
          expect(lines.text(line)).toBe((starts[line - 1] ?? '').replace(/\r$/, ''));
        }
        expect(lines.text(starts.length + 1)).toBe('');
      }),
    );
  });
});

describe('cutLine', () => {
  it('keeps what it is about', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.nat(50), (length, at, size) => {
        const line = Array.from({ length }, (_, index) => String.fromCharCode(0x4e00 + index)).join('');
        const start = Math.min(at, length);
        const { text, start: from, end } = cutLine(line, start, start + size + 1);
        expect(text.length).toBeLessThanOrEqual(122);
        expect(end).toBeGreaterThan(from);
        if (start < length) expect(text[from]).toBe(line[start]);
      }),
    );
  });
});

describe('formatDiff', () => {
  it('writes nothing for equal texts', () => {
    expect(formatDiff('a', 'x\n', 'x\n')).toBe('');
  });

  it('joins what is near and parts what is far', () => {
    const before = Array.from({ length: 30 }, (_, line) => `${line}\n`);
    const after = before.with(2, 'x\n').with(8, 'y\n').with(25, 'z\n');
    const hunks = formatDiff('a', before.join(''), after.join('')).match(/^(?:@@|---|\+\+\+).*$/gm);
    expect(hunks).toEqual(['--- a/a', '+++ b/a', '@@ -1,12 +1,12 @@', '@@ -23,7 +23,7 @@']);
  });

  it.each<{ name: string }>([
    { name: 'plain.yaml' },
    { name: 'a b.yaml' },
    { name: 'é 한.yaml' },
    { name: '"quoted" \\.yaml' },
    { name: 'a\nb\t\u0085.yaml' },
  ])('names $name as git does', async ({ name }) => {
    const room = createRoom();
    room.write({ [`sub/${name}`]: 'x\n' });
    const patched = await run('git', ['apply', '-'], {
      cwd: room.path,
      input: formatDiff(`sub/${name}`, 'x\n', 'y\n'),
    });
    const after = readFileSync(room.at(`sub/${name}`), 'utf8');
    room.cleanUp();
    expect({ ...patched, after }).toMatchObject({ stderr: '', code: 0, after: 'y\n' });
  });

  it('is what patch makes the one from the other with', async () => {
    const line = fc.constantFrom('a', 'b', 'c', '');
    const text = fc.tuple(fc.array(line, { minLength: 1, maxLength: 25 }), fc.constantFrom('', '\n'));
    await fc.assert(
      fc.asyncProperty(text, text, async ([before, end], [after, otherEnd]) => {
        const old = before.join('\n') + end;
        const now = after.join('\n') + otherEnd;
        const diff = formatDiff('x', old, now);
        const patched = await run(
          'sh',
          ['-c', 'd=$(mktemp -d); cd "$d"; printf %s "$OLD" > x; patch -s -p1 >&2; cat x; rm -r "$d"'],
          {
            input: diff,
            env: { OLD: old },
          },
        );
        // patch deletes what it leaves empty.
        expect(patched.stdout).toBe(now);
      }),
      { numRuns: 25 },
    );
  });
});
