/** What can go wrong with a package of other people. */
export type PeerErrorCode = "PEER_NOT_FETCHED" | "PEER_CHANGED" | "PEER_INCOMPLETE" | "PEER_NOT_COMPILED";

/** A peer could not be had as it was published. */
export class PeerError extends Error {
  constructor(
    readonly code: PeerErrorCode,
    message: string,
  ) {
    super(message);
    this.name = "PeerError";
  }
}
