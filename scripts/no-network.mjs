/**
 * For `.ci/run` on machines that forbid network namespaces: preloaded into every
 * Node process, it refuses each connection that is not to a local socket or pipe.
 */
import net from "node:net";

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [first] = args;
  const options = Array.isArray(first) ? first[0] : first;
  const isLocal = typeof options === "string" || (typeof options === "object" && options !== null && options.path !== undefined);
  if (!isLocal) throw new Error("the network is cut off");
  return connect.apply(this, args);
};
