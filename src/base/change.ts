/** One row of the change log: the rows that `topic` names under `key` have changed. */
export interface Change {
  topic: string
  key: bigint
}
