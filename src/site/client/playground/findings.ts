import type { Finding } from '../../../index.ts';
import type { Editor } from './editor.ts';
import { make, makeButton } from './elements.ts';

export interface FindingsOptions {
  readonly list: HTMLElement;
  readonly editor: Editor;
  /** Whether the findings are about the present text. In another text they are at other positions. */
  isCurrent(): boolean;
  /** The address of the rule's page. Undefined where it has none. */
  pageOf(rule: string): string | undefined;
}

export interface FindingsColumn {
  show(findings: readonly Finding[]): void;
  /** Moves each finding beside its line. */
  align(): void;
}

/** Between two findings, in CSS pixels. */
const GAP = 8;

interface Card {
  readonly finding: Finding;
  readonly element: HTMLElement;
}

export function createFindingsColumn(options: FindingsOptions): FindingsColumn {
  const { list, editor } = options;
  let cards: readonly Card[] = [];
  const isBeside = window.matchMedia('(min-width: 60rem)');
  isBeside.addEventListener('change', align);
  window.addEventListener('resize', align);
  return { show, align };

  function show(findings: readonly Finding[]): void {
    const sorted = [...findings].sort((a, b) => a.line - b.line || a.column - b.column);
    cards = sorted.map((finding) => ({ finding, element: renderCard(finding, options) }));
    list.replaceChildren(...cards.map(({ element }) => element));
    align();
  }

  function align(): void {
    if (!isBeside.matches) {
      list.style.height = '';
      return;
    }
    let bottom = 0;
    for (const { finding, element } of cards) {
      const top = Math.max(editor.topOf(finding.line), bottom);
      element.style.top = `${top}px`;
      bottom = top + element.offsetHeight + GAP;
    }
    list.style.height = `${bottom}px`;
  }
}

function renderCard(finding: Finding, { editor, isCurrent, pageOf }: FindingsOptions): HTMLElement {
  const { severity, line, rule, problem, advice, message, fix } = finding;
  // The message also has the value; the advice is its second half.
  const summary = message.endsWith(`; ${advice}`) ? message.slice(0, -advice.length - 2) : problem;
  const page = pageOf(rule);
  const name = page === undefined ? make('span', 'rule', rule) : make('a', 'rule', rule);
  if (page !== undefined && name instanceof HTMLAnchorElement) {
    name.href = page;
    // A new tab, so that the text in the editor stays.
    name.target = '_blank';
    name.rel = 'noopener';
  }
  const goTo = makeButton(`Line ${line}`, { onClick: () => editor.goTo(finding) });
  const head = make('p', 'head', goTo, ' ', make('strong', severity, severity), ' ', name);
  const body = make('p', '', make('span', 'problem', summary));
  if (advice !== '') body.append('. ', make('span', 'advice', `Fix: ${advice}`));
  const card = make('li', `finding is-${severity}`, head, body);
  if (fix !== undefined) {
    const written = fix.text.trim();
    const what = written.length > 40 || written.includes('\n') ? 'Fix' : `Fix: ${written}`;
    const onClick = () => {
      if (isCurrent()) editor.replace(fix, fix.text);
    };
    card.append(makeButton(what, { label: `${what} (line ${fix.line})`, onClick }));
  }
  return card;
}
