/** What a model on the hub is to what is made of it: a directory, and where that comes from. */

/** Where on the hub something comes from. */
export interface HubOrigin {
  /** `org/name` */
  readonly repo: string;
  /** The commit, whatever revision was asked for. */
  readonly commit: string;
}

/** Files of a repository that were fetched. */
export interface FetchedModel {
  readonly directory: string;
  readonly origin: HubOrigin;
}
