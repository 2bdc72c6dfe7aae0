import { expect, it } from 'vitest';
import { read, readList } from '../../src/policy/json.ts';
import { runCheck } from './command.ts';

/** One document with so many Shoots that each have a word to correct, and as much text besides. */
function list(shoots: number, padding: number): string {
  const shoot =
    '- {apiVersion: core.gardener.cloud/v1beta1, kind: Shoot, spec: {networking: {type: calico, providerConfig: {backend: Bird}}}}\n';
  return `kind: List\nitems:\n${shoot.repeat(shoots)}${'# padding\n'.repeat(padding / 10)}`;
}

it('reads no more text to be sure of fixes than there is, and a megabyte', async () => {
  const count = async (text: string) => {
    const { stdout } = await runCheck(['--output', 'sarif', '-'], { stdin: text });
    const results = readList(JSON.parse(stdout), 'runs', 0, 'results');
    return [results.length, results.filter((result) => read(result, 'fixes') !== undefined).length];
  };
  expect(await count(list(20, 0))).toEqual([20, 20]);
  const large = list(20, 150_000);
  expect(await count(large)).toEqual([20, Math.floor((1024 * 1024) / large.length) + 1]);
});
