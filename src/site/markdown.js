// The Markdown of the repository as HTML: with anchors as GitHub makes them, and links that lead to pages of the site.
import { posix } from 'node:path';
import MarkdownIt from 'markdown-it';
import anchor from 'markdown-it-anchor';

/** @typedef {import('./sources.js').Page} Page */

/**
 * @typedef {object} LinkOptions
 * @property {readonly Page[]} pages
 * @property {string | undefined} repository address of the repository for what is no page; without it there is no link
 */

/** @typedef {import('markdown-it').Token} Token */

/** As GitHub makes anchors of headings. @param {string} text */
export function slugify(text) {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/** @param {LinkOptions} options */
export function createMarkdown(options) {
  const markdown = createParser();
  markdown.core.ruler.push('links', (state) => {
    for (const [index, token] of state.tokens.entries()) {
      withoutStyle(token);
      // A column without a name has no header.
      if (token.type === 'th_open' && state.tokens[index + 1]?.content === '') {
        for (const each of state.tokens.slice(index, index + 3)) each.tag = each.tag.replace('th', 'td');
      }
      if (token.children)
        token.children = rewriteLinks(token.children, String(state.env.source ?? ''), options);
    }
  });
  Object.assign(markdown.renderer.rules, scrollingBlocks(markdown));
  return markdown;
}

function createParser() {
  return new MarkdownIt({ html: true }).use(anchor, { slugify, tabIndex: false });
}

/** The page's Content-Security-Policy lets nothing be styled in an attribute. @param {Token} token */
function withoutStyle(token) {
  token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'style');
}

/** What is wider than a narrow page scrolls by itself, also by keyboard. @param {ReturnType<typeof createParser>} markdown */
function scrollingBlocks(markdown) {
  const { fence } = markdown.renderer.rules;
  if (fence === undefined) throw new Error('markdown-it has no rule for code any more');
  return {
    table_open: () => '<div class="table" tabindex="0"><table>\n',
    table_close: () => '</table></div>\n',
    fence: (/** @type {Parameters<typeof fence>} */ ...args) =>
      fence(...args).replace('<pre>', '<pre tabindex="0">'),
  };
}

/** @param {Token[]} tokens @param {string} source @param {LinkOptions} options */
function rewriteLinks(tokens, source, options) {
  let isDropped = false;
  return tokens.filter((token) => {
    if (token.type === 'image') token.attrSet('src', imageOf(String(token.attrGet('src') ?? ''), source));
    if (token.type === 'link_open') {
      const to = resolveLink(String(token.attrGet('href') ?? ''), source, options);
      isDropped = to === undefined;
      if (to !== undefined) token.attrSet('href', to);
      return to !== undefined;
    }
    return token.type !== 'link_close' || !isDropped;
  });
}

/** @param {string} href @param {string} source @param {LinkOptions} options @returns {string | undefined} */
function resolveLink(href, source, { pages, repository }) {
  if (/^[a-z]+:/i.test(href) || href.startsWith('#')) return href;
  const [path = '', fragment] = href.split('#', 2);
  const target = posix.join(posix.dirname(source), decodeURI(path)).replace(/\/$/, '');
  const hash = fragment === undefined ? '' : `#${fragment}`;
  if (target === 'docs/rules' || target === 'docs/rules/README.md') return `/rules/${hash}`;
  const page = pages.find((each) => [target, `${target}/README.md`].includes(each.source));
  if (page !== undefined) return `/${page.path}${hash}`;
  return repository === undefined ? undefined : `${repository}/blob/HEAD/${target}${hash}`;
}

/** @param {string} src @param {string} source */
function imageOf(src, source) {
  if (/^[a-z]+:/i.test(src)) throw new Error(`${source} has a picture from another host (${src})`);
  return `/images/${posix.basename(posix.join(posix.dirname(source), src))}`;
}
