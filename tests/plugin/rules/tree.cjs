// PHP files as trees: the names come on the standard input, one tree or one complaint for each goes out.
// The first argument is the parser's package, the second the PHP version that the files have to be valid for.
const { readFileSync } = require("node:fs");
const { Engine } = require(process.argv[2]);

const version = Number(process.argv[3]);

function slim(key, value) {
  if (key === "loc") return value && value.start.line;
  return ["errors", "comments", "leadingComments", "trailingComments"].includes(key) ? undefined : value;
}

function read(file) {
  const engine = new Engine({ parser: { version, extractDoc: false }, ast: { withPositions: true } });
  try {
    return { tree: engine.parseCode(readFileSync(file, "utf-8"), file) };
  } catch (complaint) {
    return { complaint: complaint.message };
  }
}

const files = readFileSync(0, "utf-8").split("\n").filter(Boolean);
console.log(JSON.stringify(Object.fromEntries(files.map((file) => [file, read(file)])), slim));
