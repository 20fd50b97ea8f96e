/** What a relay can be told, in one schema: the configuration file, variables of the environment and options are all read by it, and `--help` is made of it. */
import * as z from 'zod';
import { isPrivate } from '../workers/io/sendWithAccess.ts';
import { readRange } from './proxy/addresses.ts';
import { rangeProxyOptions } from './proxy/options.ts';
import { SCOPES } from './server/access.ts';
import { bytes, duration } from './units.ts';

export const ROLES = ['api', 'supervisor', 'consumer', 'proxy'] as const;
export type Role = (typeof ROLES)[number];

const httpUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'is no http:// or https:// address',
  );

/** Where keys come from: whoever could change them on the way could sign any token. */
const keyUrl = httpUrl.refine(
  (text) => !URL.canParse(text) || isPrivate(new URL(text)),
  'is not https:, and whoever is on the way could put other keys in',
);

/** `https://lumiscope.example.org`, without a path. */
const origin = httpUrl.refine(
  (text) => !URL.canParse(text) || new URL(text).origin === text,
  'is no origin: scheme, host and port, without a path or a slash at the end',
);

/** As `proxy-addr` takes them. */
const proxyAddress = z.string().check((context) => {
  if (/^(loopback|linklocal|uniquelocal)$/.test(context.value) || readRange(context.value)) return;
  const message = `"${context.value}" is no address: write 10.1.2.3, 10.0.0.0/8, fd00::/8 or loopback`;
  context.issues.push({ code: 'custom', message, input: context.value });
});

/** Timers go no further than 24 days. */
const seconds = z.int().positive().max(86_400);

/** Where tokens come from, and what their claims let a client do. */
const grant = z
  .strictObject({
    scope: z
      .string()
      .min(1)
      .optional()
      .describe('a scope of a token: storage.create:/eventindex is also held by who has storage.create:/'),
    group: z.string().startsWith('/').optional().describe('a group of wlcg.groups: /cms/eventindex'),
    grants: z.array(z.enum(SCOPES)).min(1),
  })
  .refine(
    ({ scope, group }) => (scope === undefined) !== (group === undefined),
    'names a scope or a group, one of them',
  );

const issuerRules = z.strictObject({
  issuer: keyUrl.describe('as the claim iss says it'),
  audience: z.array(z.string().min(1)).default([]).describe('what aud may be, beside publicUrl'),
  jwks: keyUrl.optional().describe('where its keys are; found by its discovery document where left out'),
  grants: z
    .array(grant)
    .default([])
    .describe('which scopes and groups let a client do what, beside lumiscope.produce, .consume, .read, .admin'),
});

const issuer = z.union([keyUrl.transform((text) => ({ issuer: text })).pipe(issuerRules), issuerRules]);

export const relayConfigSchema = z.strictObject({
  folder: z
    .string()
    .min(1)
    .default('lumiscope-relay')
    .describe('working folder: uploads, sorting, cache of the proxy, and the store where none is named'),
  store: z
    .string()
    .min(1)
    .optional()
    .describe('where objects and catalogue lie: a folder or s3://bucket/prefix; default: FOLDER/store'),
  roles: z
    .array(z.enum(ROLES))
    .min(1)
    .default([...ROLES])
    .describe('what this process does: api, supervisor, consumer, proxy'),
  host: z.string().min(1).default('127.0.0.1').describe('address to listen on'),
  port: z.int().min(0).max(65535).default(4380).describe('port to listen on; 0: any free one'),
  publicUrl: httpUrl
    .optional()
    .describe('the address that clients use, where it is another one: behind a reverse proxy, or not on loopback'),
  openToNetwork: z
    .boolean()
    .default(false)
    .describe('lets anybody who reaches a host that is not loopback do everything, without auth'),
  origins: z
    .array(origin)
    .default([])
    .describe('pages beside the own app that may call: origins, as https://lumiscope.example.org'),
  trustProxy: z.array(proxyAddress).default([]).describe('addresses of reverse proxies whose X-Forwarded-For counts'),
  consumers: z.int().min(1).max(64).default(1).describe('datasets that are published at once, a thread each'),
  memory: bytes.prefault('1 GB').describe('of one consumer while it sorts'),
  auth: z
    .strictObject({
      issuers: z.array(issuer).default([]).describe('whose tokens count; without any, none is asked for'),
      algorithms: z
        .array(z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']))
        .min(1)
        .default(['RS256', 'ES256'])
        .describe('by which tokens may be signed'),
      anonymous: z
        .array(z.enum(['read']))
        .default([])
        .describe('what needs no token: read'),
      toleranceSeconds: z.int().min(0).max(600).default(30).describe('by which clocks may differ'),
    })
    .prefault({}),
  proxy: rangeProxyOptions.prefault({}),
  lifetimes: z
    .strictObject({
      duplicates: duration
        .prefault('1 day')
        .describe('of staged objects that were not chosen, after their dataset was published'),
      staged: duration.prefault('7 days').describe('of those that were, after that'),
      messages: duration.prefault('30 days').describe('of messages, after that'),
      unclaimed: duration.prefault('14 days').describe('of staged objects that no message names'),
      catalogue: duration
        .refine((ms) => ms >= 86_400_000, 'at least 1 day: who writes may be about to name what is younger')
        .prefault('7 days')
        .describe('of objects of the catalogue that no manifest names any more'),
      stalled: duration.prefault('1 day').describe('without anything new of a dataset that is not complete: an alarm'),
      uploads: duration.prefault('24 h').describe('of an upload that nobody goes on with'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      objectBytes: bytes.prefault('512 MB').describe('of a staged object'),
      spoolBytes: bytes.prefault('20 GB').describe('of all uploads that are under way'),
      uploadMemory: bytes.prefault('512 MB').describe('of objects on their way from the spool into the store'),
      bodyBytes: bytes.prefault('48 MB').describe('of a message or a declaration'),
      requestsPerMinute: z
        .int()
        .positive()
        .default(6000)
        .describe('of a client; ten times as many of ranges of the catalogue, files of the app and the proxy'),
      connections: z.int().positive().default(2048).describe('at once'),
      idleSeconds: seconds.default(60).describe('a connection may be silent'),
      requestSeconds: seconds.default(900).describe('for all of a request to arrive'),
      stalledSeconds: seconds
        .default(10)
        .describe('after which a silent upload may be taken over by another producer of the same object'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
        .describe('which lines are logged: trace, debug, info, warn, error, silent'),
    })
    .prefault({}),
  selfTest: duration
    .refine((ms) => ms < 2 ** 31, 'at most 24 days')
    .prefault('1 h')
    .describe(
      'how often the relay ingests and picks events that it knows, to see that it works; 24 days at most, 0 s: never',
    ),
  stopSeconds: seconds.default(20).describe('for requests and consumers to end when the relay is told to stop'),
});

export type RelayConfig = z.output<typeof relayConfigSchema>;

/** A value of the configuration that is not itself a section. */
export interface Key {
  path: readonly string[];
  schema: z.ZodType;
  description: string;
}

/** All keys, in the order of the schema. */
export function keysOf(schema: z.ZodType = relayConfigSchema, path: readonly string[] = []): Key[] {
  const section = unwrap(schema);
  if (!(section instanceof z.ZodObject)) return [{ path, schema, description: schema.description ?? '' }];
  return Object.entries(section.shape).flatMap(([name, inner]) => keysOf(inner as z.ZodType, [...path, name]));
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return unwrap(schema.unwrap() as z.ZodType);
  return schema;
}

/** What stands in where nothing is said, as it would be written. */
export function defaultOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return schema.def.defaultValue;
  return undefined;
}
