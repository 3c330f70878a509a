/** The part that the tests use; the package has no types of its own. */
declare module "@digitalbazaar/vc-bitstring-status-list" {
  export interface BitstringStatusList {
    readonly length: number;
    getStatus(index: number): boolean;
    setStatus(index: number, status: boolean): void;
    encode(): Promise<string>;
  }
  export function createList(options: { length: number }): Promise<BitstringStatusList>;
  export function decodeList(options: { encodedList: string }): Promise<BitstringStatusList>;
}
