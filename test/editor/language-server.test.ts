import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMPLETIONS, type EditorCase, listGoodExamples, RIGHT, WRONG } from './documents.ts';
import { type LanguageServer, startLanguageServer } from './language-server.ts';

// What a user sees while typing, with the YAML language server of VS Code, Neovim and Helix and a first line that names
// a schema, as the README shows it.

const SCHEMAS = new URL('../../schemas/', import.meta.url).pathname;

/** With a first line that names the schema, as the README has it. */
function withSchema({ schema, yaml }: EditorCase): string {
  return `# yaml-language-server: $schema=./schemas/${schema}.json\n${yaml}`;
}

/** The lines that are underlined; their texts are shown where the test fails. */
function linesOf(diagnostics: readonly { readonly line: number }[]): number[] {
  return [...new Set(diagnostics.map(({ line }) => line))];
}

const folder = mkdtempSync(join(tmpdir(), 'calico-admission-editor-'));
let server: LanguageServer;
beforeAll(async () => {
  cpSync(SCHEMAS, join(folder, 'schemas'), { recursive: true });
  server = await startLanguageServer(folder);
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

describe('the YAML language server', () => {
  it.each(WRONG)('underlines the line of a wrong value: $schema, $yaml', async (example) => {
    const text = withSchema(example);
    const wrong = text.split('\n').findIndex((line) => line.endsWith('# wrong')) + 1;
    const diagnostics = await server.diagnose(text);
    expect(linesOf(diagnostics), JSON.stringify(diagnostics)).toEqual([wrong]);
    for (const { message } of diagnostics)
      expect(message).not.toMatch(/null|not allowed\.$(?<!^Property .*)/);
  });

  it.each(RIGHT)('underlines nothing that check accepts: $schema, $yaml', async (example) => {
    expect(await server.diagnose(withSchema(example))).toEqual([]);
  });

  it('underlines no good example of a rule', async () => {
    const examples = listGoodExamples();
    expect(examples.length).toBeGreaterThan(250);
    // The server waits a little before it looks at a document: all of them at once.
    const underlined = await Promise.all(
      examples.map(async ({ id, ...example }) => ({ id, found: await server.diagnose(withSchema(example)) })),
    );
    expect(underlined.filter(({ found }) => found.length > 0)).toEqual([]);
  });

  it.each(COMPLETIONS)('offers what the field takes: $schema, $yaml', async (example) => {
    const offered = await server.complete(withSchema(example));
    expect(offered.toSorted()).toEqual(example.offered.toSorted());
  });

  it('explains a field and lists its words', async () => {
    const text = await server.hover(
      withSchema({ schema: 'ippool', yaml: 'kind: IPPool\nspec:\n  ipip|Mode: Always\n' }),
    );
    expect(text).toContain('When traffic between nodes is encapsulated with IP-in-IP');
    for (const word of ['Never', 'Always', 'CrossSubnet']) expect(text).toContain(`\`${word}\``);
    expect(text).not.toContain('null');
  });
});
