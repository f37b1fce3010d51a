/** The form of a migration. */

export interface Migration {
  /** Number and subject, for example `0001-products`. */
  readonly name: string;
  readonly sql: string;
}
