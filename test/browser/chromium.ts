// What we use of playwright-core, which is installed for these tests only: types are checked without it.

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export interface Browser {
  newPage(options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

export interface PageOptions {
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface Page {
  readonly keyboard: { press(key: string): Promise<void>; insertText(text: string): Promise<void> };
  goto(url: string): Promise<unknown>;
  url(): string;
  /** A function runs in the page; of a text the value counts. */
  evaluate<Argument>(
    script: string | ((argument: Argument) => unknown),
    argument?: Argument,
  ): Promise<unknown>;
  locator(selector: string): Locator;
  workers(): readonly Pick<Page, 'evaluate' | 'url'>[];
  on(event: 'console', listener: (message: ConsoleMessage) => void): void;
  on(event: 'pageerror', listener: (error: Error) => void): void;
  on(event: 'request', listener: (request: { url(): string }) => void): void;
  screenshot(options: { readonly path: string }): Promise<unknown>;
  close(): Promise<void>;
}

interface ConsoleMessage {
  type(): string;
  text(): string;
}

export interface Locator {
  click(): Promise<void>;
  fill(text: string): Promise<void>;
  press(key: string): Promise<void>;
  focus(): Promise<void>;
  check(): Promise<void>;
  selectOption(value: string): Promise<unknown>;
  count(): Promise<number>;
  first(): Locator;
  isDisabled(): Promise<boolean>;
  inputValue(): Promise<string>;
  textContent(): Promise<string | null>;
  allTextContents(): Promise<string[]>;
  boundingBox(): Promise<{ readonly x: number; readonly y: number; readonly height: number } | null>;
}

export async function launch(): Promise<Browser> {
  const name = 'playwright-core';
  const { chromium } = await import(name);
  // As root, as CI runs, Chromium has no sandbox of its own.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}
