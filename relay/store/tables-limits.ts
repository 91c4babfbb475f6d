/** What somebody has left of a limit, where that is less than half. */
export interface AllowanceRow {
  /** Name of the limit, and whose it is. */
  rule: string;
  who: string;
  /** As of `at`, milliseconds; what has come back since is not in it. */
  left: number;
  at: number;
}
