import {mkdirSync, mkdtempSync, writeFileSync} from "node:fs";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {connect} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, test} from "vitest";
import {beside} from "../../scripts/preview-server.ts";

test("the frame's files are its own, the rest and web sockets are Framework's", async () => {
  const folder = mkdtempSync(join(tmpdir(), "setmem-"));
  mkdirSync(join(folder, "cells"));
  writeFileSync(join(folder, "cells/cells.html"), "the frame");
  const other = createServer((incoming, response) => void response.writeHead(201, {"x-seen": incoming.url}).end("from the other"));
  other.on("upgrade", (_incoming, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    socket.on("data", (data) => socket.end(`echo ${String(data)}`));
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const {url, close} = await beside(folder, ["/cells/"], (other.address() as AddressInfo).port, 0);
  try {
    expect(await (await fetch(new URL("cells/cells.html", url))).text()).toBe("the frame");
    expect((await fetch(new URL("cells/none.js", url))).status).toBe(404);
    const page = await fetch(new URL("notebook?x", url));
    expect([page.status, page.headers.get("x-seen"), await page.text()]).toEqual([201, "/notebook?x", "from the other"]);
    const heard = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write("GET /_observablehq HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"));
      let text = "";
      socket.on("data", (data) => {
        text += String(data);
        if (text.endsWith("\r\n\r\n")) socket.write("hello");
      });
      socket.on("end", () => resolve(text)).on("error", reject);
    });
    expect(heard).toMatch(/^HTTP\/1\.1 101 .*echo hello$/s);
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
    expect((await fetch(url)).status).toBe(502);
  } finally {
    await close();
    other.close();
  }
});
