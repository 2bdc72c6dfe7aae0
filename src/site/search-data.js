// What the search of the site finds: each rule, and of a guide each section.
import { slugify } from './markdown.js';

/** @typedef {import('./sources.js').Page} Page */

/**
 * @typedef {object} Entry
 * @property {string} path of the page, with the anchor of the section
 * @property {string} page title of the page
 * @property {string} title of the section
 * @property {string} text
 */

/** @param {Page} page @param {string} markdown @returns {Entry[]} */
export function listSections({ path, title, kind }, markdown) {
  if (kind === 'rule') {
    return [{ path, page: title, title, text: toText(markdown.replace(/^# .*\n/, '')) }];
  }
  /** @type {Map<string, number>} */
  const known = new Map();
  return splitSections(markdown).map(({ heading, body }) => {
    const slug = slugify(toText(heading));
    const count = known.get(slug) ?? 0;
    known.set(slug, count + 1);
    const at = count === 0 ? slug : `${slug}-${count}`;
    return { path: `${path}#${at}`, page: title, title: toText(heading), text: toText(body) };
  });
}

/** A line that begins with # is no heading where it is code. @param {string} markdown */
function splitSections(markdown) {
  /** @type {{ heading: string, body: string }[]} */
  const sections = [];
  let isCode = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    const [, heading] = (!isCode && /^#{1,6} (.+)$/.exec(line)) || [];
    const last = sections.at(-1);
    if (heading !== undefined) sections.push({ heading, body: '' });
    else if (last !== undefined) last.body += `${line}\n`;
  }
  return sections;
}

/** The words alone. @param {string} markdown */
function toText(markdown) {
  return markdown
    .replaceAll(/<!--[\s\S]*?-->/g, ' ')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/^\|[-|: ]+\|$/gm, ' ')
    .replaceAll(/^```\w*$|^#+ |[`*|]+/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
