// Eleventy has no types. These are the parts that build.js uses.
declare module '@11ty/eleventy' {
  export interface Config {
    addPlugin(plugin: unknown): void;
    setLibrary(
      extension: string,
      library: { disable(): void; render(text: string, data: never): string },
    ): void;
    addGlobalData(name: string, value: () => unknown): void;
    addTemplate(path: string, content: string, data: Readonly<Record<string, unknown>>): void;
    addPassthroughCopy(files: Readonly<Record<string, string>>): void;
  }
  export const HtmlBasePlugin: unknown;
  export default class Eleventy {
    constructor(
      input: string,
      output: string,
      options: { quietMode: boolean; pathPrefix: string; config(config: Config): void },
    );
    write(): Promise<void>;
  }
}
