/**
 * Takes secrets out of any text that leaves the process: logs, answers, the configuration as it is printed. Whoever writes a log line need not think of it; this is the last gate.
 */

const HIDDEN = '[hidden]';

// None looks at a long text more than once: that would be slow enough to stop the process.
const PATTERNS: readonly [RegExp, string][] = [
  // `Authorization: Bearer …`, also as JSON and with escaped quotes
  [
    /((?:proxy-)?authorization|cookie|set-cookie|x-api-key)(\\?["']?\s*[:=]\s*\[?\\?["']?)[^"'\\\r\n]+/gi,
    `$1$2${HIDDEN}`,
  ],
  [/\b(bearer|basic|token)(\s+)[A-Za-z0-9._~+/=-]{8,}/gi, `$1$2${HIDDEN}`],
  // a JSON web token, signed or not: its header is JSON, `{"` is `eyJ`
  [/\beyJ[A-Za-z0-9_-]{4,1000}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){0,3}/g, HIDDEN],
  // keys of AWS: `AKIA…`, and signatures and credentials in addresses and headers
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, HIDDEN],
  [
    /\b((?:aws_)?(?:secret|session|access)[a-z_]{0,20}(?:key|token)[a-z_]{0,20})(\\?["']?\s*[:=]\s*\\?["']?)[^"'\s,;&\\]+/gi,
    `$1$2${HIDDEN}`,
  ],
  [
    /([?&;](?:amp;)?(?:x-amz-[a-z-]+|x-goog-[a-z-]+|authz|signature|sig|access_token|id_token|refresh_token|token|jwt|key|password|secret|code|awsaccesskeyid|policy|key-pair-id)=)[^&\s"'\\#]+/gi,
    `$1${HIDDEN}`,
  ],
  [
    /(%3F|%26)((?:x-amz-[a-z-]+|authz|signature|sig|access_token|token|jwt|key|password|secret))(%3D|=)(?:(?!%26)[^&\s"'\\#])+/gi,
    `$1$2$3${HIDDEN}`,
  ],
  // `https://user:password@host`
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'\\?#]+@/gi, `$1${HIDDEN}@`],
];

/** Values that are secret by where they came from: keys of the environment. */
const known = new Set<string>();

/** Has `scrub` hide a value wherever it appears. Short ones are left: they would hide half a text. */
export function keepSecret(value: string | undefined): void {
  if (value !== undefined && value.length >= 8) known.add(value);
}

export function scrub(text: string): string {
  let clean = text;
  for (const secret of known) clean = clean.replaceAll(secret, HIDDEN);
  for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
  return clean;
}
