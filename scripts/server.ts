import compression from "@polka/compression";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import sirv from "sirv";

export interface Served {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** A plain static server, as a host would run it, with the site under any path. */
export async function serve(dist: string, {base = "/", port = 0}: {base?: string; port?: number} = {}): Promise<Served> {
  const compress = compression();
  const files = sirv(dist, {dev: true, dotfiles: false});
  const server: Server = createServer((request, response) => {
    const missing = (): void => {
      const page = join(dist, "404.html");
      response.writeHead(404, {"content-type": "text/html; charset=utf-8"});
      response.end(existsSync(page) ? readFileSync(page) : "not found");
    };
    if (!(request.url ?? "").startsWith(base)) {
      missing();
      return;
    }
    request.url = `/${(request.url ?? "").slice(base.length)}`;
    compress(request, response, () => files(request, response, missing));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const {port: chosen} = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${chosen}${base}`,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    })
  };
}
