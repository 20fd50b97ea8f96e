/** Questions that work on any catalogue; the second ones with event records. */
export const TABLE_QUESTIONS = [
  {
    name: 'Datasets and events by data type',
    text: `SELECT data_type, count(*) AS datasets, sum(events_rucio) AS events, round(sum(bytes) / 1e12, 3) AS terabytes
FROM datasets
GROUP BY data_type
ORDER BY events DESC`,
  },
  {
    name: 'Largest containers',
    text: `SELECT name, events_rucio AS events, files_rucio AS files, bytes / events_rucio AS bytes_per_event
FROM containers
WHERE events_rucio > 0
ORDER BY bytes DESC
LIMIT 50`,
  },
  {
    name: 'Containers that are not what was declared',
    text: `SELECT name, events_rucio AS declared, events AS counted, events_uniq, events_dup, files_rucio - files AS files_missing
FROM containers
WHERE events IS NULL OR events <> events_rucio OR events_dup > 0
ORDER BY name`,
  },
  {
    name: 'Files of each dataset',
    text: `SELECT project, run_number, stream_name, data_type, count(*) AS files,
  min(f.events_rucio) AS fewest_events, max(f.events_rucio) AS most_events,
  min(guid(guid_hi, guid_lo)) AS first_guid
FROM dsguids AS f
JOIN (SELECT DISTINCT dspid, dstypeid, project, run_number, stream_name, data_type FROM datasets) AS d USING (dspid, dstypeid)
GROUP BY ALL
ORDER BY files DESC`,
  },
  {
    name: 'Chains that L1 items seed',
    text: `SELECT seed, count(*) AS chains, min(chain) AS first_chain
FROM menus
WHERE level = 2
GROUP BY seed
ORDER BY chains DESC
LIMIT 40`,
  },
];

export const EVENT_QUESTIONS = [
  {
    name: 'Records by luminosity block',
    text: `SELECT lb, count(*) AS records, count(DISTINCT eventno) AS events
FROM events
GROUP BY lb
ORDER BY lb`,
  },
  {
    name: 'Events with several records',
    text: `SELECT run_number, data_type, eventno, count(*) AS records, list(guid(guid_hi, guid_lo)) AS files
FROM events
GROUP BY ALL
HAVING count(*) > 1
ORDER BY records DESC, eventno`,
  },
  {
    name: 'Chains that fired most often',
    text: `SELECT chain, count(*) AS events
FROM (SELECT dspid, unnest(ph) AS bit FROM events) AS fired
JOIN (SELECT DISTINCT dspid, smk FROM datasets) AS runs USING (dspid)
JOIN menus USING (smk, bit)
WHERE level = 2
GROUP BY chain
ORDER BY events DESC
LIMIT 40`,
  },
];
