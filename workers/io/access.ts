/**
 * What opens doors: keys, tokens and the range proxy that a person gave for this visit. They live in memory only: never in
 * documents, links, storage, errors or logs.
 */

/** Keys of an S3 store, for AWS Signature Version 4. */
export interface S3Keys {
  /** Host that they are for: `bucket.s3.amazonaws.com`, `s3.example.org:9000`. */
  host: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Default: `us-east-1`. */
  region?: string;
}

/** A bearer token, as WLCG sites take it (RFC 6750). */
export interface BearerToken {
  /** Host that it is for, with its port where that is not the scheme's. */
  host: string;
  token: string;
}

export interface AccessRules {
  keys: readonly S3Keys[];
  tokens: readonly BearerToken[];
  /**
   * Address of a range proxy, to which `?url=` and the encoded address are added: it passes `Range` on and answers with CORS. Only
   * hosts among `proxied` are asked through it.
   */
  proxy?: string;
  /** The hosts that a person chose to ask through it; keys and tokens are not sent along. */
  proxied?: readonly string[];
}
