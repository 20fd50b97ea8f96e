import type { AccessRules, BearerToken, S3Keys } from '../../workers/io/access.ts';

/** The host of what a person typed or pasted: a host, or an address. Undefined where it is neither. */
export function hostOf(text: string): string | undefined {
  const address = text.includes('://') ? text.replace(/^\w+:/, 'https:') : `https://${text}`;
  return /[\s@]/.test(text) || !URL.canParse(address) ? undefined : new URL(address).host || undefined;
}

/** The rules with something given for a host, in place of what was given for it before. */
export function withAccess(rules: AccessRules, given: S3Keys | BearerToken): AccessRules {
  const { keys, tokens, ...rest } = withoutHost(rules, given.host);
  return 'token' in given ? { ...rest, keys, tokens: [...tokens, given] } : { ...rest, keys: [...keys, given], tokens };
}

/** The rules without those for a host. */
export function withoutHost(rules: AccessRules, host: string): AccessRules {
  const others = <T extends { host: string }>(list: readonly T[]) => list.filter((one) => one.host !== host);
  return { ...rules, keys: others(rules.keys), tokens: others(rules.tokens) };
}
