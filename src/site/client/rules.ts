// The list of all rules, filtered by a text field. The filter is in the address, so that it can be shared.

interface Row {
  readonly element: HTMLElement;
  readonly text: string;
  readonly action: string;
}

interface Section {
  readonly element: HTMLElement;
  readonly heading: string;
  readonly rows: readonly Row[];
}

const text = find<HTMLInputElement>('#filter');
const action = find<HTMLSelectElement>('#action');
const count = find('#count');
const sections: readonly Section[] = Array.from(
  document.querySelectorAll<HTMLElement>('section.rules'),
  (element) => ({
    element,
    heading: (element.querySelector('h2')?.textContent ?? '').toLowerCase(),
    rows: Array.from(element.querySelectorAll<HTMLElement>('li'), (row) => ({
      element: row,
      text: (row.textContent ?? '').toLowerCase(),
      action: row.dataset['action'] ?? '',
    })),
  }),
);
const all = new Set(sections.flatMap(({ rows }) => rows.map(({ element }) => element.dataset['id'] ?? '')));

function find<E extends HTMLElement = HTMLElement>(selector: string): E {
  const element = document.querySelector<E>(selector);
  if (element === null) throw new Error(`the page has no ${selector}`);
  return element;
}

function show(): void {
  const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const ids = new Set<string>();
  for (const section of sections) {
    let shown = 0;
    for (const row of section.rows) {
      const isShown =
        (action.value === '' || action.value === row.action) &&
        words.every((word) => row.text.includes(word) || section.heading.includes(word));
      row.element.hidden = !isShown;
      if (!isShown) continue;
      shown += 1;
      ids.add(row.element.dataset['id'] ?? '');
    }
    section.element.hidden = shown === 0;
  }
  count.textContent = `${ids.size} of ${all.size} shown`;
}

function remember(): void {
  const query = new URLSearchParams();
  if (text.value !== '') query.set('filter', text.value);
  if (action.value !== '') query.set('action', action.value);
  const { pathname, hash } = location;
  history.replaceState(null, '', query.size === 0 ? pathname + hash : `${pathname}?${query}${hash}`);
}

const asked = new URLSearchParams(location.search);
text.value = asked.get('filter') ?? '';
const wanted = asked.get('action') ?? '';
if (Array.from(action.options, ({ value }) => value).includes(wanted)) action.value = wanted;
for (const control of [text, action]) {
  control.addEventListener('input', () => {
    show();
    remember();
  });
}
show();
