/** The type of a value of the server as it arrives under `/v1_0`: ids are strings. */
export type AsJson<T> = T extends bigint
  ? string
  : T extends (infer Item)[]
    ? AsJson<Item>[]
    : T extends object
      ? { [Key in keyof T]: AsJson<T[Key]> }
      : T
