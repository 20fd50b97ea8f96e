/** What a dataset is expected to hold: the files and counts that the data management system declares. The supervisor waits until it is all there. */
import * as z from 'zod';
import { parseDatasetName, printDatasetName } from '../catalogue/datasetName.ts';

/** `01234567-89AB-CDEF-0123-456789ABCDEF`. */
export const guidText = z
  .string()
  .regex(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/, 'is no GUID in upper case with hyphens');

/**
 * The name of a dataset, or of a container where it has no `_tid…`. In one spelling alone: numbers with fewer zeros name the same place in the catalogue, where two datasets would be
 * taken for one.
 */
export const datasetText = z
  .string()
  .max(512)
  .regex(/^[\w.-]*$/, 'is no dataset name without scope and slash')
  .superRefine((text, context) => {
    const spelt = spelling(text);
    if (spelt === text) return;
    context.addIssue({ code: 'custom', message: spelt === undefined ? 'is no dataset name' : `is spelt ${spelt}` });
  });

function spelling(text: string): string | undefined {
  try {
    const name = parseDatasetName(text);
    // In tables that is no task.
    return name.tid && name.tid.task * 100 + name.tid.sub === 0 ? undefined : printDatasetName(name);
  } catch {
    return undefined;
  }
}

/** At most as many files of a dataset, and files in one message. */
export const FILES_AT_MOST = 200_000;

const declaredFile = z.strictObject({
  guid: guidText,
  events: z.int().min(0),
  /** Of the file of events. */
  bytes: z.int().min(0).optional(),
  /** For people. */
  name: z.string().max(1024).optional(),
});

export const declarationSchema = z
  .strictObject({
    dataset: datasetText,
    files: z.array(declaredFile).min(1).max(FILES_AT_MOST),
    /** Whether files may still be added: it is published with those that are declared now, and again when a new declaration is complete. */
    open: z.boolean().default(false),
    /** Where its files lie; for people. */
    sourcePath: z.string().max(2048).default(''),
  })
  .superRefine(({ files }, context) => {
    const known = new Set<string>();
    files.forEach(({ guid }, k) => {
      if (known.has(guid))
        context.addIssue({ code: 'custom', path: ['files', k, 'guid'], message: 'is declared twice' });
      known.add(guid);
    });
  });

export type Declaration = z.infer<typeof declarationSchema>;
export type DeclaredFile = Declaration['files'][number];

/** A declaration as it is kept. The same one again changes nothing. */
export const keptDeclarationSchema = z.strictObject({
  /** As of a message. */
  received: z.int(),
  declaration: declarationSchema,
});

export type KeptDeclaration = z.infer<typeof keptDeclarationSchema>;
