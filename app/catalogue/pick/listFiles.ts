import type { ListFormat } from '../../../core/catalogue/listText.ts';

/** Files that lists of events are saved as. */
export const LIST_FILES: Record<ListFormat, { name: string; ending: string; type: string }> = {
  text: { name: 'text', ending: 'txt', type: 'text/plain' },
  csv: { name: 'CSV', ending: 'csv', type: 'text/csv' },
  json: { name: 'JSON', ending: 'json', type: 'application/json' },
};
