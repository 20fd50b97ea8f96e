/** An issuer of tokens on loopback: its discovery document, its keys, and whether it answers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export interface TestIssuer {
  issuer: string;
  /** A good token, but for what is said. */
  token(
    claims?: JWTPayload & Record<string, unknown>,
    options?: { alg?: string; kid?: string; key?: CryptoKey },
  ): Promise<string>;
  /** Another key takes the place of the one that is there. */
  rotate(): Promise<void>;
  /** Answers are these from now on. */
  down: boolean;
  asked: string[];
  close(): Promise<void>;
}

export async function startTestIssuer(audience: string): Promise<TestIssuer> {
  let count = 0;
  const newKey = async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const kid = `key-${++count}`;
    return { ...pair, kid, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256', use: 'sig' } };
  };
  let key = await newKey();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    if (state.down) return void response.writeHead(503).end();
    const bodies: Record<string, unknown> = {
      '/vo/.well-known/openid-configuration': { issuer: state.issuer, jwks_uri: `${state.issuer}/keys` },
      '/vo/keys': { keys: [key.jwk] },
    };
    const body = bodies[request.url!];
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: TestIssuer = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}/vo`,
    async token(claims = {}, { alg = 'ES256', kid = key.kid, key: signer = key.privateKey } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: state.issuer, sub: 'robot', aud: audience, iat: now, exp: now + 600, ...claims };
      return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
        .setProtectedHeader({ alg, kid })
        .sign(signer);
    },
    async rotate() {
      key = await newKey();
    },
    down: false,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return state;
}
