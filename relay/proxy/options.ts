/** What the range proxy is configured with: a part of the relay's configuration file. */
import * as z from 'zod';
import { bytes } from '../units.ts';
import { type AddressRange, readRange } from './addresses.ts';
import { isLiteral, type OriginPattern, readPattern } from './originPattern.ts';

const origin = z.string().transform((text, context): OriginPattern => {
  const pattern = readPattern(text);
  if (typeof pattern !== 'string') return pattern;
  context.addIssue({ code: 'custom', message: `"${text}" ${pattern}` });
  return z.NEVER;
});

const addresses = z.string().transform((text, context): AddressRange => {
  const range = readRange(text);
  if (range) return range;
  context.addIssue({ code: 'custom', message: `"${text}" is no address: write 10.1.2.3, 10.0.0.0/8 or fd00::/8` });
  return z.NEVER;
});

const token = z.union([
  z.strictObject({ file: z.string().min(1).describe('file that holds a bearer token; read again when it changes') }),
  z.strictObject({ env: z.string().min(1).describe('environment variable that holds a bearer token') }),
]);

const rule = z
  .strictObject({
    origin: origin.describe('https://host, https://host:port, or https://*.domain for all hosts below it'),
    redirects: z
      .array(origin)
      .default([])
      .describe('where its servers may redirect to, besides listed origins; https://*.domain:* is any port'),
    addresses: z
      .array(addresses)
      .default([])
      .describe('addresses and ranges that are not public (loopback, private) which its hosts may have'),
    token: token.optional().describe('goes to this origin with each request, whoever asks the relay'),
  })
  .superRefine((one, context) => {
    if (one.origin.anyPort) context.addIssue({ code: 'custom', path: ['origin'], message: 'has to name its port' });
    if (!one.token) return;
    if (one.origin.below)
      context.addIssue({ code: 'custom', path: ['token'], message: 'is for one origin, not for all below a domain' });
    if (one.origin.protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(one.origin.host))
      context.addIssue({ code: 'custom', path: ['token'], message: 'would be sent in clear: use the https: origin' });
  })
  .transform((one) => {
    // An address that is written out is listed by that.
    const own = isLiteral(hostnameOf(one.origin)) ? readRange(one.origin.host) : undefined;
    return own ? { ...one, addresses: [...one.addresses, own] } : one;
  });

/** An origin that may be asked, and what goes for it. */
export type OriginRule = z.output<typeof rule>;

const seconds = z.number().positive().max(86_400);

export const rangeProxyOptions = z.strictObject({
  origins: z
    .array(
      z.union([
        z
          .string()
          .transform((text) => ({ origin: text }))
          .pipe(rule),
        rule,
      ]),
    )
    .default([])
    .describe('servers that may be asked, and what goes for them; nothing else is asked'),
  cache: z
    .strictObject({
      folder: z.string().min(1).optional().describe('where ranges are kept; default: FOLDER/proxy-cache'),
      bytes: z
        .union([z.literal(0), bytes])
        .prefault('2 GB')
        .describe('on disk; 0 keeps nothing'),
      freshSeconds: z.number().min(0).default(60).describe('how long a version is not asked for again'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      responseBytes: bytes.prefault('256 MB').describe('of one answer'),
      skippedBytes: bytes
        .prefault('64 MB')
        .describe('read past at most where a server answers a range with the whole file'),
      memoryBytes: bytes.prefault('256 MB').describe('of all answers that are held in memory for those who share them'),
      connectSeconds: seconds.default(10).describe('for a connection to a server'),
      idleSeconds: seconds.default(30).describe('without a byte, from the server or to the client'),
      totalSeconds: seconds.default(600).describe('for one answer'),
      perClient: z.number().int().positive().default(32).describe('requests at once'),
      perOrigin: z.number().int().positive().default(64).describe('requests at once to one origin; more wait'),
    })
    .prefault({}),
});

export type RangeProxyOptions = z.output<typeof rangeProxyOptions>;

function hostnameOf({ host }: OriginPattern): string {
  return host.includes(':') ? `[${host}]` : host;
}
