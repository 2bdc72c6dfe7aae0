import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { isMap, type JsonObject } from '../policy/json.ts';
import { describe } from '../policy/message.ts';
import type { PolicySettings } from '../policy/settings.ts';

/** The settings of a folder, from flags of the command or from the editor: the same as flags of `check`. */
export interface LspSettings {
  /** The configuration file, relative to the folder. */
  readonly config: string | undefined;
  readonly networkingCalico: string | undefined;
  readonly calicoVersion: string | undefined;
  readonly kopsVersion: string | undefined;
  /** Each file is evaluated alone. */
  readonly each: boolean;
  readonly strict: boolean;
  readonly noInlineConfig: boolean;
  readonly noIgnore: boolean;
  readonly exclude: readonly string[];
}

/** Reads the configuration file, if one is set. Throws a UserError where something is wrong with it. */
export type LoadPolicy = (settings: LspSettings) => PolicySettings;

const TEXTS = ['config', 'networkingCalico', 'calicoVersion', 'kopsVersion'] as const;
const SWITCHES = ['each', 'strict', 'noInlineConfig', 'noIgnore'] as const;
const KEYS: readonly string[] = [...TEXTS, ...SWITCHES, 'exclude'];

/**
 * The settings of the command line, overridden by those of the editor (initializationOptions).
 * @throws UserError that names what is wrong
 */
export function readEditorSettings(given: LspSettings, options: unknown): LspSettings {
  if (options === undefined || options === null) return given;
  if (!isMap(options)) throw wrong('the settings', 'a map', options);
  const unknown = Object.keys(options).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw new UserError(
      `no such setting of the language server (got ${describe(unknown)}); there are ${KEYS.join(', ')}`,
    );
  }
  for (const key of TEXTS) expectType(options, key, 'string', 'a text');
  for (const key of SWITCHES) expectType(options, key, 'boolean', 'true or false');
  const { exclude = given.exclude } = options;
  if (!Array.isArray(exclude) || exclude.some((each) => typeof each !== 'string')) {
    throw wrong('exclude', 'a list of patterns', exclude);
  }
  return { ...given, ...options, exclude };
}

function expectType(options: JsonObject, key: string, type: string, words: string): void {
  const value = options[key];
  if (value !== undefined && typeof value !== type) throw wrong(key, words, value);
}

function wrong(what: string, words: string, value: unknown): UserError {
  return new UserError(
    `${what} of the language server must be ${words} (got ${describe(value)}); correct it in the editor's configuration`,
  );
}

/** Resolves the configuration file relative to a folder. */
export function settingsIn(folder: string, settings: LspSettings): LspSettings {
  const { config } = settings;
  return config === undefined ? settings : { ...settings, config: resolve(folder, config) };
}
