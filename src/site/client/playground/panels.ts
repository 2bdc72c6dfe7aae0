import { count, find, make } from './elements.ts';
import type { Evaluated, ObjectAnswer } from './messages.ts';

/** Shows the changes of `/mutate`, and the answers of the webhooks. */
export function showPanels(evaluated: Evaluated): void {
  showDiff(evaluated);
  find('#answers').replaceChildren(...evaluated.answers.map(renderAnswer));
  const { answers, unanswered } = evaluated;
  const sent =
    'As Kubernetes calls the webhooks for a new object: first /mutate, then /validate with its result.';
  const none = 'No object would be sent to a webhook.';
  const more = unanswered > 0 ? ` ${count(unanswered, 'more object')} not shown.` : '';
  find('#answers-about').textContent = answers.length === 0 ? none : sent + more;
}

function showDiff({ diff, answers }: Evaluated): void {
  const lines = diff.split('\n').slice(2, -1);
  find('#diff').hidden = lines.length === 0;
  find('#diff').replaceChildren(...lines.map((line) => make('span', classOf(line), `${line}\n`)));
  const notShown = answers.flatMap((answer) => answer.notShown);
  const summary = lines.length === 0 ? 'Nothing is changed.' : 'In a new object, before it is stored:';
  const rest =
    notShown.length === 0 ? '' : ` These changes cannot be shown in the text: ${notShown.join(', ')}`;
  find('#diff-about').textContent = summary + rest;
}

function classOf(line: string): string {
  if (line.startsWith('+')) return 'added';
  if (line.startsWith('-')) return 'removed';
  return line.startsWith('@@') ? 'hunk' : '';
}

function renderAnswer({ title, line, isAllowed, answers, warnings }: ObjectAnswer): HTMLElement {
  const heading = make('h2', '', `${title} (line ${line}): `);
  const section = make('section', 'answer', heading);
  if ('problem' in answers) {
    heading.append(make('strong', 'error', 'not answered'));
    section.append(make('p', '', answers.problem));
    return section;
  }
  const summary = warnings.length === 0 ? '' : `, with ${count(warnings.length, 'warning')}`;
  const verdict = make('strong', isAllowed ? 'mutation' : 'error', isAllowed ? 'allowed' : 'denied');
  heading.append(verdict, summary);
  section.append(...renderJson('/mutate', title, answers.mutate));
  section.append(...renderJson('/validate', title, answers.validate));
  return section;
}

function renderJson(path: string, title: string, text: string): readonly HTMLElement[] {
  const pre = make('pre', '', text);
  pre.tabIndex = 0;
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', `${path} of ${title}`);
  return [make('h3', '', path), pre];
}
