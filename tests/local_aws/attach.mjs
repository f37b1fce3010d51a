// A debugger: attaches to the address in the last argument, says so, and when the code is paused
// waits for a line on stdin before it goes on. Prints one line of JSON for each step.
import { createInterface } from "node:readline";

const socket = new WebSocket(process.argv.at(-1));
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (content) => console.log(JSON.stringify(content));
const send = (id, method) => socket.send(JSON.stringify({ id, method }));

socket.addEventListener("open", () => send(1, "Debugger.enable"));
socket.addEventListener("error", () => process.exit(1));
socket.addEventListener("message", async ({ data }) => {
  const { id, method, params } = JSON.parse(data);
  if (id === 1) say({ step: "attached" });
  if (method !== "Debugger.paused") return;
  say({ step: "paused", function: params.callFrames[0].functionName });
  await input.next();
  send(2, "Debugger.resume");
});
