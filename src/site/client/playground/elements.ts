/** The element of the page that a script needs. */
export function find<E extends HTMLElement = HTMLElement>(selector: string): E {
  const element = document.querySelector<E>(selector);
  if (element === null) throw new Error(`the page has no ${selector}`);
  return element;
}

/** An element with a class, text and children. Text is never read as HTML. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...children);
  return element;
}

export function makeButton(
  text: string,
  { label = text, onClick }: { readonly label?: string; onClick(): void },
): HTMLButtonElement {
  const button = make('button', '', text);
  button.type = 'button';
  if (label !== text) button.setAttribute('aria-label', label);
  button.addEventListener('click', onClick);
  return button;
}

/** `1 error`, `2 errors`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
