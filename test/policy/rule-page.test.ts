import { describe, expect, it } from 'vitest';
import { pageFile, renderRulePage, renderTable } from '../../src/policy/rule-page.ts';
import { DOCS } from '../support/fake-policy.ts';

const rule = { id: 'fake/rule', title: 'a rule speaks', action: 'warn', docs: DOCS } as const;
const mutation = { id: 'mend', title: 'what is broken is mended', docs: DOCS };

describe('renderRulePage', () => {
  it('explains a rule', () => {
    expect(renderRulePage(rule)).toBe(`# fake/rule

A rule speaks.

Default action: \`warn\` · since 0.1.0

## Why

It breaks.

## How to fix it

Mend it.

## Found

\`\`\`yaml
kind: Fake
spec: {}
\`\`\`

## Good

\`\`\`yaml
kind: Fake
\`\`\`

## Source

A book.
`);
  });

  it('explains a mutation', () => {
    expect(renderRulePage(mutation)).toBe(`# mend

What is broken is mended.

A mutation, on by default · since 0.1.0

## Why

It breaks.

## How to fix it

Mend it.

## Changed

\`\`\`yaml
kind: Fake
spec: {}
\`\`\`

## Left as it is

\`\`\`yaml
kind: Fake
\`\`\`

## Source

A book.
`);
  });

  it('shows what stood there before, where only an update can be wrong', () => {
    const page = renderRulePage({ ...rule, docs: { ...DOCS, old: '\nkind: Fake\nspec: {old: true}\n' } });
    expect(page).toContain(`Mend it.

## Before the update

\`\`\`yaml
kind: Fake
spec: {old: true}
\`\`\`

## Found
`);
  });

  it.each([
    { title: 'ends well.', line: 'Ends well.' },
    { title: 'who knows?', line: 'Who knows?' },
    { title: 'beware!', line: 'Beware!' },
    { title: 'v1.2 is out', line: 'V1.2 is out.' },
  ])('makes a sentence of $title', ({ title, line }) => {
    expect(renderRulePage({ ...rule, title }).split('\n')[2]).toBe(line);
  });
});

it('renderTable has a row an entry', () => {
  expect(renderTable([rule], [mutation], (id) => `[${id}](${id}.md)`)).toBe(`| id | default | what it says |
|---|---|---|
| [fake/rule](fake/rule.md) | warn | a rule speaks |
| [mend](mend.md) | mutation | what is broken is mended |`);
});

it.each([
  { id: 'shoot/backend', file: 'shoot/backend.md' },
  { id: 'mtu-string', file: 'mutations/mtu-string.md' },
])('the page of $id is $file', ({ id, file }) => {
  expect(pageFile(id)).toBe(file);
});

describe('of a mutation that runs on one operation only', () => {
  it.each([
    { onlyOn: 'CREATE', when: 'an object is created' },
    { onlyOn: 'UPDATE', when: 'an object is updated' },
  ] as const)('the page says when: $onlyOn', ({ onlyOn, when }) => {
    expect(renderRulePage({ ...mutation, onlyOn })).toContain(
      `\nA mutation, on by default; only when ${when}; \`check --fix\` never writes it · since 0.1.0\n`,
    );
  });
});

it('shows the beginning of a line that is very long', () => {
  const lineOf = (length: number) =>
    renderRulePage({ ...rule, docs: { ...DOCS, bad: 'x'.repeat(length) } }).match(/^x.*$/m)?.[0];
  expect(lineOf(120)).toBe('x'.repeat(120));
  expect(lineOf(121)).toBe(`${'x'.repeat(120)}… # 121 characters`);
});
