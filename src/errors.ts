/**
 * Base of every error that this library throws. `code` names the problem for programs; the message is for people.
 *
 * @example
 * ```ts
 * try {
 *   tree.inclusionProof(7);
 * } catch (error) {
 *   if (error instanceof DiwanError) console.error(error.code);
 * }
 * ```
 */
export class DiwanError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}
