import { EXAMPLES } from '../../examples.ts';
import { createEditor } from './editor.ts';
import { count, find, makeButton } from './elements.ts';
import { createEvaluator } from './evaluator.ts';
import { createFindingsColumn } from './findings.ts';
import { DamagedLinkError, fromFragment, type Shared, toFragment } from './link.ts';
import type { Answer, Evaluated } from './messages.ts';
import { showPanels } from './panels.ts';
import { createSettings, type Settings } from './settings.ts';

/** The pause in typing after which the text is evaluated, in milliseconds. */
const PAUSE = 120;
/** Some programs cut longer links, in characters. */
const LONG_LINK = 8_000;

/** This file is in assets/, one folder below the base. */
const base = new URL('../', import.meta.url);

function start(): void {
  let timer: number | undefined;
  let settings: Settings | undefined;
  let pages: ReadonlyMap<string, string> = new Map();
  /** The text of the last request and the text whose result is shown. The user may have typed since. */
  let asked = '';
  let shown: { readonly text: string; readonly corrected: string | undefined } | undefined;
  let shared: Shared | undefined;
  /** Why the link could not be read. Shown until the user types. */
  let linkProblem = '';

  const status = find('#status');
  const trouble = find('#trouble');
  const choice = find<HTMLSelectElement>('#example');
  const link = find<HTMLInputElement>('#link');

  const editor = createEditor(find('#editor'), EXAMPLES[0].text, {
    onChange: () => {
      linkProblem = '';
      evaluateSoon();
    },
    onLayout: () => column.align(),
  });
  const column = createFindingsColumn({
    list: find('#findings'),
    editor,
    isCurrent: () => isCurrent(),
    pageOf: (rule) => {
      const page = pages.get(rule);
      return page === undefined ? undefined : new URL(page, base).href;
    },
  });
  const evaluator = createEvaluator(new URL('worker.js', import.meta.url), {
    onReady: (knowledge) => {
      pages = new Map([...knowledge.rules, ...knowledge.mutations].map(({ id, page }) => [id, page]));
      // A worker that replaces another has the same data.
      settings ??= createSettings(knowledge, evaluate);
      if (shared !== undefined) settings.setPolicy(shared.policy);
      shared = undefined;
      evaluate();
    },
    onAnswer: (answer) => showAnswer(answer),
    onFault: (problem) => {
      showProblem(`${problem}. Change the text to try again.`);
      status.textContent = 'Not evaluated';
    },
  });
  const fixAll = makeButton('Make all certain corrections', {
    onClick: () => {
      if (shown?.corrected !== undefined && isCurrent()) editor.setText(shown.corrected);
    },
  });
  find('#actions').append(fixAll, makeButton('Link to this', { onClick: () => void share() }));
  fixAll.disabled = true;

  choice.replaceChildren(...EXAMPLES.map(({ id, title }) => new Option(title, id)));
  choice.addEventListener('change', () => {
    const example = EXAMPLES.find(({ id }) => id === choice.value);
    if (example !== undefined) editor.setText(example.text);
  });
  window.addEventListener('hashchange', () => void open());
  void open();

  function evaluateSoon(): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(evaluate, PAUSE);
  }

  function evaluate(): void {
    window.clearTimeout(timer);
    if (settings === undefined) return;
    asked = editor.text();
    evaluator.ask(asked, settings.options());
  }

  /** Whether the result is about the present text. */
  function isCurrent(): boolean {
    return shown?.text === editor.text();
  }

  function showAnswer(answer: Answer): void {
    // The user has typed in the meantime, and another request follows.
    if (asked !== editor.text()) return;
    showProblem('problem' in answer ? answer.problem : linkProblem);
    if ('problem' in answer) {
      status.textContent = 'Not evaluated';
      return;
    }
    const { evaluated } = answer;
    const { findings } = evaluated;
    editor.show(findings);
    column.show(findings);
    showPanels(evaluated);
    settings?.setFound([...new Set(findings.map(({ rule }) => rule))]);
    shown = { text: asked, corrected: evaluated.corrected };
    fixAll.disabled = evaluated.corrected === undefined;
    const text = describe(evaluated);
    // A screen reader must not read an unchanged text again.
    if (status.textContent !== text) status.textContent = text;
  }

  function showProblem(problem: string): void {
    trouble.textContent = problem;
    trouble.hidden = problem === '';
  }

  async function share(): Promise<void> {
    const policy = settings?.options().policy ?? {};
    const fragment = await toFragment({ text: editor.text(), policy });
    const url = new URL(location.href);
    url.hash = fragment;
    history.replaceState(null, '', url);
    link.value = url.href;
    link.hidden = false;
    link.focus();
    link.select();
    const isCopied = await copy(url.href);
    const long = fragment.length > LONG_LINK ? ' It is long: some programs cut it.' : '';
    find('#link-about').textContent = (isCopied ? 'The link is copied.' : 'Copy the link.') + long;
  }

  /** Reads the address. */
  async function open(): Promise<void> {
    try {
      const opened = await fromFragment(location.hash);
      if (opened === undefined) return;
      editor.setText(opened.text);
      if (settings === undefined) shared = opened;
      else settings.setPolicy(opened.policy);
    } catch (error) {
      if (!(error instanceof DamagedLinkError)) throw error;
      linkProblem = `The link cannot be read: ${error.message}. Ask for it again.`;
      showProblem(linkProblem);
    }
  }
}

function describe({ summary, suppressed }: Evaluated): string {
  const { errors, warnings, notes, objects } = summary;
  const parts = [
    count(errors, 'error'),
    count(warnings, 'warning'),
    ...(notes > 0 ? [count(notes, 'note')] : []),
    ...(suppressed > 0 ? [`${suppressed} silenced`] : []),
  ];
  return `${parts.join(', ')} in ${count(objects, 'object')}`;
}

/** @returns whether the text is in the clipboard, which the browser may not allow */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

start();
