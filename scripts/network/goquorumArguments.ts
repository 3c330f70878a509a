/** GoQuorum starts without a manager of private transactions only where this says that there is none. */
export const GOQUORUM_ENVIRONMENT = { PRIVATE_CONFIG: "ignore" };

/**
 * What every GoQuorum node is started with, on this machine and by the runbook. Its default storage forgets what a killed node has
 * not written down, and then seals heights a second time: it keeps an archive. Blocks move towards `gastarget`, and stop at `gaslimit`.
 */
export function goquorumArguments(chainId: number, gasLimit: bigint): string[] {
  return [
    ...["--networkid", `${chainId}`, "--nodiscover", "--syncmode", "full", "--gcmode", "archive"],
    ...["--mine", "--miner.threads", "1", "--miner.gasprice", "0"],
    ...["--miner.gastarget", `${gasLimit}`, "--miner.gaslimit", `${gasLimit}`],
    ...["--http", "--http.addr", "127.0.0.1", "--http.api", "eth,net,web3,istanbul"],
  ];
}
