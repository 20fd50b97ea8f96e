import type { CatalogueObject, Manifest } from '../../../core/catalogue/manifest.ts';
import { parseManifest } from '../../../core/catalogue/manifestSchema.ts';
import { sourceError } from '../../io/errors.ts';
import { send } from '../../io/send.ts';
import { type CatalogueStore, conflict, manifestText, nameObject } from './catalogueStore.ts';

/** Tries of a request that the store could not answer. */
const TRIES = 4;
const FIRST_WAIT_MS = 200;
/** Another conditional write of the same object is under way. */
const AT_WORK = 409;
const OTHER_STORE = 'use another store, or a local folder that is copied there';

/**
 * A catalogue in a bucket: objects are created if they aren't there (`If-None-Match: *`), the manifest is replaced if its `ETag` is still that of the version
 * that was read (`If-Match`). Keys are those of this thread (`setAccess`).
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */
export class S3Store implements CatalogueStore {
  readonly #folder: string;

  /** @param folder `https://host/bucket/prefix/`, as for reading */
  constructor(folder: string) {
    this.#folder = folder.replace(/\/*$/, '/');
  }

  async put(name: string, bytes: Uint8Array, folder?: string): Promise<CatalogueObject> {
    const object = await nameObject(name, bytes, folder);
    const url = this.#url(object.path);
    const init: RequestInit = {
      method: 'PUT',
      body: bytes as Uint8Array<ArrayBuffer>,
      headers: { 'If-None-Match': '*' },
    };
    const response = await request(url, init, AT_WORK);
    // Its name holds its checksum: what is there is the same.
    if (!response.ok && response.status !== 412) throw refused(url, response);
    return object;
  }

  async readObject({ path }: CatalogueObject): Promise<Uint8Array> {
    const url = this.#url(path);
    const response = await request(url, { method: 'GET' });
    if (!response.ok) throw refused(url, response);
    return new Uint8Array(await response.arrayBuffer());
  }

  async readManifest(): Promise<{ manifest: Manifest; condition: string } | undefined> {
    const url = this.#url('manifest.json');
    const response = await request(url, { method: 'GET', cache: 'no-store' });
    if (response.status === 404) return undefined;
    if (!response.ok) throw refused(url, response);
    const condition = response.headers.get('ETag');
    if (!condition)
      throw sourceError(
        url,
        'the store tells no ETag',
        'use one that does: without it writers would overwrite each other',
      );
    return { manifest: parseManifest(await response.text(), url), condition };
  }

  async replaceManifest(manifest: Manifest, condition?: string): Promise<void> {
    await this.#checkConditions();
    const url = this.#url('manifest.json');
    const body = manifestText(manifest);
    const response = await request(url, {
      method: 'PUT',
      body,
      headers: {
        'Content-Type': 'application/json',
        ...(condition ? { 'If-Match': condition } : { 'If-None-Match': '*' }),
      },
    });
    if (response.ok) return;
    // 404: the one that was read has been deleted.
    if (response.status === 412 || response.status === AT_WORK || (response.status === 404 && condition)) {
      const found = await this.readManifest().catch(() => undefined);
      // The answer to a try before this one was lost.
      if (found && manifestText(found.manifest) === manifestText(parseManifest(body, url))) return;
      throw conflict(url, found?.manifest);
    }
    throw refused(url, response);
  }

  /** @throws LumiscopeError `source` for a store that takes what has an impossible condition: writers would overwrite each other without a word */
  async #checkConditions(): Promise<void> {
    const url = this.#url(`conditions-${crypto.randomUUID()}`);
    const { ok } = await request(url, { method: 'PUT', body: '', headers: { 'If-Match': '"none"' } });
    if (!ok) return;
    await request(url, { method: 'DELETE' });
    throw sourceError(this.#folder, 'the store does not heed the conditions of writes', OTHER_STORE);
  }

  #url(path: string): string {
    return new URL(path, this.#folder).href;
  }
}

/** @param again a status after which it is tried again, beside those of trouble */
async function request(url: string, init: RequestInit, again?: number): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await send(url, init);
      if (![429, 500, 502, 503, 504, again].includes(response.status) || attempt === TRIES) return response;
    } catch (cause) {
      if ((cause as { tag?: string }).tag) throw cause;
      if (attempt === TRIES)
        throw sourceError(url, "can't be reached", 'check the address, and that its server runs', { cause });
    }
    await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** (attempt - 1)));
  }
}

function refused(url: string, { status, statusText }: Response) {
  const said = `the store answered ${status}${statusText ? ` ${statusText}` : ''}`;
  if (status === 401 || status === 403)
    return sourceError(url, said, 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to keys that may write there', {
      access: new URL(url).host,
    });
  if (status === 501 || status === 405) return sourceError(url, said, `it takes no conditional writes: ${OTHER_STORE}`);
  return sourceError(url, said, 'check the address, and that its bucket is there');
}
