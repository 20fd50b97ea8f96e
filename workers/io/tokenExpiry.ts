/** When a token ends, where it is a JSON Web Token that says so (RFC 7519, `exp`). Milliseconds since 1970. */
export function tokenExpiry(token: string): number | undefined {
  try {
    const claims = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const { exp } = JSON.parse(atob(claims)) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
