/** The page with what stands between the markers replaced. @throws where it has no such markers */
export function replaceSection(page: string, name: string, content: string): string {
  const { begin, end } = findSection(page, name);
  return `${page.slice(0, begin)}\n${content}\n${page.slice(end)}`;
}

/** What stands between the markers of a page. @throws where it has no such markers */
export function readSection(page: string, name: string): string {
  const { begin, end } = findSection(page, name);
  return page.slice(begin, end).trim();
}

function findSection(page: string, name: string): { readonly begin: number; readonly end: number } {
  const [opening, closing] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [begin, end] = [page.indexOf(opening), page.indexOf(closing)];
  if (begin < 0 || end < 0) throw new Error(`no place for ${name}; write ${opening} and ${closing}`);
  return { begin: begin + opening.length, end };
}
