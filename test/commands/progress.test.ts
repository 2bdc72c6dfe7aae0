import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/commands/progress.ts';

function record(isTerminal: boolean) {
  let time = 5000;
  const written: string[] = [];
  const progress = createProgress({ isTerminal, stderr: (text) => written.push(text) }, () => time);
  const wait = (milliseconds: number, text: string) => {
    time += milliseconds;
    progress.show(text);
  };
  return { progress, wait, written };
}

describe('progress', () => {
  it('is reported after a second, and then from time to time', () => {
    const { wait, written } = record(true);
    wait(999, 'one');
    wait(1, 'two');
    wait(249, 'three');
    wait(1, 'four');
    expect(written).toEqual(['\r\u001b[Ktwo', '\r\u001b[Kfour']);
  });

  it('is taken away once, where there was any', () => {
    const { progress, wait, written } = record(true);
    progress.clear();
    expect(written).toEqual([]);
    wait(1000, 'one');
    progress.clear();
    progress.clear();
    expect(written).toEqual(['\r\u001b[Kone', '\r\u001b[K']);
  });

  it('is for terminals', () => {
    const { progress, wait, written } = record(false);
    wait(9000, 'one');
    progress.clear();
    expect(written).toEqual([]);
  });
});
