/** When a device last came. */
export interface SightingRow {
  id_tag: string;
  did: string;
  seen_at: number;
  /** From which kind of browser it got its keys, when that is known. */
  agent: string | null;
}

/** A second renewal from one key: the first that came is in the device log. */
export interface SuspensionRow {
  id_tag: string;
  /** The line that is suspended by it. */
  origin: string;
  /** The key that was used twice. */
  parent: string;
  /** The key that came second, and the entry that shows it. */
  did: string;
  entry: string;
  at: number;
  /** From which kind of browser it came, when that is known. */
  agent: string | null;
  /** When somebody said which keys are right. */
  settled_at: number | null;
}

/** A device that was away asks to come back. */
export interface ReadmissionRow {
  id_tag: string;
  did: string;
  asked_at: number;
  granted_at: number | null;
}

export interface DeviceTables {
  sightings: SightingRow;
  suspensions: SuspensionRow;
  readmissions: ReadmissionRow;
}
