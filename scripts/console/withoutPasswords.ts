const BEFORE_HOST = /https?:\/\/[^\s'"]*@|(\w+:\/\/)?[^\s'"/:@]*:(?!\/\/)[^\s'"]*@/gi;
const AS_PARAMETER = /(password=)[^\s&'"]*/gi;

/**
 * A message without the passwords of the addresses in it, as where an argument that is not understood is repeated.
 *
 * @example
 * ```ts
 * withoutPasswords("Unexpected argument 'https://clerk:secret@node.example'"); // "Unexpected argument '…@node.example'"
 * ```
 */
export function withoutPasswords(text: string): string {
  return text.replace(BEFORE_HOST, "…@").replace(AS_PARAMETER, "$1…");
}
