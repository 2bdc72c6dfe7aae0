// Search in all pages, with an index in the page: the search text is sent nowhere.

import sections from 'site:sections';
import MiniSearch from 'minisearch';

const MAX_RESULTS = 40;
/** The length of the excerpt of a section, in UTF-16 units, and the part before the found word. */
const EXCERPT = { length: 200, before: 60 };

interface Indexed {
  readonly id: number;
  readonly path: string;
  readonly page: string;
  readonly title: string;
  readonly text: string;
}

/** This file is in assets/, one folder below the base. */
const base = new URL('../', import.meta.url);
const index = new MiniSearch<Indexed>({
  fields: ['title', 'page', 'text'],
  searchOptions: { boost: { title: 4, page: 2 }, prefix: true, fuzzy: (term) => (term.length > 4 ? 0.2 : 0) },
});
index.addAll(sections.map((section, id) => ({ id, ...section })));

function search(query: string): readonly { readonly at: Indexed; readonly words: readonly string[] }[] {
  const strict = index.search(query, { combineWith: 'AND' });
  const found = strict.length > 0 ? strict : index.search(query);
  return found.slice(0, MAX_RESULTS).flatMap(({ id, terms }) => {
    const section = sections[id];
    return section === undefined ? [] : [{ at: { id, ...section }, words: terms }];
  });
}

function renderResult({ path, page, title, text }: Indexed, words: readonly string[]): HTMLElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = new URL(path, base).href;
  link.textContent = title;
  const where = document.createElement('span');
  where.className = 'where';
  where.textContent = page === title ? '' : page;
  const excerpt = document.createElement('p');
  excerpt.textContent = cut(text, words);
  item.append(link, ' ', where, excerpt);
  return item;
}

function cut(text: string, words: readonly string[]): string {
  const lower = text.toLowerCase();
  const places = words.map((word) => lower.indexOf(word)).filter((place) => place >= 0);
  const from = Math.max(0, Math.min(...places, text.length) - EXCERPT.before);
  const start = places.length === 0 ? 0 : from;
  const part = text.slice(start, start + EXCERPT.length);
  return `${start > 0 ? '… ' : ''}${part}${start + part.length < text.length ? ' …' : ''}`;
}

function show(query: string): void {
  const results = query.trim() === '' ? [] : search(query);
  document
    .querySelector('#results')
    ?.replaceChildren(...results.map(({ at, words }) => renderResult(at, words)));
  const count = document.querySelector('#count');
  if (count === null) return;
  if (query.trim() === '') count.textContent = 'Type a field, a rule or a message.';
  else if (results.length === 0) count.textContent = 'Nothing was found. Try fewer or other words.';
  else if (results.length === MAX_RESULTS) count.textContent = `The first ${MAX_RESULTS} results`;
  else count.textContent = results.length === 1 ? '1 result' : `${results.length} results`;
}

const input = document.querySelector<HTMLInputElement>('main input[name="q"]');
if (input !== null) {
  input.value = new URLSearchParams(location.search).get('q') ?? '';
  input.addEventListener('input', () => {
    history.replaceState(null, '', `${location.pathname}?${new URLSearchParams({ q: input.value })}`);
    show(input.value);
  });
  show(input.value);
}
