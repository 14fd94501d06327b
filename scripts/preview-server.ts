import {createServer, request, type IncomingMessage, type RequestOptions} from "node:http";
import type {AddressInfo} from "node:net";
import sirv from "sirv";
import type {Served} from "./server.ts";

const HOST = "127.0.0.1";

/** Serves some paths from a folder, and hands everything else, web sockets too, to a server on another port. */
export async function beside(folder: string, paths: readonly string[], to: number, port: number): Promise<Served> {
  const files = sirv(folder, {dev: true});
  const asked = ({url, method, headers}: IncomingMessage): RequestOptions => ({host: HOST, port: to, path: url, method, headers: {...headers, host: `${HOST}:${to}`}});
  const server = createServer((incoming, response) => {
    if (paths.some((path) => incoming.url?.startsWith(path))) {
      files(incoming, response, () => void response.writeHead(404).end());
      return;
    }
    const passed = request(asked(incoming), (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.writeHead(502).end("the preview has not begun yet: load the page again"));
    incoming.pipe(passed);
  });
  server.on("upgrade", (incoming, socket, head) => {
    const passed = request(asked(incoming));
    passed.on("upgrade", (answer, other, rest) => {
      const lines = answer.rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${answer.rawHeaders[i + 1] ?? ""}`] : []));
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
      other.write(head);
      socket.write(rest);
      other.pipe(socket).pipe(other);
      other.on("error", () => socket.destroy());
      socket.on("error", () => other.destroy());
    });
    passed.on("error", () => socket.destroy());
    passed.end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    })
  };
}
