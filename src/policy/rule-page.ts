import type { MutationInfo, RuleInfo } from './evaluate.ts';
import { listEntries, type Registry } from './registry.ts';

/** The page of a rule or mutation in Markdown. `rules ID` prints it, and docs/rules holds it. */
export function renderRulePage(entry: RuleInfo | MutationInfo): string {
  const { docs } = entry;
  const action = 'action' in entry ? `Default action: \`${entry.action}\`` : describeMutation(entry);
  const isMutation = !('action' in entry);
  const sections = [
    `# ${entry.id}`,
    `${sentence(entry.title)}`,
    `${action} · since ${docs.since}`,
    `## Why\n\n${docs.why}`,
    `## How to fix it\n\n${docs.fix}`,
    ...(docs.old === undefined ? [] : [`## Before the update\n\n${fence(docs.old)}`]),
    `## ${isMutation ? 'Changed' : 'Found'}\n\n${fence(docs.bad)}`,
    `## ${isMutation ? 'Left as it is' : 'Good'}\n\n${fence(docs.good)}`,
    `## Source\n\n${sentence(docs.source)}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function describeMutation({ onlyOn }: MutationInfo): string {
  if (onlyOn === undefined) return 'A mutation, on by default';
  const when = onlyOn === 'CREATE' ? 'an object is created' : 'an object is updated';
  return `A mutation, on by default; only when ${when}; \`check --fix\` never writes it`;
}

/** A table with one row for each entry: id, default action, title. */
export function renderTable(
  rules: readonly RuleInfo[],
  mutations: readonly MutationInfo[],
  link: (id: string) => string,
): string {
  const rows = [
    ...rules.map((rule) => `| ${link(rule.id)} | ${rule.action} | ${rule.title} |`),
    ...mutations.map((mutation) => `| ${link(mutation.id)} | mutation | ${mutation.title} |`),
  ];
  return ['| id | default | what it says |', '|---|---|---|', ...rows].join('\n');
}

const MAX_LINE = 120;

/** The file name of a page in docs/rules. */
export function pageFile(id: string): string {
  return `${id.includes('/') ? id : `mutations/${id}`}.md`;
}

/** The address of a rule's page on a site that is made from docs/. The address of the site ends with a slash. */
export function pageUrl(docsUrl: string, id: string): string {
  return `${docsUrl}rules/${pageFile(id).replace(/\.md$/, '.html')}`;
}

/** Finds the page of a rule or mutation. Undefined where there is none. */
export type PageFinder = (id: string) => string | undefined;

/** The same. The result is undefined where the rule has no page, or no site is set. */
export function createPageFinder(docsUrl: string | undefined, registry: Registry): PageFinder {
  const known = new Set(listEntries(registry).map(({ id }) => id));
  return (id) => (docsUrl === undefined || !known.has(id) ? undefined : pageUrl(docsUrl, id));
}

function fence(yaml: string): string {
  const lines = yaml.trim().split('\n').map(shorten);
  return `\`\`\`yaml\n${lines.join('\n')}\n\`\`\``;
}

/** The example of a rule about length can be very long: a page shows the beginning. */
function shorten(line: string): string {
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}… # ${line.length} characters` : line;
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
