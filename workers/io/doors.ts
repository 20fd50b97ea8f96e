/**
 * Sites whose XRootD servers have an HTTP door, where it is not known from the address alone. Each was seen in use, as noted; a site asks for
 * a token, or allows pages (CORS), as it likes.
 */
export const DOORS: Readonly<Record<string, string>> = {
  // CERN Open Data: the portal's files, without a token (docs of cernopendata-client; root://eospublic.cern.ch//eos/opendata/…).
  'eospublic.cern.ch': 'https://eospublic.cern.ch',
  // CMS at CERN: davs://eoscms.cern.ch:443/eos/cms in CMS's data placement (Rucio, PhEDEx).
  'eoscms.cern.ch': 'https://eoscms.cern.ch',
  // Fermilab's public dCache: davs://fndcadoor.fnal.gov:2880/pnfs/fnal.gov/usr/… in Rucio.
  'fndcadoor.fnal.gov': 'https://fndcadoor.fnal.gov:2880',
  'fndca1.fnal.gov': 'https://fndcadoor.fnal.gov:2880',
};
