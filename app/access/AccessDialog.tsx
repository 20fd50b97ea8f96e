import { Button } from '@mantine/core';
import { type FormEvent, type InputHTMLAttributes, useRef, useState } from 'react';
import type { AccessRules, BearerToken, S3Keys } from '../../workers/io/access.ts';
import { tokenExpiry } from '../../workers/io/tokenExpiry.ts';
import { Dialog } from '../components/Dialog.tsx';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './AccessDialog.module.css';
import { hostOf, withAccess, withoutHost } from './rules.ts';

type Kind = 'keys' | 'token';

/** What browsers and password managers are to leave alone: these are no accounts of this page. */
const NOT_AN_ACCOUNT = { autoComplete: 'one-time-code', 'data-1p-ignore': true, 'data-lpignore': 'true' };

/** Keys and tokens for hosts: what was given for this visit, and more of it. Goes away with Esc, and keeps nothing of its own. */
export default function AccessDialog() {
  const { askAccess, setAccess } = useActions();
  const asked = useExplorer((s) => s.accessFor) ?? '';
  const rules = useExplorer((s) => s.access);
  const dialog = useRef<HTMLDialogElement>(null);
  const [kind, setKind] = useState<Kind>('keys');
  const [refused, setRefused] = useState<string>();

  const give = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? '').trim();
    const host = hostOf(text('host'));
    if (host === undefined)
      return setRefused('The host is a name such as s3.example.org, with its port where it has one');
    const given: S3Keys | BearerToken =
      kind === 'token'
        ? { host, token: text('token').replace(/^Bearer\s+/i, '') }
        : {
            host,
            accessKeyId: text('id'),
            secretAccessKey: text('secret'),
            ...(text('session') && { sessionToken: text('session') }),
            ...(text('region') && { region: text('region') }),
          };
    form.reset();
    dialog.current?.close();
    setAccess(withAccess(rules, given));
  };

  return (
    <Dialog
      dialog={dialog}
      className={styles.dialog}
      aria-labelledby="access-title"
      onClose={() => askAccess(undefined)}
      isForm
    >
      <form className={styles.content} onSubmit={give} autoComplete="off">
        <h2 id="access-title">Access to data</h2>
        <p className={styles.hint}>
          Keys and tokens stay in the memory of this tab until it is closed or loaded again: in no link, no document, no
          storage of the browser. Each is for its host alone.
        </p>
        <Granted rules={rules} onRemove={(host) => setAccess(withoutHost(rules, host))} />
        <fieldset className={styles.kinds}>
          <legend>Give</legend>
          <label>
            <input type="radio" name="kind" checked={kind === 'keys'} onChange={() => setKind('keys')} /> S3 keys
          </label>
          <label>
            <input type="radio" name="kind" checked={kind === 'token'} onChange={() => setKind('token')} /> A token
          </label>
        </fieldset>
        <div className={styles.fields}>
          <Field
            name="host"
            label="Host"
            required
            defaultValue={asked}
            placeholder={kind === 'keys' ? 's3.example.org' : 'door.example.org:2880'}
            onChange={() => setRefused(undefined)}
            error={refused}
          />
          {kind === 'keys' ? (
            <>
              <Field name="id" label="Access key" required {...NOT_AN_ACCOUNT} />
              <Field name="secret" label="Secret key" type="password" required {...NOT_AN_ACCOUNT} />
              <Field
                name="session"
                label="Session token"
                type="password"
                placeholder="if there is one"
                {...NOT_AN_ACCOUNT}
              />
              <Field name="region" label="Region" placeholder="as the server says" />
            </>
          ) : (
            <Field name="token" label="Token" type="password" required {...NOT_AN_ACCOUNT} />
          )}
        </div>
        <p className={styles.hint}>
          {kind === 'keys'
            ? 'The secret key itself is never sent: it signs requests to this host, and to hosts below it (bucket.s3.example.org).'
            : 'Whoever runs this host can use the token: give it to storage that you trust, and only one that may read. Over https: only.'}
        </p>
        <div className={styles.buttons}>
          <Button variant="default" onClick={() => dialog.current?.close()}>
            Close
          </Button>
          <Button type="submit">Use and try again</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Hosts that something was given for. */
function Granted({ rules, onRemove }: { rules: AccessRules; onRemove: (host: string) => void }) {
  const entries = [
    ...rules.keys.map(({ host, accessKeyId, region, sessionToken }) => ({
      host,
      what: [`S3 keys ${accessKeyId}`, sessionToken && 'with a session token', region].filter(Boolean).join(', '),
    })),
    ...rules.tokens.map(({ host, token }) => ({ host, what: tokenWords(token) })),
  ];
  if (entries.length === 0) return null;
  return (
    <ul className={styles.granted} aria-label="Hosts with access in this visit">
      {entries.map(({ host, what }) => (
        <li key={host}>
          <span className="mono">{host}</span>
          <span className={styles.what}>{what}</span>
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`Remove the access to ${host}`}
            onClick={() => onRemove(host)}
          >
            Remove
          </Button>
        </li>
      ))}
    </ul>
  );
}

function tokenWords(token: string): string {
  const end = tokenExpiry(token);
  if (end === undefined) return 'a token';
  const time = new Date(end).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return end < Date.now() ? `a token that expired ${time}` : `a token until ${time}`;
}

function Field({
  label,
  error,
  ...input
}: { label: string; error?: string | undefined } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label className={styles.field}>
      <span>{label}</span>
      <input
        type="text"
        autoComplete="off"
        spellCheck={false}
        autoCapitalize="off"
        aria-invalid={error !== undefined}
        {...input}
      />
      {error && (
        <span role="alert" className={styles.error}>
          {error}
        </span>
      )}
    </label>
  );
}
