/* The worker of the playground: it starts Python from the folder, and runs what the page sends. */

/* Messages to the page: { kind: "loaded", bytes }, "ready", "failed", "done", and those of viz.playground.messages. */
const tell = (message) => self.postMessage(message, []);

const fetchPlain = self.fetch.bind(self);
let counted = 0;

/* Fetches a file and counts its bytes. Its type is set here, because not every server knows that of WebAssembly. */
async function fetchCounted(source, options) {
  const response = await fetchPlain(source, options);
  if (!response.ok) throw new Error(`cannot load ${response.url}: ${response.status} ${response.statusText}`);
  const counter = new TransformStream({
    transform(chunk, controller) {
      counted += chunk.byteLength;
      tell({ kind: "loaded", bytes: counted });
      controller.enqueue(chunk);
    },
  });
  const isProgram = new URL(response.url).pathname.endsWith(".wasm");
  const headers = { "content-type": isProgram ? "application/wasm" : "application/octet-stream" };
  return new Response(response.body.pipeThrough(counter), { headers });
}

/* Imports a module through its text: not every server knows that .mjs is JavaScript. */
async function importText(file) {
  const text = await (await fetchCounted(file)).text();
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function start() {
  self.fetch = fetchCounted; // Pyodide's own files are counted, too
  const folder = new URL("pyodide/", self.location).href;
  const [{ loadPyodide }, { default: createPyodideModule }, packages, lockFileContents] = await Promise.all([
    importText(`${folder}pyodide.mjs`),
    importText(`${folder}pyodide.asm.mjs`),
    fetchCounted("packages.zip").then((response) => response.arrayBuffer()),
    fetchCounted(`${folder}pyodide-lock.json`).then((response) => response.text()),
  ]);
  const pyodide = await loadPyodide({ indexURL: folder, createPyodideModule, lockFileContents });
  self.fetch = fetchPlain;
  pyodide.unpackArchive(new Uint8Array(packages), "zip", { extractDir: "/lib/scalar-autograd" });
  return pyodide.runPython(`
import sys
sys.path.insert(0, "/lib/scalar-autograd")
from viz.command import main
from viz.playground.session import run, run_command

def perform(task, send):
    if task.kind == "command":
        return run_command(main, list(task.arguments), send)
    return run(task.code, send)

perform
`);
}

const started = start();

started.then(
  () => tell({ kind: "ready" }),
  (error) => tell({ kind: "failed", text: String(error) }),
);

self.addEventListener("message", async ({ data: task }) => {
  try {
    const perform = await started;
    const ok = perform(task, (message) => tell(JSON.parse(message)));
    tell({ kind: "done", ok });
  } catch (error) {
    tell({ kind: "failed", text: String(error) }); // Python itself has broken, such as by too deep a recursion
  }
});
