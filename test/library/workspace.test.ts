import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, createWorkspace, type Finding, type Workspace } from '../../src/index.ts';

const pool = (name: string, cidr: string) =>
  `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: ${name}}\nspec: {cidr: ${cidr}}\n`;

function changesOf(workspace: Workspace): Record<string, string[]> {
  return Object.fromEntries(
    workspace
      .changes()
      .map(({ file, findings }) => [file, findings.map(({ line, rule }) => `${line} ${rule}`)]),
  );
}

describe('a workspace', () => {
  it('lists the changed findings, in other files too', () => {
    const workspace = createWorkspace();
    expect(changesOf(workspace)).toEqual({});
    workspace.set({ name: 'a.yaml', text: pool('a', '10.0.0.0/16') });
    workspace.set({ name: 'b.yaml', text: pool('b', '10.0.0.0/16') });
    expect(changesOf(workspace)).toEqual({ 'b.yaml': ['4 calico/ippool-overlap'] });
    expect(changesOf(workspace)).toEqual({});
    workspace.set({ name: 'a.yaml', text: pool('a', '10.1.0.0/16') });
    expect(changesOf(workspace)).toEqual({ 'b.yaml': [] });
    workspace.set({ name: 'a.yaml', text: pool('a', '10.1.0.0') });
    expect(changesOf(workspace)).toEqual({ 'a.yaml': ['4 calico/ippool-cidr'] });
    expect(workspace.delete('a.yaml')).toBe(true);
    expect(workspace.delete('a.yaml')).toBe(false);
    expect(changesOf(workspace)).toEqual({ 'a.yaml': [] });
    expect(changesOf(workspace)).toEqual({});
  });

  it('reports a file with moved lines as changed', () => {
    const workspace = createWorkspace();
    workspace.set({ name: 'a.yaml', text: pool('a', '10.1.0.0') });
    workspace.changes();
    workspace.set({ name: 'a.yaml', text: `# pools\n${pool('a', '10.1.0.0')}` });
    expect(changesOf(workspace)).toEqual({ 'a.yaml': ['5 calico/ippool-cidr'] });
  });

  it('keeps no bytes of its own: what is read again is what was given', () => {
    const workspace = createWorkspace();
    const text = new TextEncoder().encode(`${pool('a', '10.0.0.0/16')}---\n${pool('b', '10.0.0.0/16')}`);
    workspace.set({ name: 'a.yaml', text });
    expect(workspace.report().findings).toEqual(check([{ name: 'a.yaml', text }]).findings);
  });

  it('finds the same as check, whatever has come and gone', () => {
    const name = fc.constantFrom('a.yaml', 'b.yaml', 'c.yaml');
    const text = fc.constantFrom(
      pool('a', '10.0.0.0/16'),
      pool('b', '10.0.128.0/17'),
      pool('a', '10.0.0.0'),
      `${pool('x', '10.2.0.0/16')}---\n${pool('y', '10.2.0.0/16')}`,
      pool('"$(NAME)"', '10.0.0.0/16'),
      'a: [',
      '',
    );
    const step = fc.oneof(fc.record({ name, text }), fc.record({ name, text: fc.constant(undefined) }));
    const property = fc.property(fc.array(step, { maxLength: 12 }), fc.boolean(), (steps, each) => {
      const workspace = createWorkspace({ each, notes: true });
      const files = new Map<string, string>();
      const shown = new Map<string, readonly Finding[]>();
      for (const { name, text } of steps) {
        if (text === undefined) {
          expect(workspace.delete(name)).toBe(files.delete(name));
        } else {
          workspace.set({ name, text });
          files.set(name, text);
        }
        for (const { file, findings } of workspace.changes()) {
          if (findings.length === 0) shown.delete(file);
          else shown.set(file, findings);
        }
      }
      const wanted = check(
        Array.from(files, ([name, text]) => ({ name, text })),
        { each, notes: true },
      );
      expect(workspace.report()).toEqual(wanted);
      const all = [...shown.values()].flat();
      expect(all).toHaveLength(wanted.findings.length);
      expect(all).toEqual(expect.arrayContaining([...wanted.findings]));
    });
    fc.assert(property, { numRuns: 40 });
  });
});
