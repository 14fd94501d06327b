import {serve} from "./server.ts";

const [dist = "dist", port = process.env.PORT ?? "8080"] = process.argv.slice(2);
const {url} = await serve(dist, {port: Number(port)});
console.log(`setmem is at ${url}`);
