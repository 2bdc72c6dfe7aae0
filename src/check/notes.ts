import { isMap, read } from '../policy/json.ts';
import { boundGot } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import { directoryOf } from './kustomization.ts';
import type { Span } from './lines.ts';
import { locate } from './locate.ts';
import type { HeldObject } from './objects.ts';
import { namesOurs } from './ours.ts';
import { showPlace } from './place.ts';
import { type CheckFinding, NO_OBJECT, READING_RULES } from './report.ts';
import type { Described, Sheet } from './sheet.ts';
import type { Tree } from './tree.ts';
import { findUnknown } from './unknown.ts';

// Notes about what was not evaluated, or was evaluated as something else.

/** Limit of the notes about one object. */
const MAX_NOTES = 100;

/** A note on the first template line, where the template may concern us. */
export function noteTemplate(
  { source, text, lines, document }: Sheet,
  span: Span,
  registry: Registry,
): CheckFinding[] {
  if (!source.isNamed && !namesOurs(registry, text)) return [];
  const parts = {
    problem: 'a template, which was not evaluated',
    got: boundGot(text.slice(span.start, span.end)),
    advice: isOfHelm(text)
      ? 'check the rendered manifests, as in: helm template . | calico-admission check -'
      : 'check the rendered manifests',
  };
  return [
    {
      ...NO_OBJECT,
      ...note(READING_RULES.template, source.name, document.number),
      ...parts,
      ...showPlace(lines, span),
    },
  ];
}

export function noteUnknown(
  { source, text, lines, document }: Sheet,
  tree: Tree,
  { base, object: value }: HeldObject,
  object: Described,
): CheckFinding[] {
  return findUnknown(value)
    .slice(0, MAX_NOTES)
    .flatMap((path): CheckFinding[] => {
      // Names and labels are no settings, and a text of several lines is a script.
      const node = tree.find([...base, ...path])?.node;
      const written = read(value, ...path);
      const isScript = typeof written === 'string' && written.includes('\n');
      if (node === undefined || path[0] === 'metadata' || isScript) return [];
      const span = { start: node.start + document.start, end: node.end + document.start };
      const isExpression = typeof written === 'string' && document.isTemplate;
      const parts = {
        problem: 'filled in later, and not evaluated',
        got: boundGot(isExpression ? text.slice(span.start, span.end) : written),
        advice: 'check the file in which it is filled in',
      };
      return [
        {
          ...note(READING_RULES.template, source.name, document.number),
          ...object,
          path,
          ...parts,
          ...showPlace(lines, span),
        },
      ];
    });
}

/** A note that an object of Calico was not evaluated. */
export function noteWithoutRules(
  { source, document, lines }: Sheet,
  tree: Tree,
  { base, object }: HeldObject,
  described: Described,
): CheckFinding {
  const path = ['kind'];
  const at = locate(tree, base, { path, reason: 'FieldValueInvalid' });
  return {
    ...note(READING_RULES.noRules, source.name, document.number),
    ...described,
    path,
    problem: 'a kind of Calico that no rule is about; it was not evaluated',
    got: boundGot(read(object, 'kind')),
    advice: 'leave it as it is',
    ...showPlace(lines, { start: at.start + document.start, end: at.end + document.start }),
  };
}

/** A note that a Helm chart is not rendered, at the top of the file that makes the directory a chart. */
export function noteChart(file: string): CheckFinding {
  return {
    ...note(READING_RULES.template, file, 1),
    ...NO_OBJECT,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 2,
    problem: 'the templates of this chart were not evaluated',
    advice: `check the rendered manifests, as in: helm template ${directoryOf(file) || '.'} | calico-admission check -`,
    excerpt: { text: '', start: 0, end: 1 },
  };
}

/**
 * A note about the patches of a kustomization.
 * @param together number of patches that were combined with their resources
 * @param alone number of patches that were evaluated as parts
 */
export function notePatches(
  { source, text, lines, document }: Sheet,
  together: number,
  alone: number,
): CheckFinding {
  const parts = [
    ...(together > 0 ? [`${together} combined with its resource`] : []),
    ...(alone > 0 ? [`${alone} evaluated alone, as a part`] : []),
  ];
  const directory = directoryOf(source.name) || '.';
  const start = document.start + (text.slice(document.start).search(/\S/) || 0);
  return {
    ...note(READING_RULES.kustomize, source.name, document.number),
    ...NO_OBJECT,
    problem: `patches of this kustomization: ${parts.join(', ')}${describeNotFollowed(document.tree?.value)}`,
    advice: `to evaluate the result: kubectl kustomize ${directory} | calico-admission check -`,
    ...showPlace(lines, { start, end: start + 1 }),
  };
}

/** Fields of a kustomization that change or create objects, and need more than reading files. */
const NOT_FOLLOWED = [
  'namePrefix',
  'nameSuffix',
  'replacements',
  'vars',
  'configMapGenerator',
  'secretGenerator',
  'generators',
  'transformers',
  'helmCharts',
];

function describeNotFollowed(kustomization: unknown): string {
  const keys = isMap(kustomization) ? Object.keys(kustomization) : [];
  const [last, ...others] = keys.filter((key) => NOT_FOLLOWED.includes(key)).toReversed();
  if (last === undefined) return '';
  if (others.length === 0) return `, without ${last}, which was not applied`;
  return `, without ${others.toReversed().join(', ')} and ${last}, which were not applied`;
}

function note(rule: { readonly id: string }, file: string, document: number) {
  return { file, document, rule: rule.id, severity: 'note' } as const;
}

/** Words that begin an expression of Go templates, and never one of Jinja. */
function isOfHelm(text: string): boolean {
  return /\{\{-? *(?:[.$]|(?:include|template|define|range|with|if|end|tpl|toYaml)\b|\/\*)/.test(text);
}
