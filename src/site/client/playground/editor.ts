import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Finding } from '../../../index.ts';

export interface EditorEvents {
  onChange(): void;
  /** Called when lines may have moved. */
  onLayout(): void;
}

export interface Editor {
  text(): string;
  /** Replaces the whole text. Undo restores the old text. */
  setText(text: string): void;
  /** Replaces the text between two positions, which count as in a finding. */
  replace(place: Place, text: string): void;
  show(findings: readonly Finding[]): void;
  goTo(place: Pick<Place, 'line' | 'column'>): void;
  /** The distance of a line from the top of the editor, in CSS pixels. */
  topOf(line: number): number;
}

/** Lines and columns from 1, columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const SEVERITIES = { error: 'error', warning: 'warning', note: 'info' } as const;

/** The colours are properties of the page, which a shadow root inherits. */
const THEME = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--ground)', fontSize: '0.875rem' },
  '&.cm-focused': { outline: '2px solid var(--strong)', outlineOffset: '-2px' },
  '.cm-content': { fontFamily: 'var(--mono)', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { color: 'var(--soft)', backgroundColor: 'var(--raised)', borderColor: 'var(--line)' },
  '.cm-activeLine': { backgroundColor: 'var(--active)' },
  '.cm-tooltip': {
    color: 'var(--text)',
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--line)',
    maxWidth: '36rem',
  },
});

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--key)' },
  { tag: [tags.string, tags.content], color: 'var(--string)' },
  { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
  { tag: [tags.meta, tags.separator, tags.punctuation], color: 'var(--soft)' },
]);

/** In a shadow root, where styles of scripts are allowed by the page's Content-Security-Policy. */
export function createEditor(host: HTMLElement, text: string, events: EditorEvents): Editor {
  const root = host.attachShadow({ mode: 'open' });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        highlightActiveLine(),
        yaml(),
        syntaxHighlighting(COLOURS),
        THEME,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'Manifest', spellcheck: 'false' }),
        // Tab leaves the editor, as for any other element.
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) events.onChange();
          if (update.geometryChanged || update.docChanged) events.onLayout();
        }),
      ],
    }),
  });

  function offsetOf(line: number, column: number): number {
    const { doc } = view.state;
    const { from, length } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return from + Math.min(Math.max(column - 1, 0), length);
  }

  function rangeOf({ line, column, endLine, endColumn }: Place) {
    const from = offsetOf(line, column);
    return { from, to: Math.max(from, offsetOf(endLine, endColumn)) };
  }

  return {
    text: () => view.state.doc.toString(),
    setText: (insert) =>
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert }, selection: { anchor: 0 } }),
    replace: (place, insert) => view.dispatch({ changes: { ...rangeOf(place), insert } }),
    show: (findings) => {
      const diagnostics = findings.map(
        (finding): Diagnostic => ({
          ...rangeOf(finding),
          severity: SEVERITIES[finding.severity],
          source: finding.rule,
          message: finding.message,
        }),
      );
      diagnostics.sort((a, b) => a.from - b.from || a.to - b.to);
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    goTo: ({ line, column }) => {
      const anchor = offsetOf(line, column);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    topOf: (line) => view.lineBlockAt(offsetOf(line, 1)).top + view.documentPadding.top,
  };
}
