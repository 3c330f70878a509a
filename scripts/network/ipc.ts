import { connect } from "node:net";

/** What a node answers to a question that it refuses. */
class IpcRefusal extends Error {}

const MOST_MILLISECONDS = 20_000;

/**
 * Asks a node over its socket, which only this machine's user can open: what changes a node is not served over HTTP.
 *
 * @param path The socket's path.
 * @throws IpcRefusal with the node's words; Error when there is no node, or it is silent for 20 s.
 */
export function askIpc(path: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let text = "";
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(MOST_MILLISECONDS, () => {
      fail(new Error(`${method} was not answered on ${path} in ${MOST_MILLISECONDS / 1_000} s`));
    });
    socket.on("error", fail);
    socket.on("close", () => {
      fail(new Error(`${path} hung up before it answered ${method}`));
    });
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      const answer = parse(text);
      if (answer === undefined) return;
      socket.destroy();
      if (answer.error === undefined) resolve(answer.result);
      else reject(new IpcRefusal(`${method}: ${answer.error.message}`));
    });
    socket.write(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
  });
}

/** The answer, once it is whole. */
function parse(text: string): { result?: unknown; error?: { message: string } } | undefined {
  try {
    return JSON.parse(text) as { result?: unknown; error?: { message: string } };
  } catch {
    return undefined;
  }
}
