import { type FaultCode, SyntaxFault } from './fault.ts';
import type { ListNode, MapNode, Pair, ScalarNode, YamlNode } from './nodes.ts';
import { Scanner } from './scanner.ts';
import type { Token } from './tokens.ts';

type Kind = Token['kind'];

/** An anchor and a tag before a value. */
interface Properties {
  readonly anchor?: string;
  readonly tag?: string;
}

/**
 * The nodes of the only document of a text, as go-yaml v2 makes them (parserc.go). Text after the document, which
 * go-yaml ignores, is an error as well: its author believes that it counts.
 * @param maxDepth limit of the nesting of maps and lists
 * @returns undefined where there is no document
 * @throws SyntaxFault
 */
export function parseYaml(text: string, maxDepth: number): YamlNode | undefined {
  return new Parser(text, maxDepth).parse();
}

class Parser {
  readonly #scanner: Scanner;
  readonly #maxDepth: number;
  #depth = 0;
  /** The start of the token before the next one. */
  #last = 0;

  constructor(text: string, maxDepth: number) {
    this.#scanner = new Scanner(text);
    this.#maxDepth = maxDepth;
  }

  parse(): YamlNode | undefined {
    let isMarked = false;
    while (this.#takeIf('directive')) isMarked = true;
    if (this.#takeIf('document-start')) isMarked = true;
    else if (isMarked) throw this.#fault('directive');
    const isEmpty = this.#is('directive', 'document-start', 'document-end', 'end');
    if (isEmpty && !isMarked && this.#is('document-end')) throw this.#fault('value-missing');
    const root = isEmpty ? undefined : this.#parseNode(true, false);
    const isEnded = this.#takeIf('document-end') || this.#is('document-start');
    if (this.#is('end')) return root;
    if (isEnded) throw this.#fault('behind-mark');
    throw this.#fault(this.#scanner.lineContent === this.#next.start ? 'indented-less' : 'behind-value');
  }

  #take(): Token {
    const token = this.#scanner.take();
    this.#last = token.start;
    return token;
  }

  get #next(): Token {
    return this.#scanner.peek();
  }

  #is(...kinds: readonly Kind[]): boolean {
    return kinds.includes(this.#next.kind);
  }

  #takeIf(kind: Kind): boolean {
    if (this.#next.kind !== kind) return false;
    this.#take();
    return true;
  }

  #fault(code: FaultCode): SyntaxFault {
    return new SyntaxFault(code, this.#next.start);
  }

  /** The place of a colon is shown with the text before it in the line. */
  #faultInFlow(code: FaultCode): SyntaxFault {
    if (!this.#is('value')) return this.#fault(code);
    return new SyntaxFault(code, Math.max(this.#last, this.#scanner.lineContent));
  }

  #parseNode(isBlock: boolean, isIndentless: boolean): YamlNode {
    const start = this.#next.start;
    const end = this.#next.end;
    if (this.#is('alias')) {
      const { source } = this.#take() as Token & { kind: 'alias' };
      return { kind: 'alias', source, start, end };
    }
    const { properties, behind } = this.#parseProperties();
    const { kind } = this.#next;
    if (kind === 'scalar') {
      const { style, source, ...span } = this.#take() as Token & { kind: 'scalar' };
      return { kind, style, source, start: span.start, end: span.end, ...properties };
    }
    if (isIndentless && kind === '-') return this.#nest(() => this.#parseItems(properties));
    if (kind === '[') return this.#nest(() => this.#parseFlowList(properties));
    if (kind === '{') return this.#nest(() => this.#parseFlowMap(properties));
    if (isBlock && kind === 'block-list') return this.#nest(() => this.#parseBlockList(properties));
    if (isBlock && kind === 'block-map') return this.#nest(() => this.#parseBlockMap(properties));
    if (behind !== undefined) return empty(behind, properties);
    throw this.#fault('value-missing');
  }

  #parseProperties(): { readonly properties: Properties; readonly behind: number | undefined } {
    let properties: Properties = {};
    let behind: number | undefined;
    for (let token = this.#next; token.kind === 'anchor' || token.kind === 'tag'; token = this.#next) {
      if (properties[token.kind] !== undefined) break;
      properties = { ...properties, [token.kind]: token.source };
      behind = token.end;
      this.#take();
    }
    return { properties, behind };
  }

  #nest<T>(parse: () => T): T {
    if (this.#depth >= this.#maxDepth) throw this.#fault('too-deep');
    this.#depth += 1;
    const result = parse();
    this.#depth -= 1;
    return result;
  }

  /** A value, which may be absent. */
  #parseValue(at: number, without: readonly Kind[], isBlock: boolean, isIndentless = false): YamlNode {
    return this.#is(...without) ? empty(at) : this.#parseNode(isBlock, isIndentless);
  }

  #parseBlockList(properties: Properties): ListNode {
    const { start } = this.#take();
    const items: YamlNode[] = [];
    while (this.#is('-')) {
      const { end } = this.#take();
      items.push(this.#parseValue(end, ['-', 'block-end'], true));
    }
    if (!this.#takeIf('block-end')) throw this.#fault('bad-indent');
    return { kind: 'list', isFlow: false, items, start, end: items.at(-1)?.end ?? start, ...properties };
  }

  /** Items with no more indentation than the key of their list. No token marks the begin or the end of the list. */
  #parseItems(properties: Properties): ListNode {
    const { start } = this.#next;
    const items: YamlNode[] = [];
    while (this.#is('-')) {
      const { end } = this.#take();
      items.push(this.#parseValue(end, ['-', 'key', 'value', 'block-end'], true));
    }
    return { kind: 'list', isFlow: false, items, start, end: items.at(-1)?.end ?? start, ...properties };
  }

  #parseBlockMap(properties: Properties): MapNode {
    const { start } = this.#take();
    const pairs: Pair[] = [];
    const without: Kind[] = ['key', 'value', 'block-end'];
    while (this.#is('key')) {
      const mark = this.#take();
      const key = this.#parseValue(mark.end, without, true, true);
      const colon = this.#next;
      const value = this.#takeIf('value') ? this.#parseValue(colon.end, without, true, true) : empty(key.end);
      pairs.push({ key, value });
    }
    const end = pairs.at(-1)?.value.end ?? start;
    if (!this.#takeIf('block-end')) throw this.#fault('bad-indent');
    return { kind: 'map', isFlow: false, pairs, start, end, ...properties };
  }

  #parseFlowList(properties: Properties): ListNode {
    const { start } = this.#take();
    const items: YamlNode[] = [];
    while (!this.#is(']')) {
      if (items.length > 0 && !this.#takeIf(',')) throw this.#faultInFlow('bracket-missing');
      if (this.#is(']')) break;
      items.push(this.#is('key') ? this.#parseSinglePair() : this.#parseNode(false, false));
    }
    const { end } = this.#take();
    return { kind: 'list', isFlow: true, items, start, end, ...properties };
  }

  /** `[a: b]`: a map without braces. */
  #parseSinglePair(): MapNode {
    const { start, end: behind } = this.#take();
    let key: YamlNode;
    if (this.#is('value', ',', ']')) {
      key = empty(behind);
      // As go-yaml does, which then finds no value.
      this.#take();
    } else {
      key = this.#parseNode(false, false);
    }
    const value = this.#parseFlowValue([',', ']'], key.end);
    return { kind: 'map', isFlow: true, pairs: [{ key, value }], start, end: value.end };
  }

  #parseFlowMap(properties: Properties): MapNode {
    const { start } = this.#take();
    const pairs: Pair[] = [];
    while (!this.#is('}')) {
      if (pairs.length > 0 && !this.#takeIf(',')) throw this.#faultInFlow('brace-missing');
      if (this.#is('}')) break;
      pairs.push(this.#parseFlowPair());
    }
    const { end } = this.#take();
    return { kind: 'map', isFlow: true, pairs, start, end, ...properties };
  }

  #parseFlowPair(): Pair {
    if (!this.#takeIf('key')) {
      const key = this.#parseNode(false, false);
      return { key, value: empty(key.end) };
    }
    const key = this.#parseValue(this.#next.start, ['value', ',', '}'], false);
    return { key, value: this.#parseFlowValue([',', '}'], key.end) };
  }

  #parseFlowValue(without: readonly Kind[], behindKey: number): YamlNode {
    const colon = this.#next;
    if (!this.#takeIf('value')) return empty(behindKey);
    return this.#parseValue(colon.end, without, false);
  }
}

function empty(at: number, properties: Properties = {}): ScalarNode {
  return { kind: 'scalar', style: 'plain', source: '', start: at, end: at, ...properties };
}
