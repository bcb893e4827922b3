/** Whoever wants to know how far a deployment has got. */
export interface DeployListener {
  /** A step is done; what it found or made, in one line. */
  done(what: string): void;
  /** So much of the model has been sent. */
  sent(bytes: number, ofBytes: number): void;
}
