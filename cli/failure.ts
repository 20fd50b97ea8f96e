import { locate } from '../core/analysis/yaml.ts';
import { type LumiscopeError, type PlainError, toPlain } from '../core/errors.ts';

/** Exit status: 0 is success, and 1 a fault of the program itself. */
export const EXIT = { document: 2, option: 2, data: 3, interrupted: 130 } as const;

/** Ends the program with one message on stderr. */
export class Failure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'Failure';
    this.status = status;
  }
}

/** A wrong option or argument. */
export function wrongOption(message: string, help = 'lumiscope --help'): Failure {
  return new Failure(EXIT.option, `${message}\n  see ${help}`);
}

/**
 * What any error means for the person at the terminal: what is wrong with the document, at its line, or with the
 * data. Undefined for what is no error of Lumiscope's.
 *
 * @param document its path and text, where one was read
 */
export function failureOf(error: unknown, document?: { path: string; text: string }): Failure | undefined {
  if (error instanceof Failure) return error;
  if ((error as LumiscopeError)?.name !== 'LumiscopeError') return undefined;
  const plain = toPlain(error);
  if (plain.tag === 'cancelled') return new Failure(EXIT.interrupted, 'interrupted');
  const data = plain.tag === 'source' || plain.tag === 'format';
  return new Failure(data ? EXIT.data : EXIT.document, data ? dataMessage(plain) : documentMessage(plain, document));
}

function dataMessage({ message, hint: said, place: { file, column, access } }: PlainError): string {
  const hint = access === undefined ? said : `${said}. ${accessHint(access)}`;
  const where = [file, column].filter((part) => part !== undefined && !message.includes(part)).join(', ');
  return withHint(where ? `${where}: ${message}` : message, hint);
}

/** How the command line is given keys and tokens. */
function accessHint(host: string): string {
  return (
    'Keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for s3:// addresses at AWS or AWS_ENDPOINT_URL; ' +
    `a token from BEARER_TOKEN, with --token-host ${host}`
  );
}

/** `analysis.yaml:12:9: define.good: message`. */
function documentMessage({ message, hint, place }: PlainError, document?: { path: string; text: string }): string {
  if (!document) return withHint(message, hint);
  const at = place.line !== undefined || !place.keys ? place : (locate(document.text, place.keys, place.span) ?? place);
  const position = at.line === undefined ? '' : `:${at.line}:${at.col ?? 1}`;
  const path = place.path ? ` ${place.path}:` : '';
  const file = place.file === undefined || message.includes(place.file) ? '' : ` (in ${place.file})`;
  return withHint(`${document.path}${position}:${path} ${message}${file}`, hint);
}

function withHint(message: string, hint: string | undefined): string {
  return hint ? `${message}\n  ${hint}` : message;
}
