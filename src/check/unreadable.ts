import type { SyntaxProblem } from './tree.ts';
import type { YamlNode } from './yaml/nodes.ts';

/** A document that Kubernetes cannot read. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly problem: SyntaxProblem;

  constructor(problem: SyntaxProblem) {
    super(problem.problem);
    this.problem = problem;
  }
}

/** The error for a node that cannot be read. */
export function unreadable(node: YamlNode, problem: string, advice: string): Unreadable {
  const { start, end } = node;
  return new Unreadable({ start, end, problem, got: gotOf(node), advice });
}

/** A scalar as it is written. For a list or a map, only its type. */
function gotOf(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.source;
  if (node.kind === 'alias') return `*${node.source}`;
  return node.kind === 'map' ? {} : [];
}
