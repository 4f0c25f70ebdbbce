// Runs a file of Python in Pyodide's core, in which a wheel is unpacked: node pyodide.mjs PACKAGE WHEEL FILE CALL
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, wheel, file, call] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const pyodide = await loadPyodide({ indexURL: folder });
const extractDir = pyodide.runPython("import site; site.getsitepackages()[0]"); // found from any working directory
pyodide.unpackArchive(new Uint8Array(readFileSync(wheel)), "whl", { extractDir });
pyodide.FS.writeFile(basename(file), readFileSync(file, "utf8"));
pyodide.runPython(call);
