import {createServer, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {gzipSync} from "node:zlib";

export interface Served {
  readonly path: string;
  readonly status: number;
  readonly gzipBytes: number;
}

export interface CountingProxy {
  /** Same paths as the origin it stands before. */
  readonly url: string;
  readonly served: readonly Served[];
  readonly close: () => Promise<void>;
}

/** Headers that speak of a body as it was sent, not as it is. */
const OF_THE_TRANSFER = new Set(["content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"]);

/** Stands before a server and counts all that is fetched, whoever in the browser asks: page, worker or service worker. */
export async function countingProxy(origin: string): Promise<CountingProxy> {
  const served: Served[] = [];
  const forward = async (path: string, response: ServerResponse): Promise<void> => {
    const answer = await fetch(new URL(path, origin), {redirect: "manual"});
    const body = Buffer.from(await answer.arrayBuffer());
    served.push({path, status: answer.status, gzipBytes: gzipSync(body).length});
    response.writeHead(answer.status, Object.fromEntries([...answer.headers].filter(([name]) => !OF_THE_TRANSFER.has(name))));
    response.end(body);
  };
  const server = createServer((request, response) => {
    forward(request.url ?? "/", response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const {port} = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    served,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    })
  };
}
