/** The configuration of a relay: one file, over it variables of the environment, over them options. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Document, isNode, isPair, LineCounter, parse, parseDocument } from 'yaml';
import type * as z from 'zod';
import { defaultOf, type Key, keysOf, type RelayConfig, relayConfigSchema } from './configSchema.ts';

export type { RelayConfig, Role } from './configSchema.ts';

/** A configuration that can't be taken: what, where, and what to do, for the terminal. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const PREFIX = 'LUMISCOPE_RELAY_';
const FILE = 'lumiscope-relay.yaml';

/** Options that stand for keys; the others of the schema are set in the file or by the environment. */
const OPTIONS: Record<string, { path: string; short?: string; many?: true; flag?: true }> = {
  folder: { path: 'folder' },
  store: { path: 'store' },
  port: { path: 'port', short: 'p' },
  host: { path: 'host' },
  'public-url': { path: 'publicUrl' },
  'open-to-network': { path: 'openToNetwork', flag: true },
  roles: { path: 'roles' },
  consumers: { path: 'consumers' },
  memory: { path: 'memory' },
  auth: { path: 'auth.issuers', many: true },
  origin: { path: 'origins', many: true },
  'proxy-origin': { path: 'proxy.origins', many: true },
  'log-level': { path: 'log.level' },
};

export interface Asked {
  help: boolean;
  version: boolean;
  printConfig: boolean;
  config: RelayConfig;
  /** The same as it would be written: for `--print-config`. */
  written: Record<string, unknown>;
}

interface Source {
  /** `relay.yaml:12:3`, `LUMISCOPE_RELAY_PORT`, `--port`. */
  where(path: readonly PropertyKey[]): string;
}

/**
 * @param env the process's
 * @throws ConfigError
 */
export function readConfig(args: string[], env: NodeJS.ProcessEnv): Asked {
  const { values } = options(args);
  const asked = {
    help: values.help === true,
    version: values.version === true,
    printConfig: values['print-config'] === true,
  };
  if (asked.help || asked.version) return { ...asked, config: relayConfigSchema.parse({}), written: {} };

  const keys = new Map(keysOf().map((key) => [key.path.join('.'), key]));
  const given: Record<string, unknown> = {};
  const sources = new Map<string, Source>();
  const file = fileOf(values, env);
  let read: ReturnType<typeof readFile> | undefined;
  if (file) {
    read = readFile(file);
    Object.assign(given, read.content);
  }
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || text === undefined || name === `${PREFIX}CONFIG`) continue;
    const key = [...keys.values()].find(({ path }) => variableOf(path) === name);
    if (!key) {
      const names = [...keys.values()].map(({ path }) => variableOf(path));
      throw new ConfigError(`${name}: there is no such variable\n  there are ${names.join(', ')}`);
    }
    set(given, key.path, readValue(key, text));
    sources.set(key.path.join('.'), { where: () => name });
  }
  for (const [name, { path, flag }] of Object.entries(OPTIONS)) {
    const value = values[name];
    if (value === undefined) continue;
    const key = keys.get(path)!;
    set(given, key.path, flag ? true : Array.isArray(value) ? value : readValue(key, value as string));
    sources.set(path, { where: () => `--${name}` });
  }
  const result = relayConfigSchema.safeParse(given);
  if (result.success) return { ...asked, config: result.data, written: writtenOf(given) };
  const lines = result.error.issues.map((issue) => complaint(issue, sources, read));
  throw new ConfigError([...new Set(lines)].join('\n'));
}

function options(args: string[]) {
  try {
    return parseArgs({
      args,
      strict: true,
      allowPositionals: false,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
        config: { type: 'string' },
        'print-config': { type: 'boolean' },
        ...Object.fromEntries(
          Object.entries(OPTIONS).map(([name, { short, many, flag }]) => [
            name,
            {
              type: flag ? ('boolean' as const) : ('string' as const),
              ...(short && { short }),
              ...(many && { multiple: true }),
            },
          ]),
        ),
      },
    }) as { values: Record<string, string | string[] | boolean | undefined> };
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\n  see npm run relay -- --help`);
  }
}

function fileOf(values: Record<string, unknown>, env: NodeJS.ProcessEnv): string | undefined {
  const named = (values.config as string | undefined) ?? env[`${PREFIX}CONFIG`];
  if (named !== undefined) return named;
  const folder = (values.folder as string | undefined) ?? env[`${PREFIX}FOLDER`] ?? relayConfigSchema.parse({}).folder;
  return [FILE, join(folder, FILE)].find((path) => existsSync(path));
}

function readFile(path: string): {
  path: string;
  content: Record<string, unknown>;
  document: Document;
  lines: LineCounter;
} {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      code === 'ENOENT' ? `there is no configuration file ${path}` : `${path} can't be read (${code})`,
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', merge: false });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new ConfigError(`${path}:${line}:${col}: ${error.message.split('\n')[0]!.replace(/ at line.*$/, '')}`);
  }
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 0 }) ?? {};
  } catch {
    throw new ConfigError(`${path}: aliases (*name) are not taken\n  write the value out`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new ConfigError(`${path}: keys and values are expected, as in port: 4380`);
  return { path, content: content as Record<string, unknown>, document, lines };
}

/** What a text of the environment or an option stands for: the first of number, text and list that the key takes. */
function readValue({ schema }: Key, text: string): unknown {
  let parsed: unknown = text;
  try {
    parsed = parse(text);
  } catch {
    // no YAML: a text
  }
  const list = text.split(',').map((part) => part.trim());
  return [parsed, text, list].find((value) => schema.safeParse(value).success) ?? parsed;
}

/** All keys with what was said of them, or their default. */
function writtenOf(given: Record<string, unknown>): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const { path, schema } of keysOf()) {
    const said = path.reduce<unknown>(
      (section, name) => (section as Record<string, unknown> | undefined)?.[name],
      given,
    );
    const value = said ?? defaultOf(schema);
    if (value !== undefined) set(written, path, value);
  }
  return written;
}

function set(given: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (rest.length === 0) given[name!] = value;
  else {
    const inner = given[name!];
    const section = typeof inner === 'object' && inner !== null ? { ...inner } : {};
    set(section as Record<string, unknown>, rest, value);
    given[name!] = section;
  }
}

/** `relay.yaml:3:7: limits.objectBytes: "lots" is no size: …`. */
function complaint(
  issue: z.core.$ZodIssue,
  sources: Map<string, Source>,
  file: ReturnType<typeof readFile> | undefined,
): string {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknown === undefined ? issue.path : [...issue.path, unknown];
  const name = path.map(String).join('.');
  const source = [...sources].find(([key]) => name === key || name.startsWith(`${key}.`))?.[1];
  const where = source?.where(path) ?? (file ? placeIn(file, path) : 'configuration');
  return `${where}: ${name}${messageOf(issue, unknown)}`;
}

function messageOf(issue: z.core.$ZodIssue, unknown: string | undefined): string {
  if (unknown !== undefined) {
    const names = new Set(
      keysOf()
        .filter(({ path }) => issue.path.every((part, k) => path[k] === part) && path.length > issue.path.length)
        .map(({ path }) => path[issue.path.length]!),
    );
    const known = names.size > 0 ? `\n  keys here are ${[...names].join(', ')}` : '';
    return ` is no key of the configuration${known}`;
  }
  const inner = issue.code === 'invalid_union' ? issue.errors.flat() : [];
  // What is said of the form that was meant, not that another one was not.
  const said = (inner.find(({ code }) => code !== 'invalid_type') ?? inner.at(-1) ?? issue).message;
  const text = said.replace(/^Invalid (input|option): /, '');
  return `: ${text}`;
}

function placeIn({ path, document, lines }: ReturnType<typeof readFile>, keys: readonly PropertyKey[]): string {
  for (let depth = keys.length; depth > 0; depth--) {
    const parent = depth > 1 ? document.getIn(keys.slice(0, depth - 1), true) : document.contents;
    const items = (parent as { items?: unknown[] } | undefined)?.items ?? [];
    const at =
      items.find((item) => isPair(item) && String(item.key) === String(keys[depth - 1])) ??
      items[Number(keys[depth - 1])];
    const node = isPair(at) ? at.key : at;
    if (!isNode(node) || !node.range) continue;
    const { line, col } = lines.linePos(node.range[0]);
    return `${path}:${line}:${col}`;
  }
  return path;
}

/** `limits.objectBytes` → `LUMISCOPE_RELAY_LIMITS_OBJECT_BYTES`. */
export function variableOf(path: readonly string[]): string {
  return PREFIX + path.map((part) => part.replace(/[A-Z]/g, '_$&').toUpperCase()).join('_');
}

/** The lines of `--help` about keys. */
export function keysHelp(): string {
  const options = new Map(Object.entries(OPTIONS).map(([name, { path }]) => [path, `--${name}`]));
  return keysOf()
    .map(({ path, description }) => {
      const key = path.join('.');
      const option = options.get(key);
      return `  ${key}${option ? ` (${option})` : ''}\n      ${description}`;
    })
    .join('\n');
}
