import { expect, it } from 'vitest';
import { ROOT, tryRun } from './command.ts';
import { findTool } from './tools.ts';

it('actionlint finds nothing in the workflows', () => {
  // What else is installed on a machine must not decide.
  const found = tryRun(findTool('actionlint'), ['-no-color', '-shellcheck=', '-pyflakes='], { cwd: ROOT });
  expect(found).toMatchObject({ code: 0, stdout: '', stderr: '' });
});
